"""What Karpenter is called, by itself and by what AWS lets it do."""

from components.images.table import KARPENTER_CONTROLLER
from components.workloads.workload import Workload

NAMESPACE = "karpenter"
SERVICE_ACCOUNT = "karpenter"
METRICS_PORT = 8080
# The controller's pods as policies select them; the chart names the image itself.
CONTROLLER = Workload("karpenter", "capacity", NAMESPACE, KARPENTER_CONTROLLER)

# Tags that Karpenter puts on everything that it makes in EC2.
# Source: aws/karpenter-provider-aws v1.14.1, pkg/utils/utils.go, GetTags.
NODE_POOL_TAG = "karpenter.sh/nodepool"
NODE_CLAIM_TAG = "karpenter.sh/nodeclaim"
CLUSTER_NAME_TAG = "eks:eks-cluster-name"


def cluster_tag(cluster_name: str) -> str:
    """Tag that says whose an instance is."""
    return f"kubernetes.io/cluster/{cluster_name}"
