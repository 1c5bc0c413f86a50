"""How many replicas run where, how they find each other, and what keeps their volumes."""

import pytest

from tests.components.monitoring.environment import (
    CLAIM,
    DEPLOYMENT,
    SERVICE,
    SMALL,
    STATEFUL_SET,
    build,
    replicas,
)
from tests.components.workloads.pods import (
    containers,
    pod,
    update_timeouts,
    workloads,
)
from tests.recorder import Recorder


def test_the_cluster_collector_is_one_and_never_two_during_a_roll(large: Recorder) -> None:
    spec = large.only(DEPLOYMENT).inputs["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}
    seconds = {each["key"]: each["tolerationSeconds"] for each in pod(large.only(DEPLOYMENT))["tolerations"]}
    assert seconds == {"node.kubernetes.io/not-ready": 30, "node.kubernetes.io/unreachable": 30}


def test_high_availability_is_two_replicas_in_two_zones_with_a_budget(large: Recorder, small: Recorder) -> None:
    for name in ("prometheus", "alertmanager"):
        pair, (only,) = replicas(large, name), replicas(small, name)
        assert [each.inputs["spec"]["replicas"] for each in (*pair, only)] == [1, 1, 1]
        budget = large.named("kubernetes:policy/v1:PodDisruptionBudget", name).inputs["spec"]
        assert budget["maxUnavailable"] == 1
        for each in pair:
            labels = each.inputs["spec"]["template"]["metadata"]["labels"]
            constraints = pod(each)["topologySpreadConstraints"]
            (zones,) = (each for each in constraints if each["topologyKey"] == "topology.kubernetes.io/zone")
            assert (zones["whenUnsatisfiable"], zones["minDomains"]) == ("DoNotSchedule", 2)
            for selector in (budget["selector"], *(each["labelSelector"] for each in constraints)):
                assert selector["matchLabels"].items() <= labels.items(), "both replicas count"
        assert {each["whenUnsatisfiable"] for each in pod(only)["topologySpreadConstraints"]} == {"ScheduleAnyway"}
    assert not small.of("kubernetes:policy/v1:PodDisruptionBudget"), "a budget for one replica blocks every drain"


def test_alertmanagers_gossip_only_when_there_are_two(large: Recorder, small: Recorder) -> None:
    pair, headless = replicas(large, "alertmanager"), large.named(SERVICE, "alertmanager-replicas").inputs
    # The only pod of a StatefulSet is its 0th.
    hosts = [f"{each.inputs['metadata']['name']}-0.{headless['metadata']['name']}.monitoring.svc:9094" for each in pair]
    for each in pair:
        arguments = containers(each)[0]["args"]
        assert [each.partition("=")[2] for each in arguments if each.startswith("--cluster.peer=")] == hosts
    assert headless["spec"]["publishNotReadyAddresses"] is True
    assert "--cluster.listen-address=" in containers(replicas(small, "alertmanager")[0])[0]["args"]


def test_services_reach_their_pods_by_labels_and_named_ports(large: Recorder) -> None:
    for service in large.of(SERVICE):
        spec = service.inputs["spec"]
        target = [
            each
            for each in workloads(large)
            if spec["selector"].items() <= each.inputs["spec"]["template"]["metadata"]["labels"].items()
        ]
        assert len({pod(each)["serviceAccountName"] for each in target}) == 1, service.name
        named = {
            port["name"]: port["containerPort"] for each in containers(target[0]) for port in each.get("ports", [])
        }
        for port in spec["ports"]:
            assert named[port["targetPort"]] == port["port"], service.name


def test_a_client_stays_with_one_of_two_replicas_whose_answers_differ_a_little(large: Recorder) -> None:
    for name in ("prometheus", "alertmanager"):
        assert large.named(SERVICE, name).inputs["spec"]["sessionAffinity"] == "ClientIP"


def test_stateful_sets_name_their_headless_service(large: Recorder) -> None:
    for each in large.of(STATEFUL_SET):
        service = large.named(SERVICE, f"{each.name.rpartition('-')[0]}-replicas").inputs
        assert each.inputs["spec"]["serviceName"] == service["metadata"]["name"]
        assert service["spec"]["clusterIP"] == "None"


def test_applications_reach_the_collector_of_their_own_node(large: Recorder) -> None:
    spec = large.named(SERVICE, "collectors-agent").inputs["spec"]
    assert spec["internalTrafficPolicy"] == "Local"
    assert {each["port"] for each in spec["ports"]} == {4317, 4318}


def test_each_replica_names_a_claim_that_is_a_resource_and_no_workload_makes_claims(any_shape: Recorder) -> None:
    named: list[str] = []
    for workload in workloads(any_shape):
        assert "volumeClaimTemplates" not in workload.inputs["spec"], "a template can never ask for more"
        sources = [each.get("persistentVolumeClaim") for each in pod(workload).get("volumes", [])]
        named += [each["claimName"] for each in sources if each]
    assert sorted(named) == sorted(each.inputs["metadata"]["name"] for each in any_shape.of(CLAIM))
    assert len(named) == len(any_shape.of(STATEFUL_SET))


def test_volumes_are_protected_where_the_environment_is() -> None:
    for protect in (True, False):
        claims = build(SMALL, protect=protect).of(CLAIM)
        assert claims
        assert {each.protect for each in claims} == {protect}


def test_a_replica_rolls_after_the_one_before_it(large: Recorder) -> None:
    for name in ("prometheus", "alertmanager"):
        first, second = replicas(large, name)
        assert f"{STATEFUL_SET}::{first.name}" in second.depends_on
        selectors = [each.inputs["spec"]["selector"]["matchLabels"] for each in (first, second)]
        labels = [each.inputs["spec"]["template"]["metadata"]["labels"] for each in (first, second)]
        assert [[each.items() <= own.items() for own in labels] for each in selectors] == [[True, False], [False, True]]


def test_the_claim_of_a_new_replica_stands_before_its_pod(large: Recorder) -> None:
    for each in large.of(STATEFUL_SET):
        assert f"{CLAIM}::{each.name}" in each.depends_on


def test_slow_rolls_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts = update_timeouts(monkeypatch)
    build(SMALL)
    assert timeouts["collectors-agent"] == "2h"
    assert timeouts["prometheus-0"] == "2h"
