"""Who hears of an alert: the files that the two Alertmanagers get, judged by Alertmanager's own tool."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.alerts.receiver import AlertReceiver
from components.alerts.settings import OWN_RECEIVERS, AlertsSettings
from components.monitoring.alert_routing import (
    CLUSTER_WORKS,
    MESSAGES,
    NO_TEAMS,
    ROUTING,
    Config,
    TeamReceivers,
    cluster_routing,
    managed_definition,
    managed_routing,
    to_yaml,
)
from components.monitoring.rules import RULE_FILES
from tests.components.monitoring.environment import ACCOUNT, TOPIC_ARN

HEARTBEAT_ARN = "arn:aws:sns:us-east-1:222222222222:heartbeat"
RECEIVERS = AlertsSettings(
    receivers={
        "pager": AlertReceiver(kind="pagerduty", secret="pager"),
        "spark-chat": AlertReceiver(
            kind="webhook", secret="chat", severities=("critical", "warning", "info"), teams=("spark",)
        ),
    },
    heartbeat_secret="dead-mans-switch",
)
OF_TEAMS = AlertsSettings(
    receivers={
        "pager": AlertReceiver(kind="pagerduty", secret="pager"),
        "ads-chat": AlertReceiver(kind="webhook", secret="ads", severities=("critical", "warning"), teams=("spark",)),
        "sales-chat": AlertReceiver(kind="webhook", secret="sales"),
        "shared": AlertReceiver(kind="webhook", secret="shared", severities=("critical", "info")),
    }
)
# One team's name begins as another's, and one names nobody.
TEAM_RECEIVERS: TeamReceivers = {
    "spark-ads": ("ads-chat", "shared"),
    "spark-ads-batch": ("shared",),
    "spark-sales": ("sales-chat",),
    "spark-quiet": (),
}
ALERTS: list[dict[str, Any]] = [
    rule
    for file in RULE_FILES
    for group in yaml.safe_load(file.read_text())["groups"]
    for rule in group["rules"]
    if "alert" in rule
]


def cluster(settings: AlertsSettings = RECEIVERS, team_receivers: TeamReceivers = NO_TEAMS) -> Config:
    return cluster_routing(
        settings, ACCOUNT, topic_arn=TOPIC_ARN, heartbeat_arn=HEARTBEAT_ARN, team_receivers=team_receivers
    )


def managed() -> Config:
    return managed_routing(ACCOUNT, topic_arn=TOPIC_ARN, heartbeat_arn=HEARTBEAT_ARN)


CONFIGURATIONS = {
    "cluster": cluster(),
    "teams": cluster(OF_TEAMS, TEAM_RECEIVERS),
    "without-receivers": cluster(AlertsSettings()),
    "managed": managed(),
}


def written(config: Config, directory: Path) -> Path:
    """The configuration as Alertmanager finds it, its templates beside it."""
    path = directory / ROUTING.name
    # Webhooks read their address from a file since Alertmanager 0.26, and the oldest tool that this must pass is 0.25.
    path.write_text(re.sub(r"\burl_file: \S+", "url: http://127.0.0.1/", to_yaml(config)))
    (directory / MESSAGES.name).write_text(MESSAGES.read_text())
    return path


def receiver(config: Config, name: str) -> dict[str, Any]:
    (found,) = [each for each in config["receivers"] if each["name"] == name]
    return found


def told(amtool: Path, path: Path, **labels: str) -> set[str]:
    """Receivers that an alert with these labels reaches."""
    command = [amtool, "config", "routes", "test", f"--config.file={path}"]
    done = subprocess.run(
        [*command, *(f"{name}={value}" for name, value in labels.items())],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.strip().split(","))


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_alertmanager_accepts_what_is_rendered_and_its_templates(name: str, amtool: Path, tmp_path: Path) -> None:
    path = written(CONFIGURATIONS[name], tmp_path)
    done = subprocess.run([amtool, "check-config", path], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 templates" in done.stdout


def test_the_file_of_the_repository_runs_as_it_is(amtool: Path) -> None:
    subprocess.run([amtool, "check-config", ROUTING], capture_output=True, timeout=60, check=True)


@pytest.mark.parametrize(
    ("severity", "team", "expected"),
    [
        ("critical", "platform", {"pager", "topic"}),
        ("critical", "spark", {"pager", "spark-chat", "topic"}),
        ("warning", "platform", {"topic"}),
        ("warning", "spark", {"spark-chat", "topic"}),
        ("info", "platform", {"nobody"}),
        ("info", "spark", {"spark-chat", "nobody"}),
        ("none", "platform", {"nobody"}),
        ("none", "spark", {"nobody"}),
        # What somebody's own rule may say, or leave out.
        ("page", "platform", {"topic"}),
        ("critical", "data", {"topic"}),
    ],
)
def test_an_alert_goes_to_those_who_ask_for_its_severity_and_team(
    severity: str, team: str, expected: set[str], amtool: Path, tmp_path: Path
) -> None:
    assert told(amtool, written(cluster(), tmp_path), severity=severity, team=team, alertname="Any") == expected


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        # A team's receivers hear of its namespace, by their severities, whoever the alert is labelled for.
        (("spark-ads", "critical", "spark"), {"ads-chat", "shared", "pager", "topic"}),
        (("spark-ads", "critical", "platform"), {"ads-chat", "shared", "pager", "topic"}),
        (("spark-ads", "warning", "platform"), {"ads-chat", "topic"}),
        (("spark-ads", "info", "spark"), {"shared", "nobody"}),
        # And of no other team's, however its name begins.
        (("spark-ads-batch", "critical", "spark"), {"shared", "pager", "topic"}),
        (("spark-ads-batch", "warning", "spark"), {"topic"}),
        (("spark-sales", "critical", "spark"), {"sales-chat", "pager", "topic"}),
        (("spark-sales", "warning", "spark"), {"topic"}),
        (("spark-quiet", "critical", "spark"), {"pager", "topic"}),
        # What is of no team's namespace goes to whoever asks for it, as it does without teams.
        (("", "critical", "spark"), {"ads-chat", "sales-chat", "shared", "pager", "topic"}),
        (("", "critical", "platform"), {"sales-chat", "shared", "pager", "topic"}),
        (("monitoring", "critical", "platform"), {"sales-chat", "shared", "pager", "topic"}),
        (("spark-history", "warning", "spark"), {"ads-chat", "topic"}),
        (("spark-ads", "none", "spark"), {"nobody"}),
    ],
)
def test_alerts_of_a_teams_namespace_go_to_its_receivers_and_to_no_other_teams(
    labels: tuple[str, str, str], expected: set[str], amtool: Path, tmp_path: Path
) -> None:
    namespace, severity, team = labels
    path = written(CONFIGURATIONS["teams"], tmp_path)
    where = {"namespace": namespace} if namespace else {}
    assert told(amtool, path, severity=severity, team=team, alertname="Any", **where) == expected


def test_without_teams_that_name_receivers_routes_are_those_of_settings_alone() -> None:
    assert cluster(RECEIVERS, {"spark-ads": (), "spark-sales": ()}) == cluster(RECEIVERS)


def test_nobody_is_told_of_one_alert_by_two_routes() -> None:
    everyone = CONFIGURATIONS["teams"]["route"]["routes"][-1]["routes"]
    for name in OF_TEAMS.receivers:
        own = [each["matchers"] for each in everyone if each["receiver"] == name]
        named = [
            matcher.partition('"')[2][:-1] for each in own for matcher in each if matcher.startswith("namespace = ")
        ]
        assert sorted(named) == sorted(space for space, told in TEAM_RECEIVERS.items() if name in told)
        (elsewhere,) = [each for each in own if not any(matcher.startswith("namespace = ") for matcher in each)]
        left_out = [each for each in elsewhere if each.startswith("namespace !~ ")]
        assert left_out == (['namespace !~ "spark-ads|spark-ads-batch|spark-quiet|spark-sales"'] if named else [])


@pytest.mark.parametrize("name", ["managed", "without-receivers"])
@pytest.mark.parametrize(
    ("severity", "expected"), [("critical", "topic"), ("warning", "topic"), ("info", "nobody"), ("none", "nobody")]
)
def test_without_receivers_of_settings_the_topic_hears_of_every_alert_that_asks_for_somebody(
    name: str, severity: str, expected: str, amtool: Path, tmp_path: Path
) -> None:
    path = written(CONFIGURATIONS[name], tmp_path)
    assert told(amtool, path, severity=severity, team="platform", alertname="Any") == {expected}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_dead_mans_switch_goes_to_the_heartbeat_alone(name: str, amtool: Path, tmp_path: Path) -> None:
    path = written(CONFIGURATIONS[name], tmp_path)
    assert told(amtool, path, alertname="Watchdog", severity="none", team="platform") == {"heartbeat"}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_topics_are_published_to_with_the_role_of_the_publisher(name: str) -> None:
    for each, arn in (("topic", TOPIC_ARN), ("heartbeat", HEARTBEAT_ARN)):
        (topic,) = receiver(CONFIGURATIONS[name], each)["sns_configs"]
        assert topic["topic_arn"] == arn
        assert topic["sigv4"] == {"region": "us-east-1"}, "a key would be a secret"


def test_addresses_and_keys_are_read_from_the_secrets_of_their_receivers() -> None:
    (chat,) = receiver(cluster(), "spark-chat")["webhook_configs"]
    assert chat["url_file"] == "/etc/alertmanager-secrets/spark-chat/url"
    (pager,) = receiver(cluster(), "pager")["pagerduty_configs"]
    assert pager["routing_key_file"] == "/etc/alertmanager-secrets/pager/routing-key"
    (heartbeat,) = receiver(cluster(), "heartbeat")["webhook_configs"]
    assert heartbeat == {"url_file": "/etc/alertmanager-secrets/heartbeat/url", "send_resolved": False}
    assert "webhook_configs" not in receiver(cluster(AlertsSettings()), "heartbeat")


def test_whoever_gets_a_critical_alert_gets_it_at_once_and_again_after_two_hours() -> None:
    hurried = [each for each in routes(cluster()["route"]) if each.get("matchers") == ['severity = "critical"']]
    assert len(hurried) == len(RECEIVERS.receivers) + 1, "every receiver of settings, and the topic"
    assert {(each["group_wait"], each["repeat_interval"]) for each in hurried} == {("10s", "2h")}


def test_heartbeats_come_every_minute_or_two_and_are_never_taken_back() -> None:
    for config in CONFIGURATIONS.values():
        (route,) = [each for each in config["route"]["routes"] if each["receiver"] == "heartbeat"]
        assert (route["group_wait"], route["group_interval"], route["repeat_interval"]) == ("0s", "30s", "1m")
        assert receiver(config, "heartbeat")["sns_configs"][0]["send_resolved"] is False


def test_the_workspace_keeps_still_while_the_cluster_notifies_and_the_cluster_never_does() -> None:
    silence = {"source_matchers": [f'alertname = "{CLUSTER_WORKS}"'], "target_matchers": ['severity != "none"']}
    assert silence in managed()["inhibit_rules"]
    assert [each for each in managed()["inhibit_rules"] if each != silence] == cluster()["inhibit_rules"]
    assert CLUSTER_WORKS in {alert["alert"] for alert in ALERTS}


def test_the_workspace_gets_no_property_that_the_service_refuses() -> None:
    for each in managed()["receivers"]:
        assert set(each) <= {"name", "sns_configs"}
        for topic in each.get("sns_configs", []):
            assert not {"api_url", "http_config"} & set(topic)
            assert topic["sigv4"]["region"]
    quotas = {"inhibit_rules": 100, "receivers": 100}
    assert all(len(managed()[key]) <= most for key, most in quotas.items())
    assert len(list(routes(managed()["route"]))) <= 100


def test_the_definition_of_the_workspace_holds_the_configuration_as_text_and_the_templates_by_name() -> None:
    definition = yaml.safe_load(managed_definition(managed()))
    assert set(definition) == {"alertmanager_config", "template_files"}
    assert yaml.safe_load(definition["alertmanager_config"]) == managed()
    assert definition["template_files"] == {name: MESSAGES.read_text() for name in managed()["templates"]}


def routes(route: dict[str, Any]) -> list[dict[str, Any]]:
    return [route, *(inner for each in route.get("routes", []) for inner in routes(each))]


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_every_receiver_has_a_route(name: str) -> None:
    config = CONFIGURATIONS[name]
    used = {route["receiver"] for route in routes(config["route"]) if "receiver" in route}
    assert used == {each["name"] for each in config["receivers"]}
    assert set(OWN_RECEIVERS) <= used


def test_routes_and_inhibitions_name_alerts_severities_and_teams_that_exist() -> None:
    matchers = [matcher for route in routes(managed()["route"]) for matcher in route.get("matchers", [])]
    for rule in managed()["inhibit_rules"]:
        matchers += [*rule["source_matchers"], *rule["target_matchers"]]
    known = {
        "alertname": {alert["alert"] for alert in ALERTS},
        "severity": {"critical", "warning", "info", "none"},
        "team": {"platform", "spark"},
    }
    for matcher in matchers:
        parts = re.fullmatch(r'(\w+) (?:=~?|!=) "([^"]+)"', matcher)
        assert parts, matcher
        assert set(parts[2].split("|")) <= known[parts[1]], matcher


def test_no_alert_holds_back_one_that_is_worse_than_itself() -> None:
    ranks = {"none": 0, "info": 1, "warning": 2, "critical": 3}
    severities = {alert["alert"]: ranks[alert["labels"]["severity"]] for alert in ALERTS}
    for rule in cluster()["inhibit_rules"]:
        names = [
            set(re.findall(r"[A-Z]\w+", "".join(rule[side]).partition("=")[2]))
            for side in ("source_matchers", "target_matchers")
        ]
        for source in names[0]:
            for target in names[1]:
                assert severities[source] >= severities[target], f"{source} holds back {target}"
                assert source != target


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_a_subject_fits_amazon_sns(alert: dict[str, Any]) -> None:
    longest = f"[RESOLVED] {alert['labels']['severity']}: {alert['alert']} in moka-production"
    assert len(longest) < 100
    assert len(alert["alert"]) <= 50, "the template cuts it there"
    assert longest.isascii()
