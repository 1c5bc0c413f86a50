"""Policies over the whole cluster; a real API server judges their expressions in the drills."""

from typing import Any

import pytest

from components.cluster.access import ADMINISTRATORS
from components.guard_rails.guard_rails import GuardRails
from components.guard_rails.host_access import NAME as HOST_ACCESS
from components.guard_rails.platform_access import NAME as PLATFORM_ACCESS
from components.guard_rails.platform_access import OPERATIONS, PAGES
from components.monitoring.workloads import CLUSTER_COLLECTOR
from tests.recorder import Recorder, record

HOOKS = "kubernetes:admissionregistration.k8s.io/v1"
POLICIES = {HOST_ACCESS: "guard-rails-host-access", PLATFORM_ACCESS: "guard-rails-platform-access"}
TEAMS = ("spark-sales", "spark-ads")


def build(*teams: str) -> Recorder:
    return record(lambda: GuardRails("guard-rails", teams))


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build(*TEAMS)


def policy(recorded: Recorder, name: str) -> dict[str, Any]:
    return recorded.named(f"{HOOKS}:ValidatingAdmissionPolicy", POLICIES[name]).inputs


def selector(recorded: Recorder, name: str) -> dict[str, Any]:
    binding = recorded.named(f"{HOOKS}:ValidatingAdmissionPolicyBinding", POLICIES[name]).inputs["spec"]
    assert binding["validationActions"] == ["Deny"]
    assert binding["policyName"] == name
    return binding["matchResources"]["namespaceSelector"]


@pytest.mark.parametrize("name", POLICIES)
def test_administrators_and_nobody_else_are_let_through(recorded: Recorder, name: str) -> None:
    spec = policy(recorded, name)["spec"]
    (condition,) = spec["matchConditions"]
    assert condition["expression"].endswith(f".exists(each, each in ['system:masters', '{ADMINISTRATORS}'])")
    assert condition["expression"].startswith("!")
    assert spec["failurePolicy"] == "Fail"


def test_pods_reach_into_nodes_where_agents_live_alone(recorded: Recorder) -> None:
    (left_out,) = selector(recorded, HOST_ACCESS)["matchExpressions"]
    assert left_out["operator"] == "NotIn"
    assert left_out["values"] == ["amazon-guardduty", "kube-system", "logging", "prometheus-node-exporter"]
    (rule,) = policy(recorded, HOST_ACCESS)["spec"]["matchConstraints"]["resourceRules"]
    assert (rule["resources"], rule["operations"]) == (["pods"], ["CREATE"])


def test_ways_into_pods_are_watched_everywhere_but_in_team_namespaces(recorded: Recorder) -> None:
    (left_out,) = selector(recorded, PLATFORM_ACCESS)["matchExpressions"]
    assert (left_out["operator"], left_out["values"]) == ("NotIn", ["spark-ads", "spark-sales"])
    assert selector(build(), PLATFORM_ACCESS) == {}, "without teams all pods are the platform's"


def test_every_connection_of_the_api_to_pods_services_and_nodes_is_watched(recorded: Recorder) -> None:
    rules = policy(recorded, PLATFORM_ACCESS)["spec"]["matchConstraints"]["resourceRules"]
    watched = {each["resources"][0]: (each["operations"], each["scope"]) for each in rules}
    connections = ("pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy")
    assert {each: watched[each] for each in connections} == {each: (["CONNECT"], "Namespaced") for each in connections}
    assert watched["nodes/proxy"] == (["CONNECT"], "Cluster")
    assert watched["pods/ephemeralcontainers"] == (["UPDATE"], "Namespaced")
    assert set(watched) == set(OPERATIONS)


def test_ports_of_what_has_no_pages_stay_closed() -> None:
    assert set(PAGES) == {"monitoring", "yunikorn", "spark-history", "celeborn"}
    assert not any(f"{CLUSTER_COLLECTOR.name}-abc".startswith(each) for each in PAGES["monitoring"])
    assert not any("yunikorn-admission-controller-abc".startswith(each) for each in PAGES["yunikorn"])
    assert all(each.endswith("-") for names in PAGES.values() for each in names)


@pytest.mark.parametrize("name", POLICIES)
def test_every_refusal_says_what_to_do_and_where_to_read_on(recorded: Recorder, name: str) -> None:
    for each in policy(recorded, name)["spec"]["validations"]:
        for said in (each["message"], each["messageExpression"]):
            assert "cluster.access.admin" in said
            assert "docs/guard-rails.md" in said
