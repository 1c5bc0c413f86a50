"""Names of EC2 instance types say which processors and disks they have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cluster.instance_type import parse_instance_type


@pytest.mark.parametrize(
    ("name", "architecture", "has_instance_store"),
    [
        ("m7g.large", "arm64", False),
        ("r8gd.8xlarge", "arm64", True),
        ("i4g.4xlarge", "arm64", True),
        ("im4gn.4xlarge", "arm64", True),
        ("a1.large", "arm64", False),
        ("m6id.4xlarge", "x86_64", True),
        ("m6i.4xlarge", "x86_64", False),
        ("r5dn.8xlarge", "x86_64", True),
        ("r6idn.metal", "x86_64", True),
        ("i4i.8xlarge", "x86_64", True),
        ("d3en.xlarge", "x86_64", True),
        ("m7i-flex.large", "x86_64", False),
        ("c5a.large", "x86_64", False),
    ],
)
def test_a_name_says_processors_and_local_disks(name: str, architecture: str, has_instance_store: bool) -> None:
    instance_type = parse_instance_type(name)

    assert (instance_type.architecture, instance_type.has_instance_store) == (architecture, has_instance_store)
    assert instance_type.name == name


@given(st.sampled_from("cmrx"), st.integers(5, 9), st.sampled_from(["", "d", "n", "dn"]), st.sampled_from("agi"))
def test_a_disk_option_never_changes_the_processor(series: str, generation: int, options: str, processor: str) -> None:
    instance_type = parse_instance_type(f"{series}{generation}{processor}{options}.2xlarge")

    assert instance_type.architecture == ("arm64" if processor == "g" else "x86_64")
    assert instance_type.has_instance_store is ("d" in options)


@pytest.mark.parametrize("name", ["", "m7g", "7g.large", "m7g_large", "M7G.large", "u-6tb1.metal", "r7gd.4xlarge "])
def test_anything_else_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="is not an EC2 instance type"):
        parse_instance_type(name)
