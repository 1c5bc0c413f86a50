"""What workers have follows from their nodes, and the rules that hold the settings to it."""

import pytest

from components.cluster.instance_type import instance_type
from components.cluster.node_config import node_config
from components.cluster.node_group_settings import NodeGroupSettings
from components.network.settings import NetworkSettings
from components.rules.shuffle import rules_of_shuffle
from components.shuffle.capacity import FREE_RATIO, OVERHEAD_GIB, SMALLEST_NODE_GIB, usable_disk_gib, workers_on
from components.shuffle.settings import CelebornSettings
from tests.components.shuffle.celeborn_environment import group, workers
from tests.stack_files import settings, settings_tree

SYSTEM = NodeGroupSettings(workload="system", architecture="arm64", instance_types=("m7g.large",), size=2)


def network(stack: str) -> NetworkSettings:
    return settings(stack).network


def broken(
    celeborn: CelebornSettings | None, *groups: NodeGroupSettings, stack: str = "production"
) -> list[tuple[str, str]]:
    named = {f"shuffle-{index}": each for index, each in enumerate(groups)}
    found = rules_of_shuffle(celeborn, network(stack), {"system": SYSTEM, **named})
    return [(each.field, each.rule) for each in found]


def test_there_is_a_worker_on_each_node_that_is_kept_for_shuffles() -> None:
    found = workers_on([SYSTEM, group("im4gn.2xlarge", size=2), group("i4g.2xlarge", size=3)])
    assert found is not None
    assert found.count == 5
    assert workers_on([SYSTEM, group("im4gn.2xlarge", size=0)]) is None


def test_every_worker_fits_the_smallest_node() -> None:
    mixed, small = workers("im4gn.8xlarge", "im4gn.2xlarge"), workers("im4gn.2xlarge")
    assert mixed == small
    node = instance_type("im4gn.2xlarge")
    assert (small.memory_mib, small.cpus) == (int(node.memory_mib * 0.8), 6)
    assert small.disk_gib == usable_disk_gib(node)


@pytest.mark.parametrize("name", ["im4gn.xlarge", "im4gn.2xlarge", "i4g.16xlarge", "i4i.32xlarge"])
def test_heap_and_buffers_leave_most_of_a_worker_to_the_files_that_the_kernel_keeps(name: str) -> None:
    types = instance_type(name)
    assert types.memory_mib >= SMALLEST_NODE_GIB * 1024
    found = workers_on(
        [NodeGroupSettings(workload="shuffle", architecture=types.architecture, instance_types=(name,), size=3)]
    )
    assert found is not None
    process = found.heap_gib + found.direct_gib + OVERHEAD_GIB
    assert process <= found.memory_mib / 1024 / 2


def test_a_disk_of_decimal_gigabytes_is_reckoned_in_binary_ones() -> None:
    """EC2 tells of 3,750 GB, which are 3,492 GiB."""
    assert instance_type("im4gn.2xlarge").nvme_gb == 3750
    assert usable_disk_gib(instance_type("im4gn.2xlarge")) == int(3492 * 0.8) - 30
    assert usable_disk_gib(instance_type("m7g.2xlarge")) == 0


def test_workers_stop_taking_data_before_the_kubelet_evicts_pods() -> None:
    kubelet = node_config(16, has_nvme=True)["spec"]["kubelet"]["config"]["evictionHard"]
    assert int(kubelet["imagefs.available"].removesuffix("%")) / 100 < FREE_RATIO
    assert int(kubelet["nodefs.available"].removesuffix("%")) / 100 < FREE_RATIO


def test_what_workers_hold_is_reckoned_without_one_of_them() -> None:
    three = workers(size=3)
    assert three.holds_gib(copies=1) == 2 * three.disk_gib
    assert three.holds_gib(copies=2) == three.disk_gib


def test_a_peak_that_fits_is_accepted_and_one_gibibyte_more_is_refused() -> None:
    most = workers(size=3).holds_gib(copies=2)
    nodes = group("im4gn.2xlarge", size=3)
    assert broken(CelebornSettings(peak_shuffle_gib=most), nodes) == []
    ((field, rule),) = broken(CelebornSettings(peak_shuffle_gib=most + 1), nodes)
    assert field == "shuffle.celeborn.peak_shuffle_gib"
    assert str(most) in rule
    assert broken(CelebornSettings(peak_shuffle_gib=most + 1, replicate=False), nodes) == []


def test_the_number_of_nodes_that_the_refusal_names_is_enough() -> None:
    wanted = CelebornSettings(peak_shuffle_gib=30_000)
    named = {"shuffle": group("im4gn.2xlarge", size=3)}
    (violation,) = rules_of_shuffle(wanted, network("production"), named)
    number = int(violation.fix.split()[1])
    assert broken(wanted, group("im4gn.2xlarge", size=number)) == []
    assert broken(wanted, group("im4gn.2xlarge", size=number - 1)) != []


@pytest.mark.parametrize(
    ("celeborn", "groups", "stack", "rule"),
    [
        (None, [group("im4gn.2xlarge")], "production", "must not be shuffle"),
        (CelebornSettings(peak_shuffle_gib=1), [], "production", "needs a node group"),
        (CelebornSettings(peak_shuffle_gib=1), [group("im4gn.2xlarge", size=0)], "production", "needs a node group"),
        (CelebornSettings(peak_shuffle_gib=1), [group("im4gn.2xlarge")], "dev", "needs 3 zones"),
        (CelebornSettings(peak_shuffle_gib=1), [group("m7g.2xlarge")], "production", "local NVMe"),
        (CelebornSettings(peak_shuffle_gib=1), [group("im4gn.large")], "production", "16 GiB of memory"),
        (CelebornSettings(peak_shuffle_gib=1), [group("im4gn.2xlarge", size=2)], "production", "needs 3 nodes"),
    ],
)
def test_what_cannot_work_is_refused_with_one_rule(
    celeborn: CelebornSettings | None, groups: list[NodeGroupSettings], stack: str, rule: str
) -> None:
    ((_, found),) = broken(celeborn, *groups, stack=stack)
    assert rule in found


def test_without_a_second_copy_two_workers_are_enough() -> None:
    assert broken(CelebornSettings(peak_shuffle_gib=1, replicate=False), group("im4gn.2xlarge", size=2)) == []


def test_nothing_is_asked_of_an_environment_without_the_service() -> None:
    assert broken(None, stack="dev") == []


def test_the_rules_are_asked_for_a_stack() -> None:
    with pytest.raises(ValueError, match=r"shuffle\.celeborn"):
        settings("dev", lambda tree: tree.update(shuffle={"celeborn": {"peak_shuffle_gib": 1}}))


def test_spot_capacity_is_refused_for_shuffles() -> None:
    with pytest.raises(ValueError, match="must be on-demand for workload shuffle"):
        settings("staging", lambda tree: tree["node_groups"]["shuffle"].update(capacity="spot"))


def test_the_service_is_on_in_staging_and_production_alone() -> None:
    found = {stack: "shuffle" in settings_tree(stack) for stack in ("test", "dev", "staging", "production")}
    assert found == {"test": False, "dev": False, "staging": True, "production": True}
