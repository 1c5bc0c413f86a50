"""Versions go together, an upgrade may leave nodes behind, and an expired version hinders no emergency."""

from datetime import date
from ipaddress import IPv4Network
from typing import Any

import pytest

from components.cluster.addon_versions import AddonVersions
from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.private_access import PrivateAccess
from components.cluster.settings import AccessSettings, ClusterSettings
from components.rules.versions import rules_of_support, rules_of_versions, support_warning
from components.settings import parse
from components.settings_error import SettingsError
from tests.stack_files import settings, settings_tree

ACCESS = AccessSettings(ci=("arn:aws:iam::222222222222:role/ci",))
REACHED = PrivateAccess(cidrs=(IPv4Network("10.240.0.0/16"),))
LAST_DAY = date(2027, 3, 27)
DAY_AFTER = date(2027, 3, 28)
RUNNING = {"cluster": {"kubernetes_version": "1.35"}}


def broken_fields(*, is_new: bool = True, group_release: str | None = None, **cluster: Any) -> list[str]:
    group = NodeGroupSettings(
        workload="spark",
        architecture="arm64",
        instance_types=("m7gd.2xlarge",),
        size=1,
        node_release=group_release,
    )
    found = rules_of_versions(
        ClusterSettings(access=ACCESS, private_access=REACHED, **cluster), {"node_groups.blue": group}, is_new=is_new
    )
    return [each.field for each in found]


def test_the_defaults_fit_each_other() -> None:
    assert broken_fields() == []


@pytest.mark.parametrize("version", ["1.34", "1.36"])
def test_a_new_environment_has_nodes_and_kube_proxy_of_its_own_version(version: str) -> None:
    assert broken_fields(kubernetes_version=version) == ["cluster.addons.kube_proxy", "cluster.node_release"]


@pytest.mark.parametrize(("version", "fits"), [("1.36", True), ("1.38", True), ("1.39", False), ("1.34", False)])
def test_an_upgrade_may_leave_nodes_three_minor_versions_behind_and_never_ahead(version: str, fits: bool) -> None:
    assert (broken_fields(is_new=False, kubernetes_version=version) == []) is fits


def test_a_groups_own_release_is_judged_too() -> None:
    assert broken_fields(group_release="1.34.1-20260101") == ["node_groups.blue.node_release"]
    assert broken_fields(is_new=False, group_release="1.34.1-20260101") == []
    assert broken_fields(is_new=False, group_release="1.36.1-20260901") == ["node_groups.blue.node_release"]


def test_a_version_that_only_starts_alike_is_another_one() -> None:
    assert broken_fields(addons=AddonVersions(kube_proxy="v1.3.5-eksbuild.1")) == ["cluster.addons.kube_proxy"]


def test_a_new_environment_gets_no_version_whose_support_has_ended() -> None:
    assert not list(rules_of_support("1.35", LAST_DAY, None))
    (violation,) = rules_of_support("1.35", DAY_AFTER, None)
    assert "ended on 2027-03-27" in violation.reason


def test_an_environment_that_runs_the_version_is_warned_and_goes_on() -> None:
    assert not list(rules_of_support("1.35", DAY_AFTER, RUNNING))
    assert "docs/upgrades.md" in str(support_warning("1.35", DAY_AFTER, RUNNING))
    assert support_warning("1.35", LAST_DAY, RUNNING) is None
    assert support_warning("1.35", DAY_AFTER, None) is None, "a new environment is refused instead"


def test_an_upgrade_to_a_version_whose_support_has_ended_is_refused() -> None:
    assert list(rules_of_support("1.35", DAY_AFTER, {"cluster": {"kubernetes_version": "1.34"}}))


def test_an_environment_that_runs_may_be_at_a_version_that_the_calendar_does_not_know_yet() -> None:
    (violation,) = rules_of_support("1.99", LAST_DAY, None)
    assert "not in the support calendar" in violation.reason
    assert not list(rules_of_support("1.99", LAST_DAY, RUNNING))
    assert "describe-cluster-versions --cluster-versions 1.99" in str(support_warning("1.99", LAST_DAY, RUNNING))
    assert list(rules_of_support("1.20", LAST_DAY, RUNNING)), "one that the calendar has forgotten is none of these"


def test_a_whole_stack_loads_for_an_emergency_after_support_has_ended() -> None:
    document = settings("dev").model_dump_json()
    running = settings("dev").model_dump(mode="json")
    assert parse(document, "dev", {}, DAY_AFTER, running, accepts_examples=True).name == settings_tree("dev")["name"]
    with pytest.raises(SettingsError, match="must be in standard support"):
        parse(document, "dev", {}, DAY_AFTER, accepts_examples=True)
