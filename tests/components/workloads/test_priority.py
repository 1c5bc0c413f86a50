"""The priority class of platform pods."""

import pulumi

from components.workloads.priority import platform_priority_class
from tests.recorder import record


class Owner(pulumi.ComponentResource):
    """A component that owns the class, as the environment does."""

    def __init__(self) -> None:
        super().__init__("moka:index:Owner", "owner")
        platform_priority_class(opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def test_platform_pods_outrank_spark_and_give_way_to_the_cluster() -> None:
    priority = record(Owner).only("kubernetes:scheduling.k8s.io/v1:PriorityClass").inputs
    assert priority["metadata"]["name"] == "moka-platform"
    assert 0 < priority["value"] < 1_000_000_000
    assert not priority.get("globalDefault")
