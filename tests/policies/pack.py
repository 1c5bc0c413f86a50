"""The real policy pack, started as the engine starts it, and asked over its own protocol."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from offline.progress import say
from offline.python_environment import python_environment
from policies.resource import Resource

POLICIES = Path(__file__).parents[2] / "policies"
_SECONDS = 60


@dataclass(frozen=True)
class Told:
    """One finding of the pack: the policy's name, what it says, of which resource, and whether it stops a change."""

    policy: str
    message: str
    urn: str
    is_mandatory: bool


class Pack:
    """A pack that listens.

    Args:
        port: of the loopback address.
    """

    def __init__(self, port: int) -> None:
        self._stub = analyzer_pb2_grpc.AnalyzerStub(grpc.insecure_channel(f"127.0.0.1:{port}"))

    def names(self) -> list[str]:
        """Names of its policies."""
        return [each.name for each in self._stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=_SECONDS).policies]

    def of_resource(self, resource: Resource) -> list[Told]:
        """What it says of one resource, as while the engine registers it."""
        request = analyzer_pb2.AnalyzeRequest(
            type=resource.type, name=resource.name, urn=urn_of(resource), properties=_struct(resource.inputs)
        )
        return _told(self._stub.Analyze(request, timeout=_SECONDS))

    def of_stack(self, resources: Sequence[Resource]) -> list[Told]:
        """What it says of all resources together, as after a run."""
        listed = [
            analyzer_pb2.AnalyzerResource(
                type=each.type, name=each.name, urn=urn_of(each), properties=_struct(each.inputs)
            )
            for each in resources
        ]
        return _told(self._stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=listed), timeout=_SECONDS))


@contextmanager
def serving() -> Iterator[Pack]:
    """The pack, for as long as the context lasts."""
    python = python_environment(POLICIES / "requirements.txt", "policy-pack", say)
    with subprocess.Popen([python, POLICIES / "__main__.py"], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            port = process.stdout.readline()
            assert port.strip().isdigit(), "the pack ended before it listened"
            yield Pack(int(port))
        finally:
            process.terminate()


def urn_of(resource: Resource) -> str:
    """The URN that the engine would give it."""
    return f"urn:pulumi:{resource.stack}::moka::{resource.type}::{resource.name}"


def _struct(inputs: Mapping[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(inputs)
    return made


def _told(response: analyzer_pb2.AnalyzeResponse) -> list[Told]:
    mandatory = analyzer_pb2.EnforcementLevel.Value("MANDATORY")
    return [
        Told(each.policyName, each.message, each.urn, each.enforcementLevel == mandatory)
        for each in response.diagnostics
    ]
