"""What an environment costs in a month, as far as list prices say it: a lower and an upper end.

Leaves out what is billed by use, and spot discounts, which change by the hour: spot instances count as on-demand ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.capacity.settings import NodePoolSettings
from components.cluster.instance_type import InstanceType
from components.monitoring.price import monthly_dollars
from components.rules.metrics_budget import cardinality_of
from components.settings import Settings
from offline.diff import prices
from offline.providers.resource import Resource

MIB_PER_GIB = 1024
_CLAIM, _STATEFUL_SET = "kubernetes:core/v1:PersistentVolumeClaim", "kubernetes:apps/v1:StatefulSet"
_EBS_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
_EBS = "ebs.csi.aws.com"
_UNITS = {"Gi": 1, "Ti": 1024, "Mi": 1 / 1024}
# Each thing of these types costs this much in a month.
_STANDING = {
    "aws:eks/cluster:Cluster": prices.CLUSTER_HOUR * prices.HOURS_A_MONTH,
    "aws:ec2/natGateway:NatGateway": prices.NAT_GATEWAY_HOUR * prices.HOURS_A_MONTH,
    "aws:ec2/eip:Eip": prices.PUBLIC_ADDRESS_HOUR * prices.HOURS_A_MONTH,
    "aws:kms/key:Key": prices.KEY_MONTH,
}
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


@dataclass(frozen=True)
class MonthlyCost:
    """US dollars a month.

    Args:
        standing: of what stands there whatever runs: control plane, node groups, gateways, endpoints, volumes, keys.
        most: the same with every node pool at its limits and their metrics.
        unpriced: what has no price, and counts as nothing.
    """

    standing: float
    most: float
    unpriced: tuple[str, ...] = ()


def monthly_cost(settings: Settings, resources: Sequence[Resource]) -> MonthlyCost:
    """Estimate an environment.

    Args:
        settings: say what nodes there are, and how many there may be.
        resources: everything else that stands there.
    """
    standing = sum(_resource_dollars(resources)) + sum(_group_dollars(settings))
    elastic = sum(_pool_dollars(each) for each in settings.node_pools.values())
    metrics = 0.0
    if settings.monitoring.storage == "amazon-managed":
        nodes = [*settings.node_groups.values(), *settings.node_pools.values()]
        metrics = monthly_dollars(cardinality_of(settings.monitoring, nodes))
    named = {
        each for nodes in (settings.node_groups, settings.node_pools) for one in nodes.values() for each in one.types
    }
    unpriced = sorted(each.name for each in named if each.name not in prices.ec2_hour())
    if settings.cluster.control_plane_tier != "standard":
        unpriced.append(f"what control plane {settings.cluster.control_plane_tier} costs more than a standard one")
    return MonthlyCost(standing, standing + elastic + metrics, tuple(unpriced))


def _resource_dollars(resources: Sequence[Resource]) -> Iterator[float]:
    on_ebs = {
        str(each.plain_inputs.get("metadata", {}).get("name"))
        for each in resources
        if each.type == _EBS_CLASS and each.plain_inputs.get("provisioner") == _EBS
    }
    for each in resources:
        inputs = each.plain_inputs
        if each.type == _ENDPOINT and inputs.get("vpcEndpointType") == "Interface":
            yield len(inputs.get("subnetIds", [])) * prices.INTERFACE_ENDPOINT_HOUR * prices.HOURS_A_MONTH
        elif each.type == _CLAIM:
            yield _claim_dollars(inputs.get("spec", {}), on_ebs)
        elif each.type == _STATEFUL_SET:
            spec = inputs.get("spec", {})
            claims = (claim.get("spec", {}) for claim in spec.get("volumeClaimTemplates", []))
            yield spec.get("replicas", 1) * sum(_claim_dollars(claim, on_ebs) for claim in claims)
        else:
            yield _STANDING.get(each.type, 0.0)


def _claim_dollars(spec: Mapping[str, Any], on_ebs: set[str]) -> float:
    if spec.get("storageClassName") not in on_ebs:
        return 0.0
    size = str(spec.get("resources", {}).get("requests", {}).get("storage", "0Gi"))
    return float(size[:-2]) * _UNITS[size[-2:]] * prices.GP3_GIB_MONTH


def _group_dollars(settings: Settings) -> Iterator[float]:
    for each in settings.node_groups.values():
        # On demand the first type that EC2 has is taken.
        yield each.size * _node_dollars(each.types[0], each.root_volume_gib)


def _pool_dollars(pool: NodePoolSettings) -> float:
    """The most that a pool can cost: which of its types EC2 gives it, nobody knows before."""
    return max(_most_nodes(pool, each) * _node_dollars(each, pool.root_volume_gib) for each in pool.types)


def _most_nodes(pool: NodePoolSettings, instance_type: InstanceType) -> int:
    by_memory = pool.limits.memory_gib * MIB_PER_GIB // instance_type.memory_mib
    return min(pool.most_nodes, pool.limits.vcpus // instance_type.vcpus, by_memory)


def _node_dollars(instance_type: InstanceType, root_volume_gib: int) -> float:
    compute = prices.ec2_hour().get(instance_type.name, 0.0) * prices.HOURS_A_MONTH
    return compute + root_volume_gib * prices.GP3_GIB_MONTH
