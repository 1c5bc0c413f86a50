"""Which alerts a running Alertmanager holds back, with the files that the cluster and the workspace get.

Nobody is told: receivers have their names and no address, so that no address but the loopback one is used.
"""

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.alerts.settings import AlertsSettings
from components.monitoring.alert_routing import (
    CLUSTER_WORKS,
    MESSAGES,
    NO_TEAMS,
    ROUTING,
    Config,
    cluster_routing,
    managed_routing,
    to_yaml,
)
from components.monitoring.alert_table import alerts
from local_cluster.ports import free_port
from tests.components.monitoring.environment import ACCOUNT
from tests.telemetry.process import Process, wait_until

SECONDS = 30
ARNS = {
    "topic_arn": "arn:aws:sns:us-east-1:222222222222:alerts",
    "heartbeat_arn": "arn:aws:sns:us-east-1:222222222222:h",
}
CLUSTER = cluster_routing(AlertsSettings(), ACCOUNT, **ARNS, team_receivers=NO_TEAMS)
MANAGED = managed_routing(ACCOUNT, **ARNS)
SEVERITIES = {alert.name: alert.severity for alert in alerts()}
RULES: list[dict[str, Any]] = yaml.safe_load(ROUTING.read_text())["inhibit_rules"]
PLACE = {"node": "node-1", "pod": "pod-1", "namespace": "spark-jobs"}


