"""No alert is lost while one zone is away, in the stacks that say so.

The chain of an alert: a collector that scrapes, its queue for a replica of Prometheus, that replica with the rules, an
Alertmanager. Each test takes a zone away and looks at one part of the chain.
"""

import re
from itertools import product
from typing import Any

import pytest
import yaml

from components.cluster.storage_class import STORAGE_CLASS_NAME
from components.monitoring.collector_manifests import MOVE_AFTER_SECONDS
from components.monitoring.stores import metric_stores
from components.monitoring.workloads import FILES
from tests.components.monitoring.collector_config import COLLECTORS, configuration, routes
from tests.components.monitoring.environment import CLAIM, DEPLOYMENT, SERVICE, SMALL, build, replicas
from tests.components.monitoring.zones import placements
from tests.components.workloads.pods import containers, pod
from tests.recorder import Recorder
from tests.stack_files import settings

STACKS = ("staging", "production")
PAIRS = ("prometheus", "alertmanager")
# Kubernetes' default since 1.32: how long a node may be silent before it counts as gone.
NODE_MONITOR_GRACE_SECONDS = 50
# Prometheus' default: how long the last sample of a series counts.
LOOKBACK_SECONDS = 300
PROMETHEUS: dict[str, Any] = yaml.safe_load((FILES / "prometheus.yaml").read_text())
RULES = [
    rule
    for file in sorted((FILES / "rules").glob("*.yaml"))
    for group in yaml.safe_load(file.read_text())["groups"]
    for rule in group["rules"]
]


def specs(recorded: Recorder, name: str) -> list[dict[str, Any]]:
    return [each.inputs["spec"] for each in replicas(recorded, name)]


def zones(stack: str) -> list[str]:
    return list(settings(stack).network.zones)


@pytest.mark.parametrize(("stack", "name"), product(STACKS, PAIRS))
def test_whichever_zone_goes_a_replica_remains(stack: str, name: str) -> None:
    possible = placements(specs(build(settings(stack).monitoring), name), zones(stack))
    assert len(zones(stack)) >= 3
    assert possible
    for placed, lost in product(possible, zones(stack)):
        assert [zone for zone in placed if zone != lost], f"{placed} without {lost}"


def test_the_model_loses_alerts_where_there_is_one_replica_or_no_rule_about_zones() -> None:
    (spec,) = specs(build(SMALL), "prometheus")
    assert ("a",) in placements([spec], "abc")
    assert ("a", "a") in placements([spec, spec], "abc"), "a preference is no promise"


@pytest.mark.parametrize("stack", STACKS)
def test_both_zones_have_a_node_for_platform_pods(stack: str) -> None:
    system = [each for each in settings(stack).node_groups.values() if each.workload == "system"]
    assert sum(each.size for each in system) >= len(zones(stack)), "a node group spreads its nodes over zones"


@pytest.mark.parametrize(("stack", "name"), product(STACKS, PAIRS))
def test_each_replica_has_a_volume_of_the_class_that_follows_its_pod_into_a_zone(stack: str, name: str) -> None:
    recorded = build(settings(stack).monitoring)
    claims = [recorded.named(CLAIM, each.name).inputs for each in replicas(recorded, name)]
    assert len({claim["metadata"]["name"] for claim in claims}) == 2
    for claim in claims:
        assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
        assert claim["spec"]["storageClassName"] == STORAGE_CLASS_NAME


@pytest.mark.parametrize(("stack", "collector"), product(STACKS, COLLECTORS))
def test_a_store_that_is_away_holds_up_no_other(stack: str, collector: Any) -> None:
    chosen = settings(stack).monitoring
    ways = list(routes(configuration(collector, chosen), "prometheus"))
    assert len(ways) == len(metric_stores(chosen))
    shared = set.intersection(*map(set, ways))
    assert shared == {"memory_limiter", "forward/stores"}, "what comes behind hands on at once and waits for nobody"
    for way in ways:
        own = [each for each in way if each not in shared]
        # A batch is handed on by a worker of its own, so that a full queue behind it is nobody else's.
        assert own[-3].startswith("batch/")
        assert own[-2].startswith("otlp_grpc/")


@pytest.mark.parametrize("stack", STACKS)
def test_each_replica_of_prometheus_evaluates_all_rules_and_tells_every_alertmanager(stack: str) -> None:
    recorded = build(settings(stack).monitoring)
    assert PROMETHEUS["rule_files"] == ["rules/*.yaml"]
    (alertmanagers,) = PROMETHEUS["alerting"]["alertmanagers"]
    (found,) = alertmanagers["dns_sd_configs"]
    headless = recorded.named(SERVICE, "alertmanager-replicas").inputs
    assert found["names"] == [f"{headless['metadata']['name']}.monitoring.svc"]
    assert headless["spec"]["clusterIP"] == "None", "a service address would lead to one Alertmanager, perhaps the lost"


@pytest.mark.parametrize("stack", STACKS)
def test_a_roll_and_a_drain_take_one_replica_at_a_time(stack: str) -> None:
    recorded = build(settings(stack).monitoring)
    for name in PAIRS:
        first, second = replicas(recorded, name)
        assert f"{first.type}::{first.name}" in second.depends_on
        budget = recorded.named("kubernetes:policy/v1:PodDisruptionBudget", name).inputs["spec"]
        assert budget["maxUnavailable"] == 1
        for each in (first, second):
            assert each.inputs["spec"].get("updateStrategy", {"type": "RollingUpdate"})["type"] == "RollingUpdate"
            assert "readinessProbe" in containers(each)[0]


@pytest.mark.parametrize("stack", STACKS)
def test_the_cluster_wide_collector_moves_before_its_series_go_stale_or_an_alert_calls_it_missing(stack: str) -> None:
    workload = build(settings(stack).monitoring).named(DEPLOYMENT, "collectors-cluster")
    tolerated = {each["tolerationSeconds"] for each in pod(workload)["tolerations"]}
    assert tolerated == {MOVE_AFTER_SECONDS}
    kinds = {kind for each in pod(workload)["volumes"] for kind in each if kind != "name"}
    assert kinds == {"configMap", "emptyDir"}, "a volume of its own would keep it in the lost zone"
    startup = containers(workload)[0]["startupProbe"]
    slowest_start = int(startup["periodSeconds"] * startup["failureThreshold"])
    gap = NODE_MONITOR_GRACE_SECONDS + MOVE_AFTER_SECONDS + slowest_start
    assert gap < LOOKBACK_SECONDS
    arguments = containers(replicas(build(settings(stack).monitoring), "prometheus")[0])[0]["args"]
    assert not [each for each in arguments if "lookback" in each]
    absences = [rule for rule in RULES if "absent(" in rule.get("expr", "")]
    assert absences
    for rule in absences:
        minutes = re.fullmatch(r"(\d+)m", rule["for"])
        assert minutes, rule["for"]
        assert int(minutes[1]) * 60 > gap, rule["alert"]
