"""How many replicas run where, how they find each other, and what keeps their volumes."""

import pytest

from tests.components.monitoring.environment import (
    DEPLOYMENT,
    SERVICE,
    SMALL,
    STATEFUL_SET,
    build,
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
        assert large.named(STATEFUL_SET, name).inputs["spec"]["replicas"] == 2
        constraints = pod(large.named(STATEFUL_SET, name))["topologySpreadConstraints"]
        (zones,) = (each for each in constraints if each["topologyKey"] == "topology.kubernetes.io/zone")
        assert (zones["whenUnsatisfiable"], zones["minDomains"]) == ("DoNotSchedule", 2)
        budget = large.named("kubernetes:policy/v1:PodDisruptionBudget", name).inputs["spec"]
        labels = large.named(STATEFUL_SET, name).inputs["spec"]["template"]["metadata"]["labels"]
        assert budget["maxUnavailable"] == 1
        assert budget["selector"]["matchLabels"].items() <= labels.items()
        assert small.named(STATEFUL_SET, name).inputs["spec"]["replicas"] == 1
        only = pod(small.named(STATEFUL_SET, name))["topologySpreadConstraints"]
        assert {each["whenUnsatisfiable"] for each in only} == {"ScheduleAnyway"}
    assert not small.of("kubernetes:policy/v1:PodDisruptionBudget"), "a budget for one replica blocks every drain"


def test_alertmanagers_gossip_only_when_there_are_two(large: Recorder, small: Recorder) -> None:
    arguments = containers(large.named(STATEFUL_SET, "alertmanager"))[0]["args"]
    peers = [each.partition("=")[2] for each in arguments if each.startswith("--cluster.peer=")]
    headless = large.named(SERVICE, "alertmanager-replicas").inputs
    assert peers == [f"alertmanager-{n}.{headless['metadata']['name']}.monitoring.svc:9094" for n in (0, 1)]
    assert headless["spec"]["publishNotReadyAddresses"] is True
    assert "--cluster.listen-address=" in containers(small.named(STATEFUL_SET, "alertmanager"))[0]["args"]


def test_services_reach_their_pods_by_labels_and_named_ports(large: Recorder) -> None:
    for service in large.of(SERVICE):
        spec = service.inputs["spec"]
        target = [
            each
            for each in workloads(large)
            if spec["selector"].items() <= each.inputs["spec"]["template"]["metadata"]["labels"].items()
        ]
        assert len(target) == 1, service.name
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
        service = large.named(SERVICE, f"{each.name}-replicas").inputs
        assert each.inputs["spec"]["serviceName"] == service["metadata"]["name"]
        assert service["spec"]["clusterIP"] == "None"


def test_applications_reach_the_collector_of_their_own_node(large: Recorder) -> None:
    spec = large.named(SERVICE, "collectors-agent").inputs["spec"]
    assert spec["internalTrafficPolicy"] == "Local"
    assert {each["port"] for each in spec["ports"]} == {4317, 4318}


def test_protected_volumes_outlive_their_workload_and_others_leave_nothing_behind() -> None:
    for protect, expected in ((True, "Retain"), (False, "Delete")):
        for each in build(SMALL, protect=protect).of(STATEFUL_SET):
            spec = each.inputs["spec"]
            assert spec["persistentVolumeClaimRetentionPolicy"]["whenDeleted"] == expected
            assert spec["volumeClaimTemplates"][0]["spec"]["storageClassName"] == "gp3"


def test_slow_rolls_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts = update_timeouts(monkeypatch)
    build(SMALL)
    assert timeouts["collectors-agent"] == "2h"
    assert timeouts["prometheus"] == "2h"
