"""The emulated Kubernetes provider: objects get names, ids and defaults, and keep their immutable fields.

Leaves out what the API server would refuse; `checks` is where such rules are plugged in.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2

from offline.providers.aws.memory import Memory
from offline.providers.base import EmulatedProvider
from offline.providers.kubernetes import releases
from offline.providers.kubernetes.defaults import filled_in
from offline.providers.kubernetes.kinds import ALWAYS_IMMUTABLE, CLUSTER_SCOPED, at, replaced_by
from offline.providers.kubernetes.volumes import Volumes
from offline.providers.names import automatic_name
from offline.providers.resource import Check, Difference, Failure, RefusalError, Resource, changed_properties
from offline.providers.values import (
    SIGNATURE,
    Properties,
    from_struct,
    has_unknown,
    is_unknown,
    plain,
    to_struct,
)

_AUTOMATIC = "pulumi.com/autonamed"
_NAME_SUFFIX = 8
_KUBECONFIG = "{}"


class KubernetesProvider(EmulatedProvider):
    """A cluster that takes every object.

    Args:
        version: of the installed `pulumi-kubernetes`.
        checks: rules over an object, run before every creation and update, previews included.
        volumes: the volumes of claims; kept up to date here.
        memory: of the account, which knows whether somebody deleted the cluster.
    """

    def __init__(
        self,
        version: str,
        checks: Sequence[Check] = (),
        volumes: Volumes | None = None,
        memory: Memory | None = None,
    ) -> None:
        super().__init__(version)
        self._checks = checks
        self._volumes = volumes or Volumes()
        self._memory = memory or Memory()

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Stand in for a kubeconfig that a preview can't know yet, so that the cluster's objects are checked at all.

        The engine passes over every object of a provider whose settings are unknown: the first preview of a stack
        would then judge none. Source: pulumi/pulumi, sdk/go/common/resource/plugin/provider_plugin.go.
        """
        settings = from_struct(request.news)
        known = {key: _KUBECONFIG if has_unknown(value) else value for key, value in settings.items()}
        return provider_pb2.CheckResponse(inputs=to_struct(known))

    def check(self, resource: Resource) -> tuple[Properties, list[Failure]]:
        inputs = releases.checked(resource) if resource.type == releases.RELEASE else dict(resource.inputs)
        metadata = inputs.get("metadata") or {}
        if resource.type != releases.RELEASE and SIGNATURE not in metadata:
            inputs["metadata"] = _named(metadata, resource)
        return inputs, [failure for check in self._checks for failure in check(replace(resource, inputs=inputs))]

    def diff(self, resource: Resource) -> Difference:
        if resource.type == releases.RELEASE:
            return releases.difference(resource)
        old, new = plain(resource.old_inputs), plain(resource.inputs)
        replaces = replaced_by(old, new, resource.settings)
        return Difference(
            changed_properties(old, new), replaces, delete_first=bool(replaces) and _same_fixed_name(old, new)
        )

    def exists(self, resource: Resource) -> bool:
        if str(plain(resource.settings).get("deleteUnreachable")).lower() == "true":
            return not self._memory.lost_clusters
        self._reach(resource)
        return True

    def _reach(self, resource: Resource) -> None:
        """Refuse where somebody deleted the cluster: to its provider that is an outage, unless it was told otherwise.

        Source: pulumi/pulumi-kubernetes, provider/pkg/provider/provider.go, where `clusterUnreachable` is asked.
        """
        if resource.preview or not self._memory.lost_clusters:
            return
        names = ", ".join(self._memory.lost_clusters)
        raise RefusalError(f"{resource.type} {resource.name}: unreachable cluster: {names} was deleted")

    def create(self, resource: Resource) -> tuple[str, Properties]:
        self._reach(resource)
        if resource.type == releases.RELEASE:
            identifier = "" if resource.preview else releases.release_id(resource.inputs)
            return identifier, releases.outputs(resource.inputs, {}, resource.preview)
        if not resource.preview:
            self._volumes.put(resource)
        filled = filled_in(resource.inputs, resource.urn, resource.replaced, resource.preview)
        return "" if resource.preview else object_id(resource.inputs), _laid_over(filled, resource.inputs)

    def update(self, resource: Resource) -> Properties:
        self._reach(resource)
        if resource.type == releases.RELEASE:
            return releases.outputs(resource.inputs, resource.outputs, resource.preview)
        if not resource.preview:
            self._volumes.put(resource)
        filled = filled_in(resource.inputs, resource.urn, "", resource.preview)
        server_side = {key: filled[key] for key in filled.keys() - {"metadata"}}
        kept = {key: value for key, value in (resource.outputs.get("metadata") or {}).items() if key in _SERVER_SIDE}
        version = str(int(plain(kept).get("resourceVersion", "1")) + 1)
        return _laid_over({"metadata": kept | {"resourceVersion": version}, **server_side}, resource.inputs)

    def delete(self, resource: Resource) -> None:
        self._reach(resource)
        if reason := self._volumes.reason_against(resource):
            raise RefusalError(f"{resource.type} {resource.name} cannot be deleted: {reason}")
        self._volumes.remove(resource)


_SERVER_SIDE = frozenset({"uid", "creationTimestamp", "resourceVersion", "generation"})


def object_id(inputs: Properties) -> str:
    """`namespace/name`, or the name alone for an object outside namespaces."""
    metadata = plain(inputs.get("metadata") or {})
    namespace = metadata.get("namespace")
    return f"{namespace}/{metadata['name']}" if namespace else str(metadata["name"])


def _named(metadata: Properties, resource: Resource) -> Properties:
    """Metadata with a name and, for kinds that live in one, a namespace."""
    named = dict(metadata)
    if str(resource.inputs.get("kind")) not in CLUSTER_SCOPED and not named.get("namespace"):
        named["namespace"] = "default"
    if named.get("name"):
        return named
    old = plain(resource.old_inputs.get("metadata") or {})
    automatic = _AUTOMATIC in (old.get("annotations") or {})
    fresh = automatic_name(resource.name, resource.urn, resource.replaced, _NAME_SUFFIX)
    if named.get("generateName"):
        fresh = plain(named["generateName"]) + fresh[-_NAME_SUFFIX:]
    named["name"] = old["name"] if automatic else fresh
    annotations = named.get("annotations")
    if not is_unknown(annotations):
        named["annotations"] = {**(annotations or {}), _AUTOMATIC: "true"}
    return named


def _same_fixed_name(old: Properties, new: Properties) -> bool:
    """Two objects of one name can't stand side by side."""
    metadata = new.get("metadata") or {}
    automatic = _AUTOMATIC in (metadata.get("annotations") or {})
    return not automatic and all(at(old, path) == at(new, path) for path in ALWAYS_IMMUTABLE[2:])


def _laid_over(server_side: Properties, inputs: Properties) -> Properties:
    """The object as the server returns it: what was sent, and what it filled in one level below."""
    result = dict(inputs)
    for key, value in server_side.items():
        sent = inputs.get(key) or {}
        result[key] = sent if SIGNATURE in sent else {**value, **sent}
    return result
