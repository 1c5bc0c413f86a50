"""Protected resources: what a destroy refuses, and how their protection is lifted on purpose."""

from collections.abc import Mapping
from typing import Any

from offline.errors import ProtectedError
from offline.providers.names import urn_name, urn_type

# Stacks whose protection no command lifts: it takes a reviewed change of the program, one `pulumi up`, and a second
# person. docs: README, "How to destroy it".
NEVER_LIFTED = frozenset({"production"})


def refuse_protected(stack: str, deployment: Mapping[str, Any]) -> None:
    """Raise `ProtectedError`, naming them, when the deployment holds protected resources."""
    names = [f"  {urn_type(urn)} {urn_name(urn)}" for urn in _protected(deployment)]
    if not names:
        return
    way = (
        f"{stack} is never destroyed by a command."
        if stack in NEVER_LIFTED
        else f"To destroy it all the same, first run: python -m offline unprotect {stack}"
    )
    listed = "\n".join(names)
    raise ProtectedError(f"Nothing was deleted: {len(names)} resources of {stack} are protected.\n{listed}\n{way}")


def refuse_lifting(stack: str) -> None:
    """Raise `ProtectedError` for a stack whose protection is not lifted by a command."""
    if stack in NEVER_LIFTED:
        raise ProtectedError(f"The protection of {stack} is not lifted by a command: change the program and review it.")


def lift(deployment: dict[str, Any]) -> list[str]:
    """Take the protection off every resource of an exported deployment, in place; returns their URNs."""
    urns = _protected(deployment)
    for resource in deployment.get("resources", []):
        resource.pop("protect", None)
    return urns


def _protected(deployment: Mapping[str, Any]) -> list[str]:
    resources = deployment.get("resources", [])
    return [resource["urn"] for resource in resources if resource.get("protect") and resource.get("custom")]
