"""The calls by which the Pulumi provider makes, reads, changes and deletes a resource of one type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from components.identity.policies import actions

Operation = Literal["create", "read", "update", "delete"]
OPERATIONS: tuple[Operation, ...] = ("create", "read", "update", "delete")


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Actions as AWS authorises them, by what is done to the resource.

    A resource is read again after it was made or changed, and before it is deleted, so `read` belongs to every
    operation.

    Args:
        create: to make it.
        read: to refresh it.
        update: to change it in place.
        delete: to take it away.
        on: templates of ARNs that actions name beside the resource's own, over its inputs and outputs and `account`,
            `region` and `partition`; one whose fields the resource lacks counts for nothing.
        only: action to the templates that it is asked of instead.
        passes_to: service principals that its role may be handed to, which iam:PassRole is asked with.
        context: action to condition keys that it carries.
        delete_when: input that is true to further actions that deletion then takes.
    """

    create: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    passes_to: tuple[str, ...] = ()
    context: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    delete_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def of(self, operation: Operation, inputs: Mapping[str, Any]) -> tuple[str, ...]:
        """Actions of one operation on a resource with some inputs, what is read with it included."""
        more = self.delete_when if operation == "delete" else {}
        further = (each for name, taken in more.items() if inputs.get(name) is True for each in taken)
        return tuple(dict.fromkeys((*getattr(self, operation), *further, *self.read)))


def of(service: str, names: str) -> tuple[str, ...]:
    """Actions of a service by their names, with spaces between."""
    return tuple(actions(service, names))


LINKS = "iam:CreateServiceLinkedRole"


def linked_role(service: str, name: str) -> str:
    """Template of the ARN of the role that a service makes for itself.

    Args:
        service: its principal, such as eks.amazonaws.com.
        name: of the role.
    """
    return f"arn:{{partition}}:iam::{{account}}:role/aws-service-role/{service}/{name}"
