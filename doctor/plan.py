"""What the program makes of a stack's settings, noted down by running it: names and numbers have no second source.

The program runs as in a preview, on an engine that makes nothing and asks nobody. Leaves out what remote components
make themselves, of which pulumi-eks' cluster is the only one, and what only AWS knows, such as ids.

Source: Pulumi documentation, "Unit testing Pulumi programs", for the engine; pulumi/pulumi, sdk/python,
runtime/mocks.py.
"""

import asyncio
import json
import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks

from components.deployed import READ_OUTPUTS
from components.first_step import KEY
from components.network.subnets import ZONE_LETTERS
from components.stack_file import SETTINGS

CLUSTER = "eks:index:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"

# What the program looks up before it makes anything; checks ask the account itself.
_ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"
_CLUSTERS = "aws:eks/getClusters:getClusters"


@dataclass(frozen=True)
class Planned:
    """One resource.

    Args:
        type: type token, such as aws:ec2/vpc:Vpc.
        name: logical name.
        inputs: input properties, camelCase.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """Everything that a stack would have.

    Args:
        resources: in the order in which the program names them.
    """

    resources: tuple[Planned, ...]

    def of(self, type_token: str) -> list[Planned]:
        """Every resource of a type."""
        return [each for each in self.resources if each.type == type_token]


def plan_of(root: Path, stack: str, configuration: Mapping[str, Any]) -> Plan:
    """Run the program of a project.

    Args:
        root: the project's directory.
        stack: name of the stack.
        configuration: what its file holds under `config`.

    Raises:
        SettingsError: when the program refuses the settings.
    """
    # Between the two runs that make an environment, the file asks for its first part alone.
    configuration = {key: value for key, value in configuration.items() if key != f"moka:{KEY}"}
    notes = _Notes(str(configuration[SETTINGS]["region"]))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pulumi.runtime.set_mocks(notes, project="moka", stack=stack, preview=False, monitor=_Engine(notes))
    pulumi.runtime.set_all_config(
        {key: value if isinstance(value, str) else json.dumps(value) for key, value in configuration.items()}
    )

    @pulumi.runtime.test
    def run() -> None:
        runpy.run_path(str(root / "__main__.py"), run_name="__main__")

    try:
        run()
    finally:
        loop.close()
    return Plan(tuple(notes.resources))


@dataclass
class _Notes(Mocks):
    region: str
    resources: list[Planned] = field(default_factory=list)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        outputs = {"arn": f"arn:aws:planned:::{args.name}", "name": args.name, **args.inputs}
        if args.typ == CLUSTER:
            server = {"server": "https://planned.invalid", "certificate-authority-data": ""}
            outputs["kubeconfig"] = {"clusters": [{"name": args.name, "cluster": server}]}
        if args.typ == NODE_GROUP:
            outputs["resources"] = [{"autoscalingGroups": [{"name": args.name}]}]
        return planned_id(args.name), outputs

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        answers: dict[str, dict[str, Any]] = {
            READ_OUTPUTS: {"outputs": {}},
            _CLUSTERS: {"names": []},
            _ZONES: {
                "names": [f"{self.region}{letter}" for letter in ZONE_LETTERS],
                "zoneIds": [f"planned-az{letter}" for letter in ZONE_LETTERS],
            },
        }
        return answers[args.token], []


def planned_id(name: str) -> str:
    """The id that stands for that of the resource of a logical name."""
    return f"{name}-id"


class _Engine(MockMonitor):
    """Keeps each request to register a resource; what mocks see of it lacks those of remote components."""

    def __init__(self, notes: _Notes) -> None:
        super().__init__(notes)
        self._notes = notes

    def RegisterResource(self, request: Any) -> Any:
        # The stack itself is nothing that the program makes.
        if request.type != "pulumi:pulumi:Stack":
            self._notes.resources.append(Planned(request.type, request.name, MessageToDict(request.object)))
        return super().RegisterResource(request)
