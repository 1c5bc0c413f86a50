"""Images of the metrics stack; all exist for both architectures.

Digests are left out because no registry that holds them could be asked when this was written.
"""

from components.workloads.image import Image

# Names of components in files/collectors are those of this release: k8s_attributes, prometheus_remote_write.
# Its project publishes every release here too (open-telemetry/opentelemetry-collector-releases, otelcol-contrib).
# renovate: datasource=docker depName=ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib  # noqa: E501
COLLECTOR = Image("ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib", "0.155.0")

# renovate: datasource=docker depName=ghcr.io/open-telemetry/opentelemetry-operator/target-allocator
TARGET_ALLOCATOR = Image("ghcr.io/open-telemetry/opentelemetry-operator/target-allocator", "0.160.0")

# renovate: datasource=docker depName=quay.io/prometheus/prometheus
PROMETHEUS = Image("quay.io/prometheus/prometheus", "v3.13.5")

# renovate: datasource=docker depName=quay.io/prometheus/alertmanager
ALERTMANAGER = Image("quay.io/prometheus/alertmanager", "v0.34.2")

# Grafana Labs publishes on Docker Hub alone (grafana/grafana issues 27677 and 29539 are open). This is Google's cache
# of Docker Hub, in sync with it and without its limits (Artifact Registry, "Pull cached Docker Hub images"). It holds
# what is asked for often; whether that includes this very tag could not be asked when this was written.
# renovate: datasource=docker depName=mirror.gcr.io/grafana/grafana
GRAFANA = Image("mirror.gcr.io/grafana/grafana", "13.2.3")
