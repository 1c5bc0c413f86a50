"""What every node is launched with, whoever launches it: image, disks, metadata, tags, label and taint.

A managed node group's launch template and Karpenter's EC2NodeClass say the same of it in words of their own, so that a
pod finds the same node whether its number is fixed or grows. Leaves out what the node is told at boot
(`node_config.py`), its role and its network.
"""

from dataclasses import dataclass

from components.account import Account
from components.cluster.instance_type import Architecture
from components.workloads.scheduling import SYSTEM, WORKLOAD_KEY

ROOT_DEVICE = "/dev/xvda"
ROOT_VOLUME_TYPE = "gp3"
# One hop ends at the node, so pods can't ask for its role.
METADATA_HOPS = 1


@dataclass(frozen=True)
class Taint:
    """What keeps other pods away from a node.

    Args:
        key: of the taint.
        value: of the taint.
        effect: as Kubernetes spells it.
    """

    key: str
    value: str
    effect: str


def node_labels(workload: str) -> dict[str, str]:
    """Labels of a workload's nodes, by which pods ask for them."""
    return {WORKLOAD_KEY: workload}


def node_taints(workload: str) -> list[Taint]:
    """Taints of a workload's nodes: Spark nodes take only pods that ask for them, system nodes take any."""
    return [] if workload == SYSTEM else [Taint(WORKLOAD_KEY, workload, "NoSchedule")]


def instance_tags(name: str, workload: str, account: Account) -> dict[str, str]:
    """Tags of instances and volumes.

    Args:
        name: of the node group or pool.
        workload: what it runs.
        account: the environment's account.
    """
    return {"Name": f"{account.cluster_name}-{name}", WORKLOAD_KEY: workload}


def kubernetes_version_of(release: str) -> str:
    """Minor version of Kubernetes that an AMI release such as 1.35.7-20260827 is made for."""
    return ".".join(release.split(".")[:2])


def image_parameter(release: str, architecture: Architecture) -> str:
    """Name of the public parameter that holds the id of a release's AMI.

    Args:
        release: such as 1.35.7-20260827.
        architecture: of its instances.

    Source: Amazon EKS user guide, "Retrieve recommended Amazon Linux AMI IDs"; aws/karpenter-provider-aws,
    pkg/providers/amifamily/al2023.go, resolvePath, for the name of a release that is not the recommended one.
    """
    version, date = kubernetes_version_of(release), release.rpartition("-")[2]
    image = f"amazon-eks-node-al2023-{architecture}-standard-{version}-v{date}"
    return f"/aws/service/eks/optimized-ami/{version}/amazon-linux-2023/{architecture}/standard/{image}/image_id"
