"""A recording Pulumi engine: builds components under mocks and keeps every registration with its options.

Pulumi's mocks show a resource's inputs only; the recording monitor also sees parent, protect, dependencies and
ignored changes. Leaves out providers and plugins: outputs are the inputs, an id and an ARN.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks

from components.deployed import READ_OUTPUTS

ACCOUNT_ID = "222222222222"
REGION = "us-east-1"

ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"
CLUSTERS = "aws:eks/getClusters:getClusters"

Outputs = Callable[[MockResourceArgs], Mapping[str, Any]]


@dataclass(frozen=True)
class Registration:
    """One resource as the engine was asked to register it.

    Args:
        type: type token, such as aws:ec2/vpc:Vpc.
        name: logical name.
        inputs: input properties, camelCase.
        parent: logical name of its parent, or the empty string.
        protect: whether the program protects it (a component's children inherit on the real engine too).
        depends_on: `type::name` of everything it waits for, through inputs or options.
        provider: reference of an explicit provider.
        ignore_changes: input properties whose changes are ignored.
        retain_on_delete: whether a destroy leaves it in the cloud.
        delete_before_replace: whether a replacement deletes the old one first.
        deleted_with: `type::name` of the resource whose deletion takes this one along, or the empty string.
    """

    type: str
    name: str
    inputs: dict[str, Any]
    parent: str
    protect: bool
    depends_on: tuple[str, ...]
    provider: str
    ignore_changes: tuple[str, ...]
    retain_on_delete: bool
    delete_before_replace: bool
    deleted_with: str


@dataclass
class Recorder(Mocks):
    """Answers the engine's calls and keeps what was registered.

    Args:
        outputs: type token to a function that gives outputs beyond inputs, id and arn.
        calls: invoke token to its result; an unanswered invoke fails the test. A stack remembers no outputs.
        stack: name of the stack.
        account_id: account in the ARNs that resources get.
        region: Region in them.
    """

    outputs: dict[str, Outputs] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)
    stack: str = "dev"
    account_id: str = ACCOUNT_ID
    region: str = REGION
    registrations: list[Registration] = field(default_factory=list)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.split(":")[-1].lower()
        arn = f"arn:aws:{kind}:{self.region}:{self.account_id}:{kind}/{args.name}"
        computed = self.outputs[args.typ](args) if args.typ in self.outputs else {}
        return f"{args.name}-id", {"arn": arn, "name": args.name, **args.inputs, **computed}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token == READ_OUTPUTS and args.token not in self.calls:
            return {"outputs": {}}, []
        if args.token == ZONES and args.token not in self.calls:
            return {
                "names": [f"{self.region}{letter}" for letter in "abcdef"],
                "zoneIds": [f"mock-az{n}" for n in range(6)],
            }, []
        if args.token == CLUSTERS and args.token not in self.calls:
            return {"names": []}, []
        if args.token not in self.calls:
            raise KeyError(f"the test answers no invoke {args.token}: add it to Recorder(calls=...)")
        return self.calls[args.token], []

    def named(self, type_token: str, name: str) -> Registration:
        """The one registration of a type and logical name."""
        matches = [each for each in self.of(type_token) if each.name == name]
        assert len(matches) == 1, f"{name} of {type_token}: {[each.name for each in self.of(type_token)]}"
        return matches[0]

    def of(self, type_token: str) -> list[Registration]:
        """Every registration of a type, in order."""
        return [each for each in self.registrations if each.type == type_token]

    @property
    def made(self) -> list[Registration]:
        """Every registration but that of the stack itself, which is there before the program has said anything."""
        return [each for each in self.registrations if each.type != "pulumi:pulumi:Stack"]

    def only(self, type_token: str) -> Registration:
        """The one registration of a type."""
        matches = self.of(type_token)
        assert len(matches) == 1, f"{type_token}: {[each.name for each in matches]}"
        return matches[0]


class RecordingMonitor(MockMonitor):
    """Keeps each request to register a resource, then answers like the mocks do."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.recorder = recorder

    def RegisterResource(self, request: Any) -> Any:
        inputs = MessageToDict(request.object)
        waits = {*request.dependencies}
        for dependencies in request.propertyDependencies.values():
            waits.update(dependencies.urns)
        self.recorder.registrations.append(
            Registration(
                type=request.type,
                name=request.name,
                inputs=inputs,
                parent=_logical_name(request.parent),
                protect=request.protect,
                depends_on=tuple(sorted(_type_and_name(urn) for urn in waits)),
                provider=request.provider,
                ignore_changes=tuple(request.ignoreChanges),
                retain_on_delete=request.retainOnDelete,
                delete_before_replace=request.deleteBeforeReplace,
                deleted_with=_type_and_name(request.deletedWith) if request.deletedWith else "",
            )
        )
        return super().RegisterResource(request)


def record(build: Callable[[], Any], recorder: Recorder | None = None, *, preview: bool = False) -> Recorder:
    """Build resources under mocks and return the recorder once every registration has landed.

    Args:
        build: makes the components; what it returns is kept alive but not used.
        recorder: answers of this test; a plain one by default.
        preview: whether outputs are those of a preview.

    Raises:
        AssertionError: when two resources of one type share a name, or a child has no parent.
    """
    recorder = recorder or Recorder()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pulumi.runtime.set_mocks(
        recorder, project="moka", stack=recorder.stack, preview=preview, monitor=RecordingMonitor(recorder)
    )

    @pulumi.runtime.test
    def run() -> None:
        build()

    try:
        run()
    finally:
        loop.close()
    _assert_unique(recorder)
    return recorder


def _assert_unique(recorder: Recorder) -> None:
    seen: set[tuple[str, str]] = set()
    for each in recorder.registrations:
        key = (each.type, each.name)
        assert key not in seen, f"two resources {key}: the real engine refuses the second"
        seen.add(key)
        is_component = each.type.startswith(("moka:", "pulumi:"))
        assert is_component or each.parent != f"moka-{recorder.stack}", f"{key} has no component as its parent"


def _type_and_name(urn: str) -> str:
    _, _, types, name = urn.split("::", 3)
    return f"{types.rsplit('$', 1)[-1]}::{name}"


def _logical_name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1] if urn else ""
