"""The alert rules, and how Prometheus and Alertmanager are told to treat them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.monitoring.workloads import ALERTMANAGER_PORT, FILES, GRAFANA_PORT
from tests.components.monitoring.environment import LARGE, SERVICE, build
from tests.components.monitoring.known_metrics import metric_names, scrape_jobs, unknown_metrics

RULE_FILES = sorted((FILES / "rules").glob("*.yaml"))
GROUPS: list[dict[str, Any]] = [group for file in RULE_FILES for group in yaml.safe_load(file.read_text())["groups"]]
ALERTS: list[dict[str, Any]] = [rule for group in GROUPS for rule in group["rules"]]
PROMETHEUS: dict[str, Any] = yaml.safe_load((FILES / "prometheus.yaml").read_text())
SEVERITIES = {"critical", "warning", "info", "none"}


def by_name(alert: dict[str, Any]) -> str:
    return alert["alert"]


@pytest.mark.parametrize("alert", ALERTS, ids=by_name)
def test_an_alert_says_how_bad_it_is_for_whom_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in SEVERITIES
    assert alert["labels"]["team"] in {"platform", "spark"}
    assert alert["annotations"]["summary"]
    assert alert["annotations"]["description"].endswith(".")


@pytest.mark.parametrize("alert", ALERTS, ids=by_name)
def test_an_alert_asks_for_metrics_that_somebody_emits(alert: dict[str, Any]) -> None:
    assert unknown_metrics(alert["expr"]) == set()


@pytest.mark.parametrize("alert", ALERTS, ids=by_name)
def test_an_alert_names_only_jobs_that_exist(alert: dict[str, Any]) -> None:
    assert set(re.findall(r'\bjob="([^"]+)"', alert["expr"])) <= scrape_jobs().keys()


def test_the_check_of_metrics_finds_one_that_is_dropped_or_unheard_of() -> None:
    assert unknown_metrics("rate(apiserver_watch_events_total[5m]) > made_up{a='b'}") == {
        "apiserver_watch_events_total",
        "made_up",
    }
    assert metric_names('sum by (pod) (rate({__name__=~"otelcol_x(_total)?"}[5m])) > 2e+06') == {"otelcol_x"}


def test_names_of_alerts_and_groups_are_unique() -> None:
    assert len({alert["alert"] for alert in ALERTS}) == len(ALERTS)
    assert len({group["name"] for group in GROUPS}) == len(GROUPS)


def test_the_dead_mans_switch_always_fires() -> None:
    watchdog = next(alert for alert in ALERTS if alert["alert"] == "Watchdog")
    assert watchdog["expr"] == "vector(1)"
    assert "for" not in watchdog


def test_both_replicas_raise_one_alert() -> None:
    assert PROMETHEUS["global"]["external_labels"]["replica"] == "${POD_NAME}"
    assert {"regex": "replica", "action": "labeldrop"} in PROMETHEUS["alerting"]["alert_relabel_configs"]


def test_prometheus_finds_every_alertmanager_and_grafana_by_their_services() -> None:
    services = {each.inputs["metadata"]["name"] for each in build(LARGE).of(SERVICE)}
    (found,) = PROMETHEUS["alerting"]["alertmanagers"][0]["dns_sd_configs"]
    assert found == {"names": ["alertmanager-replicas.monitoring.svc"], "type": "A", "port": ALERTMANAGER_PORT}
    assert {"alertmanager-replicas", "grafana"} <= services
    grafana = next(each for each in PROMETHEUS["scrape_configs"] if each["job_name"] == "grafana")
    assert grafana["dns_sd_configs"] == [{"names": ["grafana.monitoring.svc"], "type": "A", "port": GRAFANA_PORT}]


def test_prometheus_takes_samples_that_come_a_little_late() -> None:
    assert PROMETHEUS["storage"]["tsdb"]["out_of_order_time_window"] == "2h"


def judged(alert: str) -> list[bool]:
    """For each expectation of a unit test of an alert, whether it expects that the alert fires."""
    return [
        bool(expectation["exp_alerts"])
        for file in (Path(__file__).parent / "alerts").glob("*_test.yaml")
        for test in yaml.safe_load(file.read_text())["tests"]
        for expectation in test["alert_rule_test"]
        if expectation["alertname"] == alert
    ]


@pytest.mark.parametrize("alert", ALERTS, ids=by_name)
def test_an_alert_has_series_that_fire_it_and_series_that_do_not(alert: dict[str, Any]) -> None:
    expected = {True} if alert["alert"] == "Watchdog" else {True, False}
    assert set(judged(alert["alert"])) == expected
