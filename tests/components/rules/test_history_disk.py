"""The History Server's disk leaves room on the node that it runs on."""

import pytest

from components.cluster.node_group_settings import NodeGroupSettings
from components.rules.history_disk import rules_of_history_disk
from components.spark.settings import HistoryServerSettings
from tests.stack_files import ENVIRONMENTS, settings


def system(root_volume_gib: int) -> NodeGroupSettings:
    return NodeGroupSettings(
        workload="system",
        architecture="arm64",
        instance_types=("m7g.large",),
        size=2,
        root_volume_gib=root_volume_gib,
    )


@pytest.mark.parametrize(("volumes", "accepted"), [([100], True), ([100, 40], True), ([39], False), ([], True)])
def test_a_disk_that_would_fill_its_node_is_refused(volumes: list[int], accepted: bool) -> None:
    groups = {f"system-{size}": system(size) for size in volumes}
    broken = list(rules_of_history_disk(HistoryServerSettings(), groups))
    assert [each.field for each in broken] == ([] if accepted else ["spark.history_server.disk_gib"])


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_the_rule_of_the_disk_is_asked_for_every_stack(stack: str) -> None:
    with pytest.raises(ValueError, match=r"spark\.history_server\.disk_gib = 999"):
        settings(stack, lambda tree: tree.update(spark={"history_server": {"disk_gib": 999}}))
