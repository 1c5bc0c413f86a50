"""The instance types of a stack's pools as Karpenter's test cloud reads them: room, zones and prices.

A type offers what it does on a real node: EC2's amounts, less what Karpenter reckons for the hypervisor, less what the
kubelet keeps by the pool's EC2NodeClass. Karpenter's test cloud has one list for all pools, so a type of several pools
offers the least that it does in any: what fits there fits in all. Leaves out what the kubelet keeps of the disk.

Source: kubernetes-sigs/karpenter v1.14.1, kwok/cloudprovider/helpers.go, and `local_cluster/programs/karpenter.py` for
what is told to it beside that.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local_cluster.controllers.prices import SPOT_PART
from offline.checks.kubernetes.node_room import room_of, whole_node
from offline.checks.kubernetes.objects import mapping
from offline.checks.kubernetes.quantities import thousandths, units
from offline.checks.kubernetes.room import Room
from offline.providers.aws.recorded import described

INSTANCE_TYPE = "node.kubernetes.io/instance-type"
ARCHITECTURE = "kubernetes.io/arch"
ZONE = "topology.kubernetes.io/zone"
CAPACITY = "karpenter.sh/capacity-type"

_GB = 1000**3

Object = Mapping[str, Any]


def instance_types(
    pools: Iterable[Object], classes: Mapping[str, Object], prices: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Content of the file of instance types.

    Args:
        pools: a stack's NodePools.
        classes: its EC2NodeClasses by name.
        prices: instance type to its price on demand, in dollars an hour.

    Raises:
        ValueError: when EC2's answers or the prices lack a type.
    """
    found: dict[str, dict[str, Any]] = {}
    for pool in pools:
        template = pool["spec"]["template"]["spec"]
        wanted = {each["key"]: each["values"] for each in template["requirements"]}
        node_class = classes[template["nodeClassRef"]["name"]]["spec"]
        for name in wanted[INSTANCE_TYPE]:
            made = _instance_type(name, wanted[ARCHITECTURE][0], wanted[ZONE], node_class, prices)
            found[name] = _least(found[name], made) if name in found else made
    return list(found.values())


def _least(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A type of two pools: the least of what is there, less the most of what is kept, in the zones of both."""
    offerings = [*one["offerings"], *(each for each in other["offerings"] if each not in one["offerings"])]
    resources, overhead = (
        {key: choose(value, other[part][key], key=thousandths) for key, value in one[part].items()}
        for part, choose in (("resources", min), ("overhead", max))
    )
    return one | {"resources": resources, "overhead": overhead, "offerings": offerings}


def _instance_type(
    name: str, architecture: str, zones: Sequence[str], node_class: Object, prices: Mapping[str, float]
) -> dict[str, Any]:
    answer = described(name)
    if answer is None or name not in prices:
        raise ValueError(f"instance type {name} is not among those that EC2's answers and prices are known of")
    kubelet = mapping(node_class.get("kubelet"))
    whole, offered = whole_node([answer], kubelet), room_of([answer], kubelet)
    return {
        "name": name,
        "architecture": architecture,
        "operatingSystems": ["linux"],
        "resources": {
            **_amounts(whole),
            "pods": str(whole.pods),
            "ephemeral-storage": str(_storage_bytes(answer, node_class)),
        },
        "overhead": _amounts(whole - offered),
        "offerings": [
            _offering(zone, capacity, price)
            for zone in zones
            for capacity, price in (("on-demand", prices[name]), ("spot", prices[name] * SPOT_PART))
        ],
    }


def _amounts(room: Room) -> dict[str, str]:
    return {"cpu": f"{room.cpu}m", "memory": str(room.memory)}


def _storage_bytes(answer: Object, node_class: Object) -> int:
    """Size of the file system of pods: the array of local disks, or the root volume."""
    disks = answer.get("InstanceStorageInfo")
    if disks and node_class.get("instanceStorePolicy") == "RAID0":
        return int(disks["TotalSizeInGB"]) * _GB
    return units(node_class["blockDeviceMappings"][0]["ebs"]["volumeSize"])


def _offering(zone: str, capacity: str, price: float) -> dict[str, Any]:
    wanted = {CAPACITY: capacity, ZONE: zone}
    requirements = [{"key": key, "operator": "In", "values": [value]} for key, value in wanted.items()]
    return {"Price": price, "Available": True, "Requirements": requirements}
