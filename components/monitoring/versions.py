"""Images of the metrics stack; all exist for both architectures.

Digests are left out because no registry that holds them could be asked when this was written.
"""

from components.workloads.image import Image

# Names of components in files/collectors are those of this release: k8s_attributes, prometheus_remote_write.
# renovate: datasource=docker depName=docker.io/otel/opentelemetry-collector-contrib
COLLECTOR = Image("docker.io/otel/opentelemetry-collector-contrib", "0.155.0")

# renovate: datasource=docker depName=ghcr.io/open-telemetry/opentelemetry-operator/target-allocator
TARGET_ALLOCATOR = Image("ghcr.io/open-telemetry/opentelemetry-operator/target-allocator", "0.160.0")

# renovate: datasource=docker depName=quay.io/prometheus/prometheus
PROMETHEUS = Image("quay.io/prometheus/prometheus", "v3.13.5")

# renovate: datasource=docker depName=quay.io/prometheus/alertmanager
ALERTMANAGER = Image("quay.io/prometheus/alertmanager", "v0.34.2")

# renovate: datasource=docker depName=docker.io/grafana/grafana
GRAFANA = Image("docker.io/grafana/grafana", "13.2.3")
