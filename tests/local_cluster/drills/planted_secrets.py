"""Secrets planted in every place of a stack's Kubernetes where people put some, and pods that use them.

Every place that the pages of `docs/` name a Secret for is here, and two of a team's own.
"""

from typing import Any

from components.images.table import PYTHON
from components.teams.names import namespace_of
from tests.local_cluster.drills.attempts import TEAM, of_team, with_image
from tests.local_cluster.drills.planted_objects import container, made, pod
from tests.secrets.planted import planted
from tests.stack_files import settings

Object = dict[str, Any]

MONITORING, SPARK_UI, OF_TEAM = "monitoring", "spark-ui", namespace_of(TEAM)
_CHAT = "chat.moka.internal"

# What makes the platform read each of them: docs/alerts.md, docs/metrics.md, docs/live-ui.md.
SETTINGS: dict[str, Any] = {
    "alerts/receivers": {
        "pager": {"kind": "pagerduty", "secret": "pager"},
        "chat": {"kind": "webhook", "secret": "chat"},
    },
    "alerts/heartbeat_secret": "heartbeat",
    "monitoring/forward_to": {
        "url": "https://metrics.moka.internal/api/v1/write",
        "metrics": ["up"],
        "headers_secret": {"name": "metrics-store", "key": "headers"},
    },
    "monitoring/traces_and_logs_to": {
        "url": "https://otlp.moka.internal",
        "headers_secret": {"name": "otlp", "key": "headers"},
    },
    "spark/live_ui": {
        "host": "spark-ui.dev.moka.internal",
        "certificate_arn": "arn:aws:acm:us-east-1:222222222222:certificate/11111111-2222-3333-4444-555555555555",
        "allowed_cidrs": ["10.200.0.0/16"],
        "issuer_url": "https://login.moka.internal/realms/company",
        "client_id": "spark-ui",
        "groups": {TEAM: "data-analytics"},
    },
}
RECEIVERS = ("pager", "chat", "heartbeat")
# Places whose value is a variable of a container that runs: a node's containerd keeps those on its disk.
VARIABLES = ("MetricsHeaders", "TracesHeaders", "TeamVariable")
# Places whose value a container that runs has as a file.
TEAM_FILES = ("TeamFile", "CallAgent", "CallHeader", "CallQuery")
FILES = ("AlertPager", "AlertChat", "AlertHeartbeat", *TEAM_FILES)
# Where the team's pod has them.
MOUNT = "/planted"

_USER = {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}


def secrets() -> list[Object]:
    """The Secrets, each with values that occur nowhere else."""
    return [
        _secret(MONITORING, "pager", {"routing-key": planted("AlertPager")}),
        _secret(MONITORING, "chat", {"url": f"https://{_CHAT}/hooks/{planted('AlertChat')}"}),
        _secret(MONITORING, "heartbeat", {"url": f"https://{_CHAT}/beats/{planted('AlertHeartbeat')}"}),
        _secret(MONITORING, "metrics-store", {"headers": f'{{"Authorization": "Bearer {planted("MetricsHeaders")}"}}'}),
        _secret(MONITORING, "otlp", {"headers": f'{{"X-Key": "{planted("TracesHeaders")}"}}'}),
        _secret(OF_TEAM, "planted-file", {place: planted(place) for place in TEAM_FILES}),
        _secret(OF_TEAM, "planted-variable", {"key": planted("TeamVariable")}),
    ]


def login_secret() -> Object:
    """The Secret of the live Spark UI, whose namespace comes with the setting."""
    values = {"client-secret": planted("LoginClient"), "cookie-secret": planted("LoginCookie")}
    return _secret(SPARK_UI, "spark-ui-login", values)


def pods(program: str) -> list[Object]:
    """A pod of the team with a Secret as a file, which runs a program, and one with a Secret as a variable.

    Args:
        program: text of Python; the pod stays when it is through.
    """
    mount = {"name": "planted", "mountPath": MOUNT, "readOnly": True}
    volume = {"name": "planted", "secret": {"secretName": "planted-file"}}
    variable = {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "planted-variable", "key": "key"}}}
    return [
        _pod("planted-file", program, {"volumes": [volume]}, volumeMounts=[mount]),
        _pod("planted-variable", "import os; print(len(os.environ['KEY']), flush=True)", {}, env=[variable]),
    ]


def _secret(namespace: str, name: str, values: dict[str, str]) -> Object:
    content = made("Secret", name=name, stringData=values)
    return {**content, "metadata": {"name": name, "namespace": namespace}}


def _pod(name: str, program: str, spec: dict[str, Any], **more: Any) -> Object:
    image = PYTHON.below(settings("dev").account.images).reference
    words = ["/usr/bin/python3", "-c", f"{program}\nimport time\ntime.sleep(86400)"]
    made_pod = of_team(pod({**spec, "securityContext": _USER, "containers": [container(command=words, **more)]}, name))
    return with_image(made_pod, image)
