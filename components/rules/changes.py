"""The settings of an environment that runs against those that it should get: what is refused, and what must be said.

Every field says itself what its change does (`change.py`); what several fields decide together stands here. Leaves out
how the settings that run are known, which `deployed.py` says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from pydantic import BaseModel

from components.change import Change, OnChange, classification
from components.cluster.kubernetes_version import minor_version
from components.model import Violation

Tree = Mapping[str, Any]
# Node groups whose nodes end applications when they go.
DRIVERS = ("spark", "spark-driver")
REPLACING = ("architecture", "instance_types", "capacity", "zones")


@dataclass(frozen=True)
class FieldChange:
    """One field whose value differs.

    Args:
        path: dots between keys.
        old: the value that runs, as JSON holds it; None for an entry that was not there.
        new: the value that it should get.
        change: what that does.
    """

    path: str
    old: object
    new: object
    change: Change


def changes_between(model: type[BaseModel], old: Tree, new: Tree, path: str = "") -> Iterable[FieldChange]:
    """Every field that differs; a field that the old settings do not know yet is left out.

    Args:
        model: whose fields the trees hold.
        old: the settings that run, as JSON.
        new: the settings that are wanted, as JSON.
        path: where in the whole tree the two stand.

    Raises:
        TypeError: for a field that carries no classification.
    """
    for name, field in model.model_fields.items():
        before, after = cast(object, old.get(name)), cast(object, new.get(name))
        if name not in old or before == after:
            continue
        where = f"{path}.{name}" if path else name
        inner = model_within(field.annotation)
        on_change = classification(field.metadata)
        trees = _as_tree(before), _as_tree(after)
        if inner is not None and all(trees) and not is_entries(field.annotation):
            yield from changes_between(inner, *trees, where)
        elif on_change is None:
            raise TypeError(f"{model.__name__}.{name} does not say what its change does; give it an OnChange")
        elif is_entries(field.annotation):
            yield from _entry_changes(inner, on_change, *trees, where)
        else:
            yield FieldChange(where, before, after, on_change.of(before, after))


def model_within(annotation: Any) -> type[BaseModel] | None:
    """The settings model that a field's type holds, alone, as an option or as entries of a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := model_within(each))), None)


def is_entries(annotation: Any) -> bool:
    """Whether a field's type is a mapping of names to something."""
    return getattr(annotation, "__origin__", None) is dict


def _as_tree(value: object) -> Tree:
    return cast(Tree, value) if isinstance(value, dict) else {}


def _entry_changes(
    model: type[BaseModel] | None, on_change: OnChange, old: Tree, new: Tree, path: str
) -> Iterable[FieldChange]:
    """Entries of a mapping: those that come and go, and what differs in the others."""
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if model is not None and before is not None and after is not None:
            yield from changes_between(model, before, after, f"{path}.{key}")
        elif before != after:
            yield FieldChange(f"{path}.{key}", before, after, on_change.of(before, after))


def rules_of_changes(model: type[BaseModel], old: Tree, new: Tree) -> Iterable[Violation]:
    """Nothing is changed that can't be, nothing without its steps, and no data goes without a word.

    Args:
        model: the settings' root model.
        old: the settings that run, as JSON.
        new: the settings that are wanted, as JSON.
    """
    accepted = cast(list[str], new.get("accept_loss", []))
    for each in changes_between(model, old, new):
        if each.change.is_refused:
            yield _refusal(each)
        elif each.change.loses and not any(f"{each.path}.".startswith(f"{path}.") for path in accepted):
            yield Violation(
                each.path,
                each.new,
                f"must stay {each.old} unless accept_loss names {each.path}",
                f"the change deletes {each.change.loses}",
                f"keep the old value, or save the data first and write accept_loss: [{each.path}]",
            )
    yield from _rules_of_control_plane_zones(old, new)
    yield from _rules_of_versions(old, new)
    yield from _rules_of_driver_groups(old, new)


def _refusal(each: FieldChange) -> Violation:
    rule = f"must stay {each.old} in an environment that runs"
    if each.change.effect == "steps":
        fix = f"take the steps of {each.change.page} first"
        return Violation(each.path, each.new, rule, f"the change needs steps: {each.change.how}", fix)
    return Violation(each.path, each.new, rule, each.change.how, "restore it")


def _rules_of_control_plane_zones(old: Tree, new: Tree) -> Iterable[Violation]:
    before, after = (_control_plane_zones(each.get("network", {})) for each in (old, new))
    if before and after and before != after:
        yield Violation(
            "network.control_plane_zones",
            after,
            f"must stay {', '.join(before)} in an environment that runs",
            "Amazon EKS takes no control-plane subnets outside the zones that the cluster was made with "
            "(aws/containers-roadmap#2330)",
            f"write control_plane_zones: [{', '.join(before)}]; nodes may stand in other zones",
        )


def _control_plane_zones(network: Tree) -> list[str]:
    return sorted(network.get("control_plane_zones") or network.get("zones") or ())


def _rules_of_versions(old: Tree, new: Tree) -> Iterable[Violation]:
    before, after = (str(each.get("cluster", {}).get("kubernetes_version", "")) for each in (old, new))
    if not before or not after:
        return
    skipped = minor_version(after) - minor_version(before) - 1
    if skipped > 0:
        yield Violation(
            "cluster.kubernetes_version",
            after,
            f"must be at most one minor version above {before}, which runs",
            "Amazon EKS upgrades a control plane by one minor version at a time",
            f"write 1.{minor_version(before) + 1} first; docs/upgrades.md has the order",
        )


def _rules_of_driver_groups(old: Tree, new: Tree) -> Iterable[Violation]:
    groups = new.get("node_groups", {})
    every = {side: sorted(tree.get("network", {}).get("zones", {})) for side, tree in (("old", old), ("new", new))}
    for name, before in old.get("node_groups", {}).items():
        after = groups.get(name)
        if after is None or before.get("workload") not in DRIVERS or not before.get("size"):
            continue
        # A group that names no zones stands in all of the network's.
        spans = {**before, "zones": before.get("zones") or every["old"]}
        will_span = {**after, "zones": after.get("zones") or every["new"]}
        for field in REPLACING:
            if field in before and spans[field] != will_span[field]:
                yield Violation(
                    f"node_groups.{name}.{field}",
                    will_span[field],
                    f"must stay {spans[field]} while Spark drivers may run in the group",
                    "Amazon EKS can only replace the group, which ends the applications whose drivers run on it",
                    "add a group with the new value beside it, and remove this one when its drivers have ended; "
                    "docs/upgrades.md has the steps",
                )
