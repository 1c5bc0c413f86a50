"""The priority classes of platform pods."""

import pulumi

from components.workloads.priority import platform_priority_classes
from tests.recorder import record


class Owner(pulumi.ComponentResource):
    """A component that owns the classes, as the environment does."""

    def __init__(self) -> None:
        super().__init__("moka:index:Owner", "owner")
        platform_priority_classes(opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def test_platform_pods_outrank_spark_give_way_to_the_cluster_and_the_movable_to_those_with_a_volume() -> None:
    made = record(Owner).of("kubernetes:scheduling.k8s.io/v1:PriorityClass")
    values = {each.inputs["metadata"]["name"]: each.inputs["value"] for each in made}
    assert 0 < values["moka-platform"] < values["moka-platform-zonal"] < 1_000_000_000
    assert not any(each.inputs.get("globalDefault") for each in made)
