"""vCPUs by class of families, of settings and of instances that are there."""

from collections import Counter

import pytest

from components.capacity.settings import NodePoolSettings
from components.cluster.instance_type import family_of, known_types
from components.cluster.node_group_settings import NodeGroupSettings
from doctor.storage import gp3_of_groups, gp3_of_pools
from doctor.vcpus import QUOTAS, class_of, in_use, of_groups, of_pools

GROUP = NodeGroupSettings.model_validate_json(
    '{"workload": "spark", "architecture": "arm64", "capacity": "spot", "size": 9, "root_volume_gib": 50,'
    ' "instance_types": ["m7gd.xlarge", "m7gd.2xlarge"]}'
)
MIXED = NodePoolSettings.model_validate_json(
    '{"workload": "spark", "architecture": "x86_64", "capacity": "on-demand", "root_volume_gib": 100,'
    ' "instance_types": ["m6id.2xlarge", "x2idn.16xlarge"], "limits": {"vcpus": 640, "memory_gib": 10240}}'
)


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("m7gd.xlarge", "standard"),
        ("im4gn.4xlarge", "standard"),
        ("is4gen.2xlarge", "standard"),
        ("d3.xlarge", "standard"),
        ("z1d.large", "standard"),
        ("x2idn.16xlarge", "x"),
        ("u-6tb1.56xlarge", "high-memory"),
        ("u7i-12tb.224xlarge", "high-memory"),
        ("hpc7g.4xlarge", "hpc"),
        ("g5.xlarge", None),
        ("inf2.xlarge", None),
        ("trn1.2xlarge", None),
        ("dl1.24xlarge", None),
        ("mac2.metal", None),
        ("p4d.24xlarge", None),
        ("vt1.3xlarge", None),
    ],
)
def test_a_type_counts_into_the_quota_of_its_class(instance_type: str, expected: str | None) -> None:
    assert class_of(instance_type) == expected


def test_every_type_that_a_node_can_have_is_of_a_class_with_a_quota() -> None:
    unknown = {family_of(name) for name in known_types() if class_of(name) not in QUOTAS["on-demand"]}
    assert unknown == set()


def test_groups_count_with_their_largest_type_and_more_while_they_are_rolled() -> None:
    assert of_groups([GROUP], "spot", 2, rolled=False) == Counter(standard=9 * 8)
    # Twice two zones more, which is more than a third of nine.
    assert of_groups([GROUP], "spot", 2, rolled=True) == Counter(standard=13 * 8)
    assert of_groups([GROUP], "on-demand", 2, rolled=True) == Counter()


def test_pools_count_with_their_limits_in_every_class_that_they_name() -> None:
    assert of_pools([MIXED], "on-demand") == Counter({"standard": 640, "x": 640})
    assert of_pools([MIXED], "spot") == Counter()


def test_instances_count_by_how_they_were_bought_and_without_those_of_no_class() -> None:
    instances = [
        {"InstanceType": "m7gd.xlarge", "InstanceLifecycle": "spot"},
        {"InstanceType": "m7gd.xlarge"},
        {"InstanceType": "x2idn.16xlarge"},
        {"InstanceType": "m99.xlarge", "CpuOptions": {"CoreCount": 8, "ThreadsPerCore": 2}},
        {"InstanceType": "p4d.24xlarge"},
    ]
    assert in_use(instances, "spot") == Counter(standard=4)
    assert in_use(instances, "on-demand") == Counter({"standard": 4 + 16, "x": 64})


def test_root_volumes_count_with_the_nodes_that_have_them() -> None:
    assert gp3_of_groups([GROUP], 2, rolled=False) == 9 * 50
    assert gp3_of_groups([GROUP], 2, rolled=True) == 13 * 50
    assert gp3_of_pools([MIXED]) == 80 * 100
