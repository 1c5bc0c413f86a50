"""What the three emulated providers share: the gRPC side of Pulumi's provider protocol.

A provider implements `check`, `diff`, `create`, `update`, `delete` and `invoke` over plain dictionaries; this module
decodes, encodes and turns a refusal into the error the engine shows beside the resource. Leaves out what only real
providers need: schemas, parameterisation, methods, state migration.

Source: pulumi/pulumi, proto/pulumi/provider.proto.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from offline.providers.resource import Difference, Failure, RefusalError, Resource, changed_properties
from offline.providers.values import Properties, from_struct, plain, to_struct


class EmulatedProvider(provider_pb2_grpc.ResourceProviderServicer):
    """A provider whose cloud is a function of the inputs.

    In a rehearsal (`rehearses`) it answers a preview as it will answer the update, so that the program sees every id
    and ARN; an ordinary preview leaves them unknown, as a real provider must.

    Args:
        version: of the installed Python package, which the engine compares with the program's.
    """

    # The engine then sends the id of a referenced resource instead of a reference to it.
    accepts_references = False
    rehearses = False

    def __init__(self, version: str) -> None:
        self.version = version
        self._settings: dict[str, Properties] = {}
        self._latest_settings: Properties = {}
        self._previous: dict[str, Resource] = {}

    def check(self, resource: Resource) -> tuple[Properties, list[Failure]]:
        """The inputs with defaults and names filled in, and everything the cloud would refuse in them."""
        return resource.inputs, []

    def check_settings(self, settings: Properties) -> None:
        """Raise `RefusalError` where the cloud would not take the provider's own configuration."""

    def diff(self, resource: Resource) -> Difference:
        """What changes from `resource.old_inputs` to `resource.inputs`."""
        raise NotImplementedError

    def create(self, resource: Resource) -> tuple[str, Properties]:
        """The new resource's id (empty in a preview) and outputs."""
        raise NotImplementedError

    def update(self, resource: Resource) -> Properties:
        """The outputs after an update in place."""
        raise NotImplementedError

    def delete(self, resource: Resource) -> None:
        """Raise `RefusalError` where the cloud would not delete the resource."""

    def exists(self, resource: Resource) -> bool:
        """Whether the resource still stands in the cloud."""
        del resource
        return True

    def invoke(self, token: str, arguments: Properties, settings: Mapping[str, Any]) -> Properties:
        """Answer a data source."""
        raise RefusalError(f"{token}: the offline provider answers no data source; add it in {self.__module__}")

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=self.accepts_references, accept_outputs=False
        )

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=self.version)

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        failures: list[provider_pb2.CheckFailure] = []
        try:
            self.check_settings(plain(from_struct(request.news)))
        except RefusalError as refusal:
            failures.append(provider_pb2.CheckFailure(reason=str(refusal)))
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        return _diff_response(Difference(changed=changed_properties(old, new)))

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        # Several provider resources can share this server; each keeps a connection of its own.
        self._latest_settings = plain(from_struct(request.args))
        self._settings[context.peer()] = self._latest_settings
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, acceptResources=self.accepts_references, supportsPreview=True, acceptOutputs=False
        )

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        old_inputs = from_struct(request.olds)
        previous = None if old_inputs else self._previous.get(request.urn)
        resource = Resource(
            urn=request.urn,
            inputs=from_struct(request.news),
            old_inputs=old_inputs,
            settings=self.settings_of(context),
            replaced=previous.identifier if previous else "",
            replaced_inputs=previous.old_inputs if previous else {},
        )
        try:
            inputs, failures = self.check(resource)
        except RefusalError as refusal:
            inputs, failures = resource.inputs, [Failure("", str(refusal))]
        messages = [provider_pb2.CheckFailure(property=each.property, reason=each.reason) for each in failures]
        return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=messages)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = Resource(
            urn=request.urn,
            identifier=request.id,
            inputs=from_struct(request.news),
            old_inputs=from_struct(request.old_inputs),
            outputs=from_struct(request.olds),
            settings=self.settings_of(context),
        )
        # A creation that follows in this run can only be this resource's replacement.
        self._previous[request.urn] = resource
        return _diff_response(self.diff(resource))

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        previous = self._previous.get(request.urn)
        resource = Resource(
            urn=request.urn,
            inputs=from_struct(request.properties),
            preview=request.preview and not self.rehearses,
            settings=self.settings_of(context),
            replaced=previous.identifier if previous else "",
            replaced_inputs=previous.old_inputs if previous else {},
        )
        try:
            identifier, outputs = self.create(resource)
        except RefusalError as refusal:
            _abort(context, refusal)
        return provider_pb2.CreateResponse(id=identifier, properties=to_struct(outputs))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            if not self.exists(
                Resource(
                    urn=request.urn,
                    identifier=request.id,
                    inputs=from_struct(request.inputs),
                    settings=self.settings_of(context),
                )
            ):
                return provider_pb2.ReadResponse()
        except RefusalError as refusal:
            _abort(context, refusal)
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = Resource(
            urn=request.urn,
            identifier=request.id,
            inputs=from_struct(request.news),
            old_inputs=from_struct(request.old_inputs),
            outputs=from_struct(request.olds),
            preview=request.preview and not self.rehearses,
            settings=self.settings_of(context),
        )
        try:
            outputs = self.update(resource)
        except RefusalError as refusal:
            _abort(context, refusal)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        resource = Resource(
            urn=request.urn,
            identifier=request.id,
            inputs=from_struct(request.old_inputs),
            outputs=from_struct(request.properties),
            settings=self.settings_of(context),
        )
        try:
            self.delete(resource)
        except RefusalError as refusal:
            _abort(context, refusal)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        arguments = plain(from_struct(request.args))
        try:
            answer = self.invoke(request.tok, arguments, self.settings_of(context))
        except RefusalError as refusal:
            _abort(context, refusal)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(to_struct(answer))
        return response

    def settings_of(self, context: grpc.ServicerContext) -> Properties:
        """The configuration of the provider instance on whose connection a call arrived."""
        return self._settings.get(context.peer(), self._latest_settings)


def _diff_response(difference: Difference) -> Any:
    changes = provider_pb2.DiffResponse.DIFF_SOME if difference.changed else provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=changes,
        diffs=list(difference.changed),
        replaces=list(difference.replaces),
        deleteBeforeReplace=difference.delete_first,
    )


def _abort(context: grpc.ServicerContext, refusal: RefusalError) -> NoReturn:
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(refusal))
    raise refusal
