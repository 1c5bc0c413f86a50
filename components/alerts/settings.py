"""What one environment decides about who hears of its alarms and alerts."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from components.alerts.receiver import AlertReceiver, ReceiverName, SecretName
from components.change import OnChange, in_place
from components.model import Model, Violation

# Receivers that every environment has; see monitoring/files/alertmanager.yaml.
OWN_RECEIVERS = ("heartbeat", "nobody", "topic")

EmailAddress = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$",
        max_length=254,
        description="E-mail address in lower case, such as on-call@example.com.",
    ),
]


class AlertsSettings(Model):
    """Who is told."""

    email_addresses: Annotated[
        tuple[EmailAddress, ...], Field(max_length=20), OnChange(in_place("each new address must confirm"))
    ] = ()
    """Addresses that get every alarm and alert; each must confirm the message that Amazon SNS sends it first."""

    authentication_failures: Annotated[int, Field(ge=1, le=100_000), OnChange(in_place())] = 10
    """Log-ins that the Kubernetes API refuses within five minutes that raise an alarm; a few are everyday mistakes."""

    watch_admin_roles: Annotated[bool, OnChange(in_place())] = True
    """Raise an alarm when a role of cluster.access.admin uses the Kubernetes API; false where people work as one."""

    receivers: Annotated[dict[ReceiverName, AlertReceiver], OnChange(in_place("restarts Alertmanager"))] = Field(
        default={}, max_length=20
    )
    """Receiver name to whom Alertmanager in the cluster tells besides the topic, which gets every critical alert and
    every warning in any case."""

    heartbeat_secret: Annotated[SecretName | None, OnChange(in_place("restarts Alertmanager"))] = None
    """Secret in namespace monitoring whose `url` gets a request every minute or two while alerting works, for a service
    outside AWS that calls somebody when it stays away. An alarm in CloudWatch watches for that in any case."""

    def rules(self) -> Iterable[Violation]:
        """Nobody is told twice, and no receiver takes the place of one that is always there."""
        for name in sorted(self.receivers.keys() & set(OWN_RECEIVERS)):
            yield Violation(
                f"receivers.{name}",
                name,
                f"must not be one of {', '.join(OWN_RECEIVERS)}",
                "every environment has receivers of these names",
                f"call it otherwise, such as {name}-chat",
            )
        for index, address in enumerate(self.email_addresses):
            if address in self.email_addresses[:index]:
                yield Violation(
                    f"email_addresses.{index}",
                    address,
                    "must not repeat an address",
                    "Amazon SNS keeps one subscription per address, so the second could not be made",
                    "list every address once",
                )
