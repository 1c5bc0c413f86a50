"""What people get: a running Alertmanager publishes to an emulated Amazon SNS, as it would to the real one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.sns.models import sns_backends

from components.alerts.settings import AlertsSettings
from components.monitoring.alert_routing import MESSAGES, ROUTING, cluster_routing, to_yaml
from local_cluster.ports import free_port
from tests.components.monitoring.environment import ACCOUNT
from tests.components.monitoring.test_inhibition import Running
from tests.telemetry.process import Process, wait_until

SECONDS = 60
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


@dataclass(frozen=True)
class Message:
    """One message as the topic got it."""

    subject: str
    text: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class Scene:
    """A running Alertmanager, and what reaches the topics."""

    alertmanager: Running
    sent: Callable[[str], list[Message]]


@pytest.fixture(scope="module")
def scene(alertmanager: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    directory = tmp_path_factory.mktemp("messages")
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client = boto3.client(
            "sns",
            region_name=ACCOUNT.region,
            endpoint_url=endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        arns = {name: client.create_topic(Name=name)["TopicArn"] for name in ("alerts", "heartbeat")}
        routing = cluster_routing(AlertsSettings(), ACCOUNT, topic_arn=arns["alerts"], heartbeat_arn=arns["heartbeat"])
        for receiver in routing["receivers"]:
            for topic in receiver.get("sns_configs", []):
                topic["api_url"] = endpoint
        (directory / ROUTING.name).write_text(re.sub("group_wait: .*", "group_wait: 0s", to_yaml(routing)))
        (directory / MESSAGES.name).write_text(MESSAGES.read_text())
        address = f"127.0.0.1:{free_port()}"
        command = [
            alertmanager,
            f"--config.file={directory / ROUTING.name}",
            f"--storage.path={directory / 'data'}",
            f"--web.listen-address={address}",
            "--cluster.listen-address=",
        ]

        def sent(name: str) -> list[Message]:
            topic: Any = sns_backends[DEFAULT_ACCOUNT_ID][ACCOUNT.region].topics[arns[name]]
            return [
                Message(each[2] or "", each[1], {key: value["Value"] for key, value in each[3].items()})
                for each in topic.sent_notifications
            ]

        with Process("alertmanager", command, directory, CREDENTIALS, f"http://{address}/-/ready") as process:
            process.wait_until_ready(SECONDS)
            yield Scene(Running(f"http://{address}"), sent)
    finally:
        server.stop()


def firing(name: str, **labels: str) -> dict[str, str]:
    return {"alertname": name, **labels}


def message_about(scene: Scene, name: str) -> Message:
    """The first message about an alert."""
    found: list[Message] = []

    def arrived() -> bool:
        found[:] = [each for each in scene.sent("alerts") if each.subject.startswith("[FIRING]") and name in each.text]
        return bool(found)

    wait_until(f"a message about {name}", SECONDS, arrived)
    return found[0]


def test_a_message_says_what_it_is_and_what_to_do(scene: Scene) -> None:
    annotations = {
        "summary": "The cluster's database holds 7GiB of its 8 GiB",
        "description": "It turns read-only when full.",
        "runbook_url": "docs/runbooks/EtcdNearlyFull.md",
    }
    alert = firing("EtcdNearlyFull", severity="critical", team="platform")
    scene.alertmanager.raise_only(alert, annotations=annotations)
    message = message_about(scene, "EtcdNearlyFull")
    assert message.subject == "[FIRING] critical: EtcdNearlyFull in moka-dev"
    first, second, third, fourth = message.text.strip().splitlines()
    assert re.fullmatch(r"FIRING since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: The cluster's database holds .*", first)
    assert (second, third) == (annotations["description"], "Runbook: docs/runbooks/EtcdNearlyFull.md")
    assert fourth == "Labels: alertname=EtcdNearlyFull severity=critical team=platform"


def test_a_message_carries_what_subscriptions_filter_by(scene: Scene) -> None:
    scene.alertmanager.raise_only(firing("SparkDriverPending", severity="warning", team="spark"))
    assert message_about(scene, "SparkDriverPending").attributes == {"severity": "warning", "team": "spark"}


def test_an_alert_that_names_no_severity_and_no_team_is_told_all_the_same(scene: Scene) -> None:
    scene.alertmanager.raise_only(firing("Homemade"))
    message = message_about(scene, "Homemade")
    assert message.attributes == {"severity": "warning", "team": "platform"}, "Amazon SNS takes no empty attribute"


def test_a_subject_that_would_be_too_long_for_amazon_sns_is_cut(scene: Scene) -> None:
    scene.alertmanager.raise_only(firing("Long" * 30, severity="critical", team="platform"))
    assert len(message_about(scene, "LongLong").subject) < 100


def test_the_heartbeat_goes_to_its_own_topic_and_nobody_hears_of_it(scene: Scene) -> None:
    watchdog = firing("Watchdog", severity="none", team="platform")
    scene.alertmanager.raise_only(watchdog, firing("NodesNotReady", severity="critical", team="platform"))
    wait_until("a heartbeat", SECONDS, lambda: bool(scene.sent("heartbeat")))
    message_about(scene, "NodesNotReady")
    assert {each.text for each in scene.sent("heartbeat")} == {"Alerting of moka-dev works"}
    assert not [each for each in scene.sent("alerts") if "Watchdog" in each.text]
