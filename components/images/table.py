"""The images, each with the version that runs: the one place where a version of an image stands.

Whatever runs names an image by its constant here. Where nodes pull it from follows (`location.py`): every image keeps
its name below the registry of the environment. All of them exist for both architectures.

`python -m moka_images pin` writes each one's digest beside its version. Where one is left out, no registry that holds
the image could be asked yet. Leaves out images of EKS add-ons, which AWS keeps in registries of its
own in each Region.
"""

from components.charts.versions import KARPENTER, SPARK_OPERATOR
from components.images.image import Image

# Logs

# 3.4 carries Fluent Bit 5.0, which reads EKS Pod Identity credentials; 2.x is Fluent Bit 1.9 and does not.
# renovate: datasource=docker depName=public.ecr.aws/aws-observability/aws-for-fluent-bit
FLUENT_BIT = Image("public.ecr.aws/aws-observability/aws-for-fluent-bit", "3.4.16")

# Python and boto3, kept up by AWS. The tag is one that public Dockerfiles name.
# renovate: datasource=docker depName=public.ecr.aws/lambda/python
PYTHON = Image("public.ecr.aws/lambda/python", "3.13.2026.06.05.14")

# Metrics and alerts

# Names of components in monitoring/files/collectors are those of this release: k8s_attributes, prometheus_remote_write.
# Its project publishes every release here too (open-telemetry/opentelemetry-collector-releases, otelcol-contrib).
# renovate: datasource=docker depName=ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib  # noqa: E501
COLLECTOR = Image("ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib", "0.155.0")

# renovate: datasource=docker depName=ghcr.io/open-telemetry/opentelemetry-operator/target-allocator
TARGET_ALLOCATOR = Image("ghcr.io/open-telemetry/opentelemetry-operator/target-allocator", "0.160.0")

# renovate: datasource=docker depName=quay.io/prometheus/prometheus
PROMETHEUS = Image("quay.io/prometheus/prometheus", "v3.13.5")

# renovate: datasource=docker depName=quay.io/prometheus/alertmanager
ALERTMANAGER = Image("quay.io/prometheus/alertmanager", "v0.34.2")

# Grafana Labs publishes on Docker Hub alone (grafana/grafana issues 27677 and 29539 are open).
# renovate: datasource=docker depName=grafana/grafana
GRAFANA = Image("docker.io/grafana/grafana", "13.2.3")

# Applications

# Built from images/ in this repository: the version of Spark, and how often an image of it was released. The History
# Server's is the first series that reads several directories (SPARK-55793); it reads logs of the older one.
SPARK = Image("moka/spark", "4.1.2-1")
SPARK_WITH_CELEBORN = Image("moka/spark", "4.1.2-celeborn-1")
HISTORY_SERVER = Image("moka/spark-history-server", "4.2.1-1")

# The project publishes it for both architectures: its .github/workflows/release.yaml builds linux/amd64 and linux/arm64
# and joins them under one tag, which is the chart's version.
SPARK_OPERATOR_CONTROLLER = Image("ghcr.io/kubeflow/spark-operator/controller", SPARK_OPERATOR.version)

# The project publishes on Docker Hub alone, both programs in one repository.
# renovate: datasource=docker depName=apache/yunikorn extractVersion=^scheduler-(?<version>.*)$
YUNIKORN_VERSION = "1.8.0"
YUNIKORN_SCHEDULER = Image("docker.io/apache/yunikorn", f"scheduler-{YUNIKORN_VERSION}")
YUNIKORN_ADMISSION = Image("docker.io/apache/yunikorn", f"admission-{YUNIKORN_VERSION}")

# Holds the places of a gang: it does nothing, and needs no root.
# renovate: datasource=docker depName=public.ecr.aws/eks-distro/kubernetes/pause
PAUSE = Image("public.ecr.aws/eks-distro/kubernetes/pause", "3.10")

# The first release whose client is built and tested with Spark 4.1 (CELEBORN-2239). On Docker Hub alone.
# renovate: datasource=docker depName=apache/celeborn
CELEBORN = Image("docker.io/apache/celeborn", "0.7.0")

# renovate: datasource=docker depName=quay.io/oauth2-proxy/oauth2-proxy
OAUTH2_PROXY = Image("quay.io/oauth2-proxy/oauth2-proxy", "v7.15.6")

# The web server itself, by its own project, as a user without rights; not the Ingress controller of that name, which
# is retired.
# renovate: datasource=docker depName=public.ecr.aws/nginx/nginx-unprivileged
NGINX = Image("public.ecr.aws/nginx/nginx-unprivileged", "1.31.0")

# Nodes

KARPENTER_CONTROLLER = Image("public.ecr.aws/karpenter/controller", KARPENTER.version)

IMAGES = (
    FLUENT_BIT,
    PYTHON,
    COLLECTOR,
    TARGET_ALLOCATOR,
    PROMETHEUS,
    ALERTMANAGER,
    GRAFANA,
    SPARK,
    SPARK_WITH_CELEBORN,
    HISTORY_SERVER,
    SPARK_OPERATOR_CONTROLLER,
    YUNIKORN_SCHEDULER,
    YUNIKORN_ADMISSION,
    PAUSE,
    CELEBORN,
    OAUTH2_PROXY,
    NGINX,
    KARPENTER_CONTROLLER,
)
