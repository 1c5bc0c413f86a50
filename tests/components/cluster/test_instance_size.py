"""Sizes and series in the names of EC2 instance types say how many vCPUs and how much memory they have."""

import pytest

from components.cluster.instance_size import memory_gib, vcpus


@pytest.mark.parametrize(
    ("name", "processors", "memory"),
    [
        ("m7g.large", 2, 8),
        ("c7g.xlarge", 4, 8),
        ("r7g.2xlarge", 8, 64),
        ("r8gd.8xlarge", 32, 256),
        ("i4i.8xlarge", 32, 256),
        ("im4gn.4xlarge", 16, 64),
        ("is4gen.2xlarge", 8, 48),
        ("m7i.metal-24xl", 96, 384),
        ("g5.4xlarge", 16, None),
        ("m6g.metal", 192, 768),
    ],
)
def test_a_name_says_processors_and_memory(name: str, processors: int, memory: int | None) -> None:
    assert (vcpus(name), memory_gib(name)) == (processors, memory)


def test_what_is_no_instance_type_is_refused() -> None:
    with pytest.raises(ValueError, match="'r7g' is not an EC2 instance type"):
        vcpus("r7g")
