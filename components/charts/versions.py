"""The charts, each with the version that is installed.

Helm makes the definitions in a chart's directory `crds` with the first installation, and never changes them: a version
of the Spark Operator that changes its definitions needs them applied by hand. Karpenter's are a chart of their own,
whose templates they are, so that they change with it.

Digests are left out because no registry that holds the charts could be asked when this was written.
"""

from components.charts.chart import Chart

# renovate: datasource=helm registryUrl=https://kubeflow.github.io/spark-operator depName=spark-operator
SPARK_OPERATOR = Chart("spark-operator", "https://kubeflow.github.io/spark-operator", "2.5.0")

# The last of 1.14 whose sources need no newer Go than the project builds with. Kubernetes 1.35 needs 1.9 or newer.
# Source: Karpenter documentation, "Compatibility", compatibility matrix.
# renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter
KARPENTER = Chart("karpenter", "oci://public.ecr.aws/karpenter", "1.14.1")

# Of the same version as the controller.
# renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter-crd
KARPENTER_CRD = Chart("karpenter-crd", "oci://public.ecr.aws/karpenter", "1.14.1")
