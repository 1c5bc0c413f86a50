"""Zone names mean other zones in each account: what the account says of them decides, before anything is made."""

import pytest

from components.network.zone_ids import rules_of_zone_ids
from components.regions import SERVED

IDS = {"us-east-1a": "use1-az6", "us-east-1b": "use1-az3", "us-east-1c": "use1-az1"}


def test_zones_that_amazon_eks_takes_pass() -> None:
    assert list(rules_of_zone_ids("us-east-1", ["us-east-1a", "us-east-1c"], IDS)) == []


def test_a_zone_without_control_planes_is_refused_by_its_id_and_the_others_are_named() -> None:
    (violation,) = rules_of_zone_ids("us-east-1", ["us-east-1a", "us-east-1b"], IDS)
    assert (violation.field, violation.value) == ("network.zones.us-east-1b", "us-east-1b")
    assert "use1-az3, which this account calls us-east-1b" in violation.rule
    assert violation.fix == "take some of us-east-1a, us-east-1c"


def test_a_zone_that_the_account_lacks_is_refused() -> None:
    (violation,) = rules_of_zone_ids("us-east-1", ["us-east-1d", "us-east-1a"], IDS)
    assert violation.field == "network.zones.us-east-1d"
    assert "must be an availability zone of the account" in violation.rule


@pytest.mark.parametrize(
    ("region", "identifier"),
    [(name, each) for name, row in SERVED.items() for each in row.zone_ids_without_control_plane],
)
def test_each_zone_that_amazon_eks_refuses_is_refused_whatever_its_letter(region: str, identifier: str) -> None:
    for letter in "abcdef":
        name = f"{region}{letter}"
        (violation,) = rules_of_zone_ids(region, [name], {name: identifier})
        assert identifier in violation.rule
