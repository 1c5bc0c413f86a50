"""Protected resources: what a destroy refuses, before anything is deleted, as the engine does."""

from collections.abc import Mapping
from typing import Any

from offline.errors import ProtectedError
from offline.providers.names import urn_name, urn_type

# Stacks that are not destroyed by a change of their file either. docs/operations/destroying.md says why.
NEVER_DESTROYED = frozenset({"production"})


def refuse_protected(stack: str, deployment: Mapping[str, Any]) -> None:
    """Raise `ProtectedError`, naming them, when the deployment holds protected resources."""
    names = [f"  {urn_type(urn)} {urn_name(urn)}" for urn in _protected(deployment)]
    if not names:
        return
    way = (
        f"{stack} is never destroyed by a command."
        if stack in NEVER_DESTROYED
        else f"docs/operations/destroying.md says what to write into stacks/Pulumi.{stack}.yaml for one `up` before it."
    )
    listed = "\n".join(names)
    raise ProtectedError(f"Nothing was deleted: {len(names)} resources of {stack} are protected.\n{listed}\n{way}")


def _protected(deployment: Mapping[str, Any]) -> list[str]:
    resources = deployment.get("resources", [])
    return [resource["urn"] for resource in resources if resource.get("protect") and resource.get("custom")]