class Running:
    """An Alertmanager that answers at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def raise_only(self, *raised: dict[str, str], annotations: dict[str, str] | None = None) -> None:
        """Let alerts with these labels fire, and no others any more."""
        now = datetime.now(UTC)
        for labels in self._labels():
            self._post([self._alert(labels, now - timedelta(hours=1), now - timedelta(seconds=1))])
        wait_until("the last alerts are over", SECONDS, lambda: not self._labels())
        later = now + timedelta(hours=1)
        self._post([self._alert(labels, now, later) | {"annotations": annotations or {}} for labels in raised])
        wait_until("the alerts are there", SECONDS, lambda: len(self._labels()) == len(raised))

    def held_back(self) -> set[str]:
        """Names of the alerts that are inhibited."""
        return {each["labels"]["alertname"] for each in self._get() if each["status"]["inhibitedBy"]}

    def _labels(self) -> list[dict[str, str]]:
        return [each["labels"] for each in self._get()]

    def _alert(self, labels: dict[str, str], start: datetime, end: datetime) -> dict[str, Any]:
        return {"labels": labels, "startsAt": start.isoformat(), "endsAt": end.isoformat()}

    def _get(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/api/v2/alerts", timeout=10) as answer:
            return json.load(answer)

    def _post(self, raised: list[dict[str, Any]]) -> None:
        body = json.dumps(raised).encode()
        request = urllib.request.Request(f"{self.url}/api/v2/alerts", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10):
            pass


def running(config: Config, program: Path, directory: Path) -> Iterator[Running]:
    """The program with a configuration whose receivers have no address."""
    silent = config | {"receivers": [{"name": each["name"]} for each in config["receivers"]]}
    (directory / ROUTING.name).write_text(to_yaml(silent))
    (directory / MESSAGES.name).write_text(MESSAGES.read_text())
    address = f"127.0.0.1:{free_port()}"
    command = [
        program,
        f"--config.file={directory / ROUTING.name}",
        f"--storage.path={directory / 'data'}",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",
    ]
    with Process("alertmanager", command, directory, {}, f"http://{address}/-/ready") as process:
        process.wait_until_ready(SECONDS)
        yield Running(f"http://{address}")


@pytest.fixture(scope="module")
def cluster(alertmanager: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from running(CLUSTER, alertmanager, tmp_path_factory.mktemp("cluster"))


@pytest.fixture(scope="module")
def workspace(alertmanager: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from running(MANAGED, alertmanager, tmp_path_factory.mktemp("workspace"))


def names(matchers: list[str]) -> list[str]:
    """Alerts that matchers of alertname name."""
    (found,) = [re.fullmatch(r'alertname =~? "([^"]+)"', each) for each in matchers]
    assert found
    return found[1].split("|")


def firing(name: str, **place: str) -> dict[str, str]:
    """Labels of an alert, at a place."""
    return {"alertname": name, "severity": SEVERITIES[name], "team": "platform", **(place or PLACE)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: "".join(rule["source_matchers"]).partition("=")[2])
def test_what_follows_from_something_worse_is_held_back_while_that_fires(
    rule: dict[str, Any], cluster: Running
) -> None:
    targets = set(names(rule["target_matchers"]))
    for source in names(rule["source_matchers"]):
        cluster.raise_only(firing(source), *(firing(target) for target in targets))
        assert targets <= cluster.held_back(), f"{source} fires"
        assert source not in cluster.held_back(), "the one that says it all is told"


@pytest.mark.parametrize("target", sorted({name for rule in RULES for name in names(rule["target_matchers"])}))
def test_the_same_alert_is_told_when_nothing_worse_fires(target: str, cluster: Running) -> None:
    cluster.raise_only(firing(target), firing("Watchdog"))
    assert cluster.held_back() == set()


@pytest.mark.parametrize(
    ("fault", "told", "held_back"),
    [
        ("a zone", "NodesNotReady", {"NodeNotReady", "DaemonSetPodsMissing", "FluentBitMissingOnNodes"}),
        ("the collectors", "CollectorsMissing", {"KubeStateMetricsMissing", "TargetsDown", "FluentBitNotScraped"}),
        ("the scheduler", "YuniKornDown", {"YuniKornHangs", "YuniKornAllocatesNothing", "SparkDriverPending"}),
        ("a scheduler that hangs", "YuniKornHangs", {"YuniKornAllocatesNothing", "SparkExecutorsPending"}),
        ("addresses", "PodAddressesExhausted", {"NodeGetsNoAddresses", "ZoneAddressesRunShort", "SparkDriverPending"}),
        ("a webhook", "AdmissionWebhookFails", {"SparkSubmissionsFail", "ApiServerSlow"}),
        ("names", "ClusterDnsDown", {"ClusterDnsErrors", "SparkApplicationsFail", "SparkDriversFail"}),
        ("uploads", "FluentBitErrors", {"FluentBitPaused", "FluentBitHandsNothingOn", "FluentBitLinesMissing"}),
        ("a store", "CollectorFailsToSend", {"CollectorQueueNearlyFull"}),
    ],
)
def test_one_fault_is_told_once(fault: str, told: str, held_back: set[str], cluster: Running) -> None:
    cluster.raise_only(firing(told), *(firing(name) for name in held_back))
    assert cluster.held_back() == held_back, f"{fault} fails"


def test_a_node_holds_back_its_own_alerts_and_not_another_nodes(cluster: Running) -> None:
    cluster.raise_only(firing("NodeNotReady", node="a"), firing("NodeUnderPressure", node="b"))
    assert cluster.held_back() == set()
    cluster.raise_only(firing("NodeNotReady", node="a"), firing("NodeUnderPressure", node="a"))
    assert cluster.held_back() == {"NodeUnderPressure"}


def test_the_workspace_holds_back_every_alert_while_the_cluster_notifies(workspace: Running) -> None:
    workspace.raise_only(*(firing(name) for name in SEVERITIES))
    assert workspace.held_back() == {name for name, severity in SEVERITIES.items() if severity != "none"}
    assert "Watchdog" not in workspace.held_back(), "its own heartbeat goes on"


def test_the_workspace_speaks_when_the_cluster_does_not(workspace: Running) -> None:
    workspace.raise_only(firing("EtcdNearlyFull"), firing("Watchdog"))
    assert workspace.held_back() == set()


def test_the_cluster_tells_although_it_knows_that_it_works(cluster: Running) -> None:
    cluster.raise_only(firing("EtcdNearlyFull"), firing(CLUSTER_WORKS))
    assert cluster.held_back() == set()


def test_alerts_without_a_cluster_label_are_held_back_as_well(workspace: Running) -> None:
    """In the workspace, alerts over sums carry no label of their cluster, and alerts on one series do."""
    workspace.raise_only(firing("NodesNotReady"), firing("NodeNotReady", cluster="moka-dev", node="a"))
    assert workspace.held_back() == {"NodeNotReady"}
