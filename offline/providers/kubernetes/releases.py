"""Helm releases as the emulated provider keeps them: names, defaults, and what an upgrade can't change.

Leaves out the names of the objects that a release made, which the real provider lists.

Source: pulumi-kubernetes, provider/pkg/provider/helm_release.go, Check, Diff and setReleaseAttributes.
"""

from offline.providers.names import automatic_name
from offline.providers.resource import Difference, Resource, changed_properties
from offline.providers.values import UNKNOWN, Properties, plain

RELEASE = "kubernetes:helm.sh/v3:Release"

_NAME_SUFFIX = 8
_TIMEOUT_SECONDS = 300
_REPLACED_BY = ("name", "namespace")


def checked(resource: Resource) -> Properties:
    """A release's inputs with a name, a namespace and a timeout."""
    inputs = dict(resource.inputs)
    if not inputs.get("name"):
        automatic = automatic_name(resource.name, resource.urn, resource.replaced, _NAME_SUFFIX)
        inputs["name"] = resource.old_inputs.get("name") or automatic
    if not inputs.get("namespace"):
        inputs["namespace"] = "default"
    if not inputs.get("skipAwait"):
        inputs.setdefault("timeout", _TIMEOUT_SECONDS)
    return inputs


def difference(resource: Resource) -> Difference:
    """What changes; another name or namespace is another release, which stands beside the first for a moment."""
    old, new = plain(resource.old_inputs), plain(resource.inputs)
    changed = changed_properties(old, new)
    return Difference(changed, tuple(each for each in changed if each in _REPLACED_BY))


def release_id(inputs: Properties) -> str:
    """`namespace/name`."""
    named = plain(inputs)
    return f"{named['namespace']}/{named['name']}"


def outputs(inputs: Properties, before: Properties, preview: bool) -> Properties:
    """A release as the provider returns it.

    Args:
        inputs: what it is made of.
        before: its outputs before an upgrade; empty for an installation.
        preview: whether nothing is made.
    """
    revision = int(plain(before.get("status") or {}).get("revision", 0)) + 1
    status = {
        "name": inputs["name"],
        "namespace": inputs["namespace"],
        "status": "deployed",
        "revision": revision,
        "version": inputs.get("version", ""),
    }
    return {**inputs, "status": UNKNOWN if preview else status}
