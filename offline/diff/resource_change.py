"""What happens to one resource between two revisions, with the fields that differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from offline.diff.fields import FieldDifference, differences
from offline.providers.names import urn_name, urn_type
from offline.summary import Change, masked

# What people look at first.
_ORDER = ("delete", "replace", "update", "create")


@dataclass(frozen=True)
class ResourceChange:
    """One resource.

    Args:
        change: what the engine does with it.
        fields: inputs that differ; none for what is made or deleted.
        was_protected: whether it was before.
        is_protected: whether it is afterwards.
        parent: place of the component that it belongs to; its own where it belongs to none.
    """

    change: Change
    fields: tuple[FieldDifference, ...] = ()
    was_protected: bool = False
    is_protected: bool = False
    parent: str = ""

    @property
    def place(self) -> str:
        """Type and logical name."""
        return place_of(self.change.urn)


def resource_changes(
    deployment: Mapping[str, Any], changed: Sequence[Change], made: Mapping[str, Mapping[str, Any]]
) -> tuple[ResourceChange, ...]:
    """What changes, deletions and replacements first.

    Args:
        deployment: what was there.
        changed: what the engine acts on.
        made: each resource by its URN as it is afterwards.
    """
    return tuple(sorted(_changes(deployment, changed, made), key=_rank))


def protected_in(deployment: Mapping[str, Any]) -> Iterator[str]:
    """Places of what a deployment protects."""
    yield from (place_of(each["urn"]) for each in deployment["resources"] if each.get("protect"))


def place_of(urn: str) -> str:
    """Type and logical name."""
    return f"{urn_type(urn)} {urn_name(urn)}"


def _changes(
    deployment: Mapping[str, Any], changed: Sequence[Change], made: Mapping[str, Mapping[str, Any]]
) -> Iterator[ResourceChange]:
    before = {each["urn"]: each for each in deployment["resources"]}
    acted_on = {each.urn: each for each in changed}
    for urn, after in made.items():
        # Protection is no property, so the engine calls a resource the same that only loses it.
        if urn in before and before[urn].get("protect") and not after.get("protect"):
            acted_on.setdefault(urn, Change("update", urn, ("protect",)))
    for urn, change in acted_on.items():
        old, new = before.get(urn, {}), made.get(urn, {})
        inputs = masked(old.get("inputs")), masked(new.get("inputs"))
        fields = tuple(differences(*inputs)) if change.operation in ("update", "replace") else ()
        if change.operation == "update" and not fields and change.properties != ("protect",):
            # What differs is a secret, or an output that is known after the deployment.
            fields = tuple(FieldDifference(each, "[secret]", "[secret]") for each in change.properties)
        yield ResourceChange(
            change,
            fields,
            was_protected=bool(old.get("protect")),
            is_protected=bool(new.get("protect")),
            parent=place_of(old.get("parent") or new.get("parent") or urn),
        )


def _rank(each: ResourceChange) -> tuple[int, str]:
    operation = each.change.operation
    return (_ORDER.index(operation) if operation in _ORDER else len(_ORDER)), each.place
