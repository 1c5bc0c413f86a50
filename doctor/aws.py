"""Questions to AWS: each declared by the check that asks it, and each refusal told apart from other errors."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from doctor.actions import action_of

# As services spell it; Amazon S3 answers a HEAD without a body, so that only the number is left.
_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized", "403"}
)

ClientOf = Callable[[str, str], Any]


class CallError(Exception):
    """AWS answered a call with an error.

    Args:
        call: service and operation.
        code: of the error.
        text: its message.
    """

    def __init__(self, call: str, code: str, text: str) -> None:
        super().__init__(f"{action_of(call)}: {code}: {text}")
        self.call = call
        self.code = code
        self.text = text


class DeniedError(CallError):
    """The identity may not make the call."""


class Aws:
    """Clients of one identity, which only make the calls of the check that runs.

    Args:
        client_of: gives botocore's client of a service in a Region.
        region: the stack's Region.
    """

    def __init__(self, client_of: ClientOf, region: str) -> None:
        self.region = region
        self.allowed: Collection[str] = ()
        self._client_of = client_of
        self._clients: dict[tuple[str, str], Any] = {}

    def ask(self, call: str, *, region: str | None = None, **parameters: Any) -> dict[str, Any]:
        """One answer.

        Args:
            call: service and operation, such as ec2:DescribeVpcs.
            region: another Region than the stack's.
            parameters: of the operation.

        Raises:
            DeniedError: when the identity may not.
            CallError: when the answer is another error.
            botocore.exceptions.BotoCoreError: when there are no credentials, or nobody answers.
        """
        client, method = self._method(call, region)
        try:
            return getattr(client, method)(**parameters)
        except ClientError as error:
            raise _told(call, error) from error

    def pages(self, call: str, key: str, *, region: str | None = None, **parameters: Any) -> Iterator[Any]:
        """Everything under a key of all pages of an answer; raises what `ask` does."""
        client, method = self._method(call, region)
        try:
            for page in client.get_paginator(method).paginate(**parameters):
                yield from page.get(key) or ()
        except ClientError as error:
            raise _told(call, error) from error

    def _method(self, call: str, region: str | None) -> tuple[Any, str]:
        if call not in self.allowed:
            raise ValueError(f"{call} is not among the calls that the check declares: {', '.join(self.allowed)}")
        service, _, operation = call.partition(":")
        place = (service, region or self.region)
        if place not in self._clients:
            self._clients[place] = self._client_of(*place)
        return self._clients[place], xform_name(operation)


def _told(call: str, error: ClientError) -> CallError:
    details = error.response.get("Error", {})
    code, text = str(details.get("Code")), str(details.get("Message"))
    return (DeniedError if code in _DENIED else CallError)(call, code, text)
