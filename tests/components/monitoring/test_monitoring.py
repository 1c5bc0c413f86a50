"""The metrics stack as a whole: shape, place, rights, and who may reach it."""

import re

from tests.components.monitoring.environment import (
    DAEMON_SET,
    EVERYTHING,
    LARGE,
    build,
    compose,
)
from tests.components.workloads.pods import (
    assert_common_shape,
    openings,
    pod,
    recorder,
    unknown,
    violations_of_restricted,
    workloads,
)
from tests.recorder import Recorder, record

WORKLOADS = {"collectors-agent", "collectors-cluster", "prometheus", "alertmanager", "grafana"}


def kinds(recorded: Recorder) -> set[str]:
    """Logical names of workloads, without the number of a replica."""
    return {re.sub(r"-\d$", "", each.name) for each in workloads(recorded)}


def test_every_workload_has_the_common_shape(any_shape: Recorder) -> None:
    assert_common_shape(any_shape)
    assert kinds(any_shape) - {"target-allocator"} == WORKLOADS


def test_the_target_allocator_runs_only_where_monitors_are_honoured(large: Recorder) -> None:
    assert kinds(large) == WORKLOADS
    assert kinds(build(EVERYTHING)) == WORKLOADS | {"target-allocator"}


def test_the_namespace_enforces_the_restricted_level_and_every_pod_satisfies_it(any_shape: Recorder) -> None:
    labels = any_shape.only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    for workload in workloads(any_shape):
        assert violations_of_restricted(workload) == []


def test_every_workload_waits_for_namespace_and_account(any_shape: Recorder) -> None:
    for workload in workloads(any_shape):
        waits = workload.depends_on
        account = pod(workload)["serviceAccountName"]
        assert "kubernetes:core/v1:Namespace::monitoring-namespace" in waits, workload.name
        owner = re.sub(r"-\d$", "", workload.name)
        assert f"kubernetes:core/v1:ServiceAccount::{owner}" in waits, workload.name
        accounts = any_shape.named("kubernetes:core/v1:ServiceAccount", owner)
        assert accounts.inputs["metadata"]["name"] == account


def test_only_what_discovers_targets_gets_a_token_of_the_kubernetes_api(any_shape: Recorder) -> None:
    with_token = {each.name for each in workloads(any_shape) if pod(each)["automountServiceAccountToken"]}
    assert with_token - {"target-allocator"} == {"collectors-agent", "collectors-cluster"}
    for account in any_shape.of("kubernetes:core/v1:ServiceAccount"):
        assert account.inputs["automountServiceAccountToken"] is False


def test_collectors_may_read_what_they_scrape_and_change_nothing(any_shape: Recorder) -> None:
    granted: dict[str, set[str]] = {}
    for role in any_shape.of("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"):
        rules = role.inputs["rules"]
        assert {verb for rule in rules for verb in rule["verbs"]} <= {"get", "list", "watch"}
        granted[role.name] = {
            name for rule in rules for name in [*rule.get("resources", []), *rule.get("nonResourceURLs", [])]
        }
    monitors = granted.pop("target-allocator", set())
    assert monitors <= {
        *("servicemonitors", "podmonitors", "probes", "scrapeconfigs"),
        *("namespaces", "nodes", "pods", "services", "endpointslices"),
    }
    assert granted == {
        "collectors-agent": {"nodes/metrics", "pods"},
        "collectors-cluster": {"pods", "services", "endpointslices", "/metrics"},
    }


def test_node_collectors_run_everywhere_and_the_rest_on_system_nodes(large: Recorder) -> None:
    for workload in workloads(large):
        if workload.type == DAEMON_SET:
            assert pod(workload)["tolerations"] == [{"operator": "Exists"}]
        else:
            assert pod(workload)["nodeSelector"] == {"moka/workload": "system"}


def test_a_preview_of_a_new_cluster_shows_every_resource(large: Recorder) -> None:
    preview = record(lambda: compose(LARGE, cluster_name=unknown()), recorder(), preview=True)
    assert {(each.type, each.name) for each in preview.registrations} == {
        (each.type, each.name) for each in large.registrations if each.type != "pulumi:pulumi:Stack"
    }


def test_other_namespaces_reach_nothing_but_the_otlp_ports_of_node_collectors(any_shape: Recorder) -> None:
    labels = any_shape.only(DAEMON_SET).inputs["spec"]["selector"]["matchLabels"]
    assert openings(any_shape) == [
        ({"ipBlock": {"cidr": "100.64.0.0/16"}}, [4317, 4318], labels),
        ({"ipBlock": {"cidr": "100.65.0.0/20"}}, [4317, 4318], labels),
    ]
