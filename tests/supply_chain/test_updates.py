"""What Renovate proposes waits until others have looked at it, and what it leaves alone says who raises it."""

import json
import re
from typing import Any

import pytest

from components.cluster.addon_versions import AddonVersions
from components.cluster.settings import ClusterSettings
from tests.supply_chain.files import ROOT

CONFIGURATION = json.loads((ROOT / ".github" / "renovate.json").read_text())
ADDONS = ROOT / "offline" / "checks" / "aws_rules" / "files" / "addons.txt"
LEAST_DAYS = 7


def unexplained(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules that keep an update back without a word on who raises it, or what is left to do."""
    return [
        rule
        for rule in rules
        if (rule.get("enabled") is False and not re.match(r"python -m \w+", rule.get("description", "")))
        or (rule.get("dependencyDashboardApproval") and not rule.get("prBodyNotes"))
    ]


def test_a_release_waits_until_others_have_looked_at_it() -> None:
    days, unit = CONFIGURATION["minimumReleaseAge"].split()
    assert (int(days) >= LEAST_DAYS, unit) == (True, "days")
    # Otherwise a pull request comes at once, and only its check waits.
    assert CONFIGURATION["internalChecksFilter"] == "strict"
    assert not [rule for rule in CONFIGURATION["packageRules"] if "minimumReleaseAge" in rule or rule.get("automerge")]


def test_directories_of_tests_are_read_too() -> None:
    """By default they are not, and programs of tests are pinned there."""
    assert CONFIGURATION["ignorePresets"] == [":ignoreModulesAndTests"]


def test_what_is_kept_back_says_who_raises_it_or_what_is_left_to_do() -> None:
    assert unexplained(CONFIGURATION["packageRules"]) == []


@pytest.mark.parametrize(
    "rule",
    [{"enabled": False}, {"enabled": False, "description": "later"}, {"dependencyDashboardApproval": True}],
)
def test_what_is_kept_back_without_a_word_is_found(rule: dict[str, Any]) -> None:
    assert unexplained([rule]) == [rule]


def test_addons_are_asked_for_by_their_names_and_for_the_kubernetes_of_the_defaults() -> None:
    (manager,) = (each for each in CONFIGURATION["customManagers"] if each.get("datasourceTemplate") == "aws-eks-addon")
    version = json.loads(manager["packageNameTemplate"])["kubernetesVersion"]
    assert version == ClusterSettings.model_fields["kubernetes_version"].default
    text = (ROOT / "components" / "cluster" / "addon_versions.py").read_text()
    asked = dict(re.findall(r"# renovate: addon=(\S+)\n    (\w+):", text))
    assert set(asked.values()) == set(AddonVersions.model_fields)
    assert set(asked) <= set(ADDONS.read_text().split())
