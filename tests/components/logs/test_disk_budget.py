"""What logs take of a node's disk, and the rule that it has room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cluster.node_config import node_config
from components.cluster.node_group_settings import NodeGroupSettings
from components.logs.disk_budget import (
    CONTAINER_LOG_FILES,
    CONTAINER_LOG_MIB,
    KEPT_FREE,
    disk_budget,
)
from components.logs.settings import LogsSettings
from components.rules.log_disk import rules_of_log_disk
from components.settings_error import SettingsError
from tests.stack_files import ENVIRONMENTS, Tree, settings

ROLL_MIB = 16


def group(**changes: object) -> NodeGroupSettings:
    values = {
        "workload": "system",
        "architecture": "arm64",
        "instance_types": ("m7g.large",),
        "size": 1,
        **changes,
    }
    return NodeGroupSettings.model_validate(values)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_group_and_pool_of_every_stack_has_room_for_the_longest_outage(stack: str) -> None:
    tree = settings(stack)
    for each in tree.nodes.values():
        budget = disk_budget(tree.logs, each, tree.spark.event_log_roll_mib)
        assert budget.fits
        assert budget.unsent == pytest.approx(512 * 12 * 3600 / 2**20), "12 hours of 512 KiB/s are 21 GiB"


def test_a_stack_whose_nodes_lack_room_is_refused_with_what_to_write() -> None:
    def shrink(tree: Tree) -> None:
        tree["node_groups"]["system"]["root_volume_gib"] = 60

    with pytest.raises(SettingsError) as caught:
        settings("production", shrink)
    message = str(caught.value)
    assert "node_groups.system.root_volume_gib" in message
    assert "60" in message
    assert "512 KiB/s of lines over 12 hours" in message
    assert "write 102 or more" in message


def test_the_rule_names_field_value_rule_reason_and_a_fix_that_works() -> None:
    small = group(root_volume_gib=40)
    (violation,) = rules_of_log_disk(LogsSettings(), {"node_groups.system": small}, ROLL_MIB)
    assert violation.field == "node_groups.system.root_volume_gib"
    assert violation.value == 40
    assert "GiB" in violation.rule
    assert "12 hours" in violation.reason
    size = int(violation.fix.split()[1])
    assert not list(rules_of_log_disk(LogsSettings(), {"system": group(root_volume_gib=size)}, ROLL_MIB))


def test_nodes_with_nvme_volumes_keep_container_logs_and_images_off_the_root_volume() -> None:
    without = disk_budget(LogsSettings(), group(), ROLL_MIB)
    with_nvme = disk_budget(LogsSettings(), group(instance_types=("m7gd.large",)), ROLL_MIB)
    assert without.container_logs == pytest.approx(110 * 250 / 1024)
    assert with_nvme.container_logs == 0
    assert without.others - with_nvme.others == 20
    assert with_nvme.unsent == without.unsent, "the agent's state stays on the root volume"


def test_only_nodes_that_take_drivers_keep_blocks_of_event_logs() -> None:
    for workload, expected in (("system", 0), ("spark-executor", 0), ("spark-driver", 110), ("spark", 110)):
        budget = disk_budget(LogsSettings(), group(workload=workload, max_pods=110), ROLL_MIB)
        assert budget.event_logs == pytest.approx(expected * 2 * ROLL_MIB / 1024)


def test_the_budget_reckons_with_what_the_kubelet_is_told() -> None:
    kubelet = node_config(110, has_nvme=False)["spec"]["kubelet"]["config"]
    assert kubelet["containerLogMaxSize"] == f"{CONTAINER_LOG_MIB}Mi"
    assert kubelet["containerLogMaxFiles"] == CONTAINER_LOG_FILES
    thresholds = [kubelet["evictionHard"][name] for name in ("nodefs.available", "imagefs.available")]
    assert max(int(each.rstrip("%")) for each in thresholds) == round(KEPT_FREE * 100)


SETTINGS = st.builds(
    LogsSettings,
    node_log_kib_per_second=st.integers(16, 7000),
    longest_outage_hours=st.integers(1, 72),
)
GROUPS = st.builds(
    group,
    workload=st.sampled_from(["system", "spark", "spark-driver", "spark-executor"]),
    instance_types=st.sampled_from([("m7g.16xlarge",), ("m7gd.16xlarge",)]),
    max_pods=st.integers(16, 250),
    root_volume_gib=st.integers(20, 16384),
)


@given(logs=SETTINGS, node_group=GROUPS, roll_mib=st.integers(10, 1024))
def test_what_passes_leaves_room_for_every_demand_at_its_worst(
    logs: LogsSettings, node_group: NodeGroupSettings, roll_mib: int
) -> None:
    budget = disk_budget(logs, node_group, roll_mib)
    demands = (budget.unsent, budget.chunks, budget.event_logs, budget.journal, budget.container_logs, budget.others)
    assert all(each >= 0 for each in demands)
    passes = not list(rules_of_log_disk(logs, {"group": node_group}, roll_mib))
    assert passes == (sum(demands) <= 0.85 * node_group.root_volume_gib)


@given(logs=SETTINGS, node_group=GROUPS, roll_mib=st.integers(10, 1024))
def test_the_size_that_the_rule_asks_for_is_enough(
    logs: LogsSettings, node_group: NodeGroupSettings, roll_mib: int
) -> None:
    for violation in rules_of_log_disk(logs, {"group": node_group}, roll_mib):
        size = int(violation.fix.split()[1])
        if size <= 16384:
            larger = node_group.model_copy(update={"root_volume_gib": size})
            assert not list(rules_of_log_disk(logs, {"group": larger}, roll_mib))


@given(logs=SETTINGS, node_group=GROUPS)
def test_a_longer_outage_or_more_lines_never_need_less(logs: LogsSettings, node_group: NodeGroupSettings) -> None:
    budget = disk_budget(logs, node_group, ROLL_MIB)
    longer = logs.model_copy(update={"longest_outage_hours": logs.longest_outage_hours + 1})
    faster = logs.model_copy(update={"node_log_kib_per_second": logs.node_log_kib_per_second + 1})
    assert disk_budget(longer, node_group, ROLL_MIB).needed > budget.needed
    assert disk_budget(faster, node_group, ROLL_MIB).needed > budget.needed
