"""Recorded monitoring with what it uses in AWS, in the shapes that the stacks use."""

import re
from ipaddress import IPv4Network

import pulumi

from components.account import Account
from components.alerts.alert_topic import AlertTarget
from components.alerts.settings import AlertsSettings
from components.monitoring.alert_routing import NO_TEAMS, TeamReceivers
from components.monitoring.backends import MonitoringBackends
from components.monitoring.destinations import HeadersSecret, MetricsDestination, OtlpDestination
from components.monitoring.monitoring import Monitoring
from components.monitoring.settings import MonitoringSettings
from tests.components.workloads.pods import recorder
from tests.recorder import Recorder, Registration, record

ACCOUNT = Account("dev", "222222222222", "us-east-1")
TOPIC_ARN = "arn:aws:sns:us-east-1:222222222222:alerts"
KEY_ARN = "arn:aws:kms:us-east-1:222222222222:key/alerts"
ZONES = {"us-east-1a": IPv4Network("100.64.0.0/16"), "us-east-1b": IPv4Network("100.65.0.0/20")}
SMALL = MonitoringSettings(storage="in-cluster", availability="single")
LARGE = MonitoringSettings()
# Every setting that adds a destination or a source.
EVERYTHING = MonitoringSettings(
    forward_to=MetricsDestination(
        url="https://metrics.example.com/api/v1/write",
        metrics=("spark_application_.*", "kube_pod_status_phase"),
        headers_secret=HeadersSecret(name="statsboard"),
    ),
    traces_and_logs_to=OtlpDestination(
        url="https://otlp.example.com", headers_secret=HeadersSecret(name="traces", key="otlp-headers")
    ),
    monitors="honoured",
)
SHAPES = {
    "small": SMALL,
    "large": LARGE,
    "managed-single": MonitoringSettings(availability="single"),
    "in-cluster-high": MonitoringSettings(storage="in-cluster"),
    "everything": EVERYTHING,
}

DAEMON_SET = "kubernetes:apps/v1:DaemonSet"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
SERVICE = "kubernetes:core/v1:Service"
TOPIC = "aws:sns/topic:Topic"
WORKSPACE = "aws:amp/workspace:Workspace"
WORKSPACE_URL = "https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1/"


def topic_arn(name: str) -> str:
    """ARN that the recording engine gives a topic."""
    return f"arn:aws:sns:us-east-1:{ACCOUNT.id}:{name}"


def compose(
    settings: MonitoringSettings,
    alerts: AlertsSettings | None = None,
    cluster_name: pulumi.Input[str] = "moka-dev",
    *,
    team_receivers: TeamReceivers = NO_TEAMS,
    protect: bool = True,
) -> Monitoring:
    """Monitoring on its backends, as an environment has them."""
    target = AlertTarget(TOPIC_ARN, KEY_ARN)
    backends = MonitoringBackends(
        "monitoring-backends", settings, ACCOUNT, cluster_name=cluster_name, target=target, protect=protect
    )
    return Monitoring(
        "monitoring",
        settings,
        ACCOUNT,
        alerts=alerts or AlertsSettings(),
        team_receivers=team_receivers,
        target=target,
        heartbeat_arn=backends.heartbeat_arn,
        store=backends.store,
        zones=ZONES,
        protect=protect,
    )


def build(
    settings: MonitoringSettings,
    alerts: AlertsSettings | None = None,
    *,
    team_receivers: TeamReceivers = NO_TEAMS,
    protect: bool = True,
    preview: bool = False,
) -> Recorder:
    """Monitoring under the recording engine, with an endpoint for the workspace and topics that their ARNs name."""
    answers = recorder()
    answers.outputs[TOPIC] = lambda topic: {"arn": topic_arn(topic.name)}
    answers.outputs[WORKSPACE] = lambda _: {"prometheusEndpoint": WORKSPACE_URL}
    return record(
        lambda: compose(settings, alerts, team_receivers=team_receivers, protect=protect), answers, preview=preview
    )


def replicas(recorded: Recorder, name: str) -> list[Registration]:
    """The StatefulSet of each replica of a stateful service, in order."""
    found = [each for each in recorded.of(STATEFUL_SET) if re.fullmatch(rf"{name}-\d", each.name)]
    return sorted(found, key=lambda each: each.name)
