"""The receiver of alerts: keeps each notification as Alertmanager's webhook sends it."""

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.telemetry.server import Server, send


@dataclass(frozen=True)
class Told:
    """One alert of one notification.

    Args:
        receiver: of the notification.
        status: firing or resolved.
        labels: of the alert.
        annotations: of the alert.
        starts_at: when it began to fire, which tells one occurrence from the next.
    """

    receiver: str
    status: str
    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: str

    @property
    def name(self) -> str:
        """The alert's name."""
        return self.labels["alertname"]


class Webhook:
    """Takes what Alertmanager posts."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.server = Server(self._answer)

    def about(self, name: str, status: str = "firing") -> list[Told]:
        """What was told of an alert, in order."""
        return [each for each in self.told if each.name == name and each.status == status]

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        message: dict[str, Any] = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        self.told += [
            Told(message["receiver"], each["status"], each["labels"], each["annotations"], each["startsAt"])
            for each in message["alerts"]
        ]
        send(request, 200, "")
