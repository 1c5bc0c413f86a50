"""How a remote component registers resources with the engine, as the SDKs do it.

Options of the component reach its children here: the engine passes on `protect`, `retain_on_delete`, `deleted_with`
and transforms by parent; providers are handed on with each call. Leaves out what a component in this project does not
use: hooks, replacement triggers, methods.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from offline.providers.channels import CHANNEL_OPTIONS
from offline.providers.resource import RefusalError
from offline.providers.values import RESOURCE, SIGNATURE, UNKNOWN, Properties, from_struct, plain, reference, to_struct


@dataclass(frozen=True)
class Child:
    """A registered resource: its URN, and for a custom resource its id and outputs (unknown in a preview)."""

    urn: str
    identifier: str = ""
    outputs: Properties = field(default_factory=dict)

    def __getitem__(self, output: str) -> Any:
        return self.outputs.get(output, UNKNOWN)

    @property
    def reference(self) -> Properties:
        """The child as a value in the component's outputs."""
        return reference(self.urn, self.identifier)


class Registration:
    """The engine as one construction sees it.

    `name` and `urn` are the component's; `given` its arguments as they came, `arguments` the same without marks.

    Args:
        request: the engine's request to construct the component.
        versions: of the providers, by package, for the children.
    """

    def __init__(self, request: provider_pb2.ConstructRequest, versions: dict[str, str]) -> None:
        self._request, self._versions = request, versions
        self.name = request.name
        self.given = from_struct(request.inputs)
        self.arguments: Properties = plain(self.given)
        self.urn = ""
        self._channel = grpc.insecure_channel(request.monitorEndpoint, options=CHANNEL_OPTIONS)
        self._monitor = resource_pb2_grpc.ResourceMonitorStub(self._channel)

    def close(self) -> None:
        """Let go of the engine."""
        self._channel.close()

    def component_itself(self) -> None:
        """Register the component with all the options the program gave it."""
        request = self._request
        registration = resource_pb2.RegisterResourceRequest(
            type=request.type,
            name=request.name,
            parent=request.parent,
            custom=False,
            dependencies=list(request.dependencies),
            providers=dict(request.providers),
            aliases=request.aliases,
            deletedWith=request.deletedWith,
            replaceOnChanges=list(request.replaceOnChanges),
            ignoreChanges=list(request.ignoreChanges),
            acceptSecrets=True,
            acceptResources=True,
        )
        for option in ("protect", "retainOnDelete"):
            if request.HasField(option):
                setattr(registration, option, getattr(request, option))
        self.urn = self._register(registration).urn

    def component(self, type_token: str, name: str, dependencies: Iterable[Child] = ()) -> Child:
        """Register a component below the component."""
        response = self._register(
            resource_pb2.RegisterResourceRequest(
                type=type_token,
                name=name,
                parent=self.urn,
                custom=False,
                providers=dict(self._request.providers),
                dependencies=[child.urn for child in dependencies],
                acceptSecrets=True,
                acceptResources=True,
            )
        )
        return Child(response.urn)

    def resource(
        self,
        type_token: str,
        name: str,
        inputs: Properties,
        *,
        parent: str = "",
        dependencies: Iterable[Child] = (),
        arguments: Iterable[str] = (),
        ignore_changes: Iterable[str] = (),
    ) -> Child:
        """Register a resource and wait for it.

        Args:
            parent: URN of the parent, when that is not the component itself.
            dependencies: children whose outputs are among the inputs, or that must exist before.
            arguments: the component's arguments that are among the inputs; what they depend on, the child does too.
        """
        package = type_token.removeprefix("pulumi:providers:").split(":")[0]
        is_provider = type_token.startswith("pulumi:providers:")
        urns = {child.urn for child in dependencies} | self._behind(arguments)
        response = self._register(
            resource_pb2.RegisterResourceRequest(
                type=type_token,
                name=name,
                parent=parent or self.urn,
                custom=True,
                object=to_struct(inputs),
                dependencies=sorted(urns),
                provider="" if is_provider else self._request.providers.get(package, ""),
                version=self._versions[package],
                ignoreChanges=list(ignore_changes),
                acceptSecrets=True,
                supportsResultReporting=True,
            )
        )
        return Child(response.urn, response.id, from_struct(response.object))

    def outputs(self, urn: str, outputs: Properties) -> None:
        """Register a component's outputs."""
        request = resource_pb2.RegisterResourceOutputsRequest(urn=urn, outputs=to_struct(outputs))
        _call(self._monitor.RegisterResourceOutputs, request)

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Ask a provider, through the engine, for a data source's answer."""
        package = token.split(":", maxsplit=1)[0]
        request = resource_pb2.ResourceInvokeRequest(
            tok=token,
            args=to_struct(arguments),
            provider=self._request.providers.get(package, ""),
            version=self._versions.get(package, ""),
            acceptResources=True,
        )
        response = _call(self._monitor.Invoke, request)
        for failure in response.failures:
            raise RefusalError(f"{token}: {failure.reason}")
        return from_struct(getattr(response, "return"))

    def state_of(self, resource_reference: Any) -> Properties:
        """The outputs of a resource that the program passed as an argument."""
        urn = resource_reference["urn"]
        return plain(self.invoke("pulumi:pulumi:getResource", {"urn": urn}).get("state", {}))

    def _behind(self, arguments: Iterable[str]) -> set[str]:
        """URNs that the component's arguments depend on, resources passed as arguments included."""
        recorded = self._request.inputDependencies
        urns: set[str] = set()
        for argument in arguments:
            urns |= set(recorded[argument].urns) if argument in recorded else set()
            value = self.given.get(argument)
            if isinstance(value, dict) and value.get(SIGNATURE) == RESOURCE:
                urns.add(value["urn"])
        return urns

    def _register(self, registration: resource_pb2.RegisterResourceRequest) -> Any:
        response = _call(self._monitor.RegisterResource, registration)
        if response.result not in (resource_pb2.Result.SUCCESS,):
            raise RefusalError(f"{registration.name}: the component stopped because this resource failed")
        return response


def _call(method: Any, request: Any) -> Any:
    """Call the engine; what it refuses becomes the component's refusal, with the engine's words."""
    try:
        return method(request)
    except grpc.RpcError as error:
        details = error.details() if isinstance(error, grpc.Call) else str(error)
        raise RefusalError(str(details)) from error
