"""Real clients of botocore whose answers are an account's of this test: Stubber holds each against AWS's own model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore import xform_name
from botocore.stub import Stubber

Answer = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Refusal:
    """An error that a service answers with.

    Args:
        code: of the error.
        text: its message.
        status: HTTP's number.
    """

    code: str
    text: str = "said the service"
    status: int = 400


DENIED = Refusal("AccessDeniedException", "User is not authorized to perform this action", 403)


@dataclass
class Clients:
    """Clients by service and Region, made once since that takes longest.

    Args:
        answers: call, such as ec2:DescribeVpcs, to what its parameters are answered with.
        calls: every call that was made, with its parameters and its Region.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    calls: list[tuple[str, Mapping[str, Any], str]] = field(default_factory=list)
    _made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a Region."""
        if (service, region) not in self._made:
            self._made[service, region] = self._make(service, region)
        return self._made[service, region]

    def _make(self, service: str, region: str) -> Any:
        session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")
        client = session.client(service, region_name=region)
        stubber = Stubber(client)

        def answer(params: Mapping[str, Any], model: Any, **_: Any) -> None:
            call = f"{service}:{model.name}"
            self.calls.append((call, dict(params), region))
            found = self.answers[call](params)
            method = xform_name(model.name)
            if isinstance(found, Refusal):
                stubber.add_client_error(method, found.code, found.text, found.status)
            else:
                stubber.add_response(method, found)

        # Before Stubber looks for the next answer.
        client.meta.events.register_first("before-parameter-build.*.*", answer)
        stubber.activate()
        return client
