"""A receiver of alerts outside AWS: a webhook, or a PagerDuty service.

Its address or key is a secret. It lies in a Kubernetes Secret that people make in the namespace of Alertmanager, which
reads it from a file; settings and Pulumi's state only hold the Secret's name.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model, Violation

Severity = Literal["critical", "warning", "info"]
Team = Literal["platform", "spark"]
# Kubernetes documentation, "Object Names and IDs": a DNS subdomain name.
SecretName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        max_length=253,
        description="Name of a Kubernetes Secret, such as spark-chat.",
    ),
]
ReceiverName = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$")]

# Key of the Secret that each kind of receiver reads.
SECRET_KEYS = {"webhook": "url", "pagerduty": "routing-key"}


class AlertReceiver(Model):
    """Which alerts a receiver gets, and which Secret says where it is.

    The Secret of a webhook holds `url`, that of PagerDuty `routing-key`:

        kubectl --namespace monitoring create secret generic spark-chat --from-env-file=/dev/stdin

    Source: Alertmanager documentation, "Configuration", <webhook_config> and <pagerduty_config>.
    """

    kind: Annotated[Literal["webhook", "pagerduty"], OnChange(in_place("restarts Alertmanager"))]
    """What it speaks."""

    secret: Annotated[SecretName, OnChange(in_place("restarts Alertmanager"))]
    """The Secret in namespace monitoring; alerts to it fail, and an alert says so, until it is there."""

    severities: Annotated[tuple[Severity, ...], Field(min_length=1), OnChange(in_place("restarts Alertmanager"))] = (
        "critical",
    )
    """Severities that it gets."""

    teams: Annotated[tuple[Team, ...], Field(min_length=1), OnChange(in_place("restarts Alertmanager"))] = (
        "platform",
        "spark",
    )
    """Whose alerts it gets, by their label `team`; where teams name it as a receiver, it also gets those of their
    namespaces, whatever their label, and none of another team's."""

    @property
    def secret_key(self) -> str:
        """Key of the Secret, which becomes a file name."""
        return SECRET_KEYS[self.kind]

    def rules(self) -> Iterable[Violation]:
        """Nothing is said twice."""
        for field in ("severities", "teams"):
            values: tuple[str, ...] = getattr(self, field)
            if len(set(values)) < len(values):
                yield Violation(
                    field,
                    list(values),
                    "must not repeat a value",
                    "a repeated one has no effect and hides one that was meant",
                    "list every value once",
                )
