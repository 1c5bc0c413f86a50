"""Instance types of simulated nodes have the room of real ones."""

from typing import Any

import pytest

from local_cluster.controllers.instance_types import instance_types
from offline.checks.kubernetes.quantities import thousandths, units

MIB = 1024**2


def pool(name: str, *types: str) -> dict[str, Any]:
    """A NodePool with a class of its name."""
    wanted = {
        "kubernetes.io/arch": ["arm64"],
        "node.kubernetes.io/instance-type": list(types),
        "topology.kubernetes.io/zone": ["us-east-1a", "us-east-1b"],
    }
    requirements = [{"key": key, "operator": "In", "values": values} for key, values in wanted.items()]
    node = {"nodeClassRef": {"name": name}, "requirements": requirements}
    return {"metadata": {"name": name}, "spec": {"template": {"spec": node}}}


def node_class(max_pods: int, **more: Any) -> dict[str, Any]:
    """An EC2NodeClass."""
    volume = {"deviceName": "/dev/xvda", "ebs": {"volumeSize": "80Gi"}}
    return {"spec": {"kubelet": {"maxPods": max_pods}, "blockDeviceMappings": [volume], **more}}


def test_a_type_offers_what_the_kubelet_leaves_of_what_the_hypervisor_leaves() -> None:
    (made,) = instance_types([pool("a", "m7g.2xlarge")], {"a": node_class(58)}, {"m7g.2xlarge": 0.3264})
    assert (made["name"], made["architecture"]) == ("m7g.2xlarge", "arm64")
    resources, overhead = made["resources"], made["overhead"]
    # 32 GiB less 7.5 %; of which the kubelet keeps 255 MiB and 11 a pod, and 100 MiB are where it begins to evict.
    assert int(resources["memory"]) == 32 * 1024 * MIB * 925 // 1000
    assert int(overhead["memory"]) == (255 + 11 * 58 + 100) * MIB
    # Of eight CPUs it keeps 60, 10, 5 and 5 thousandths, and 2.5 of each further one.
    assert (thousandths(resources["cpu"]), thousandths(overhead["cpu"])) == (8000, 90)
    assert (resources["pods"], units(resources["ephemeral-storage"])) == ("58", 80 * 1024 * MIB)


def test_local_disks_are_the_room_of_pods_where_the_class_makes_an_array_of_them() -> None:
    classes = {"a": node_class(42, instanceStorePolicy="RAID0")}
    (made,) = instance_types([pool("a", "m7gd.2xlarge")], classes, {"m7gd.2xlarge": 0.4271})
    assert units(made["resources"]["ephemeral-storage"]) == 474 * 1000**3


def test_a_type_is_offered_on_demand_and_for_less_on_spot_in_every_zone_of_its_pool() -> None:
    (made,) = instance_types([pool("a", "m7g.2xlarge")], {"a": node_class(58)}, {"m7g.2xlarge": 1.0})
    offered = {
        tuple(each["values"][0] for each in offering["Requirements"]): offering["Price"]
        for offering in made["offerings"]
    }
    assert offered == {
        ("on-demand", "us-east-1a"): 1.0,
        ("spot", "us-east-1a"): 0.7,
        ("on-demand", "us-east-1b"): 1.0,
        ("spot", "us-east-1b"): 0.7,
    }


def test_a_type_of_two_pools_offers_the_least_that_it_does_in_either() -> None:
    pools, prices = [pool("a", "m7g.2xlarge"), pool("b", "m7g.2xlarge")], {"m7g.2xlarge": 1.0}
    (made,) = instance_types(pools, {"a": node_class(58), "b": node_class(42)}, prices)
    assert made["resources"]["pods"] == "42"
    assert int(made["overhead"]["memory"]) == (255 + 11 * 58 + 100) * MIB
    (same,) = instance_types(pools[:1], {"a": node_class(58)}, prices)
    assert made["offerings"] == same["offerings"]


def test_a_type_without_a_price_is_refused() -> None:
    with pytest.raises(ValueError, match=r"m7g.2xlarge is not among those"):
        instance_types([pool("a", "m7g.2xlarge")], {"a": node_class(58)}, {})
