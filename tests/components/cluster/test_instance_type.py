"""What is known of EC2 instance types is what EC2 says, and not what their names look like."""

import json

import pytest

from components.cluster.instance_type import (
    OFFERINGS,
    TABLE,
    alternatives,
    instance_type,
    is_offered,
    known_types,
)
from components.regions import SERVED
from tools.instance_types import all_types, offerings, written

KINDS = {"nitro": "is_nitro", "nvme": "has_nvme"}


def test_the_table_is_what_the_package_says() -> None:
    assert TABLE.read_text() == written(all_types()), "the table is old: run make facts"


def test_the_offerings_are_what_the_package_says_of_each_served_region() -> None:
    assert json.loads(OFFERINGS.read_text()) == offerings(known_types(), SERVED), "they are old: run make facts"


@pytest.mark.parametrize(
    ("name", "architecture", "size", "kind"),
    [
        ("m7g.large", "arm64", (2, 8), "nitro"),
        ("r8gd.8xlarge", "arm64", (32, 256), "nitro, nvme"),
        ("im4gn.4xlarge", "arm64", (16, 64), "nitro, nvme"),
        ("is4gen.2xlarge", "arm64", (8, 48), "nitro, nvme"),
        ("a1.large", "arm64", (2, 4), "nitro"),
        ("m6g.metal", "arm64", (64, 256), "nitro"),
        ("m5zn.metal", "x86_64", (48, 192), "nitro"),
        ("z1d.2xlarge", "x86_64", (8, 64), "nitro, nvme"),
        ("t3.small", "x86_64", (2, 2), "nitro"),
        ("c7i-flex.large", "x86_64", (2, 4), "nitro"),
        ("d3.xlarge", "x86_64", (4, 32), "nitro, nvme"),
        ("d2.xlarge", "x86_64", (4, 30.5), ""),
        ("h1.2xlarge", "x86_64", (8, 32), ""),
        ("i3.2xlarge", "x86_64", (8, 61), "nvme"),
    ],
)
def test_the_facts_that_names_only_hint_at(name: str, architecture: str, size: tuple[int, float], kind: str) -> None:
    known = instance_type(name)

    assert (known.architecture, (known.vcpus, known.memory_mib / 1024)) == (architecture, size)
    assert ", ".join(word for word in ("nitro", "nvme") if getattr(known, KINDS[word])) == kind


@pytest.mark.parametrize("name", ["", "m7gd.3xlarge", "m7g", "M7G.large", "r7gd.4xlarge ", "p5.48xlarge", "mac2.metal"])
def test_anything_else_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="is no instance type of"):
        instance_type(name)


def test_a_size_that_does_not_exist_is_answered_with_those_that_do() -> None:
    assert alternatives("m7gd.3xlarge")[:3] == ["m7gd.medium", "m7gd.large", "m7gd.xlarge"]
    assert "r7gd.4xlarge" in alternatives("r7dg.4xlarge")


def test_a_region_offers_what_it_has_in_one_zone_at_least() -> None:
    assert is_offered("r8gd.8xlarge", "us-east-1")
    assert not is_offered("r8gd.8xlarge", "me-south-1")
    assert not is_offered("i4g.8xlarge", "af-south-1")


@pytest.mark.parametrize("region", SERVED)
def test_every_served_region_offers_types_of_both_architectures_with_local_storage(region: str) -> None:
    kinds = {(each.architecture, each.has_nvme) for each in known_types().values() if is_offered(each.name, region)}
    assert {("x86_64", True), ("arm64", True), ("x86_64", False), ("arm64", False)} <= kinds
