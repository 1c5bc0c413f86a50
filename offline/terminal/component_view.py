"""What a run did, as the tree of the program's components with counts: the changes that matter most first.

Every row's count holds all below it, so that rows of one level add up to the row above. Leaves out resources that
stay as they are, which are only counted, and of a stack that comes up or goes down whole also those that do not.
"""

from collections.abc import Iterator, Sequence

from rich.text import Text
from rich.tree import Tree

from offline.component_tree import UNFOLDED_LEVELS, Component, component_tree
from offline.losses import loss_of
from offline.summary import Change, Summary
from offline.terminal import marks

_ITSELF = "itself"


def is_whole(summary: Summary) -> bool:
    """Whether all of the stack comes up or goes down, which needs no list of everything."""
    return not summary.changes.get("same")


def losses(summary: Summary) -> Iterator[Text]:
    """A loud line for each change that takes data away."""
    for change in _ranked(summary.changed):
        if lost := loss_of(change):
            yield Text(f"! {change.operation.upper()} {change.what}: {lost}", style="danger")


def tree_of(summary: Summary) -> Tree:
    """The stack at the top, the components of the program below it, and their changes below them."""
    changes: dict[str, list[Change]] = {}
    for change in () if is_whole(summary) else summary.changed:
        changes.setdefault(change.urn, []).append(change)
    root = component_tree(summary.stack, summary.steps)
    tree = Tree(_row(root, len(root.name)), guide_style="aside")
    _grow(tree, root, changes, UNFOLDED_LEVELS)
    return tree


def says_more(summary: Summary) -> bool:
    """Whether the tree says more than its sum does."""
    return bool(component_tree(summary.stack, summary.steps).parts) or not is_whole(summary)


def _grow(tree: Tree, component: Component, changes: dict[str, list[Change]], levels: int) -> None:
    shown = [part for part in component.parts if _changes(part) or not changes]
    rest = [part for part in component.parts if part not in shown]
    rows = list(shown)
    if rest:
        steps = tuple(step for part in rest for step in part.steps)
        noun = "component" if len(rest) == 1 else "components"
        rows.append(Component(f"{len(rest)} {'other' if shown else 'unchanged'} {noun}", steps))
    if component.parts:
        more = f" and {len(component.own) - 1} more" if len(component.own) > 1 else ""
        rows.append(Component(f"{_ITSELF}{more}", component.own))
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        branch = tree.add(_row(row, width))
        if row.parts and levels > 1 and row in shown:
            _grow(branch, row, changes, levels - 1)
        else:
            _list(branch, row, changes)
    if not rows:
        _list(tree, component, changes)


def _list(branch: Tree, component: Component, changes: dict[str, list[Change]]) -> None:
    found = [change for urn in dict.fromkeys(step.urn for step in component.steps) for change in changes.get(urn, ())]
    for change in _ranked(found):
        branch.add(_line(change))


def _line(change: Change) -> Text:
    loud = change.operation.upper() if change.operation in ("replace", "delete") else change.operation
    return Text(f"{marks.mark(change.operation)} {loud} {change.what}".strip(), style=marks.style(change.operation))


def _row(component: Component, width: int) -> Text:
    operations = component.operations
    row = Text(f"{component.name:<{width}}  {operations.total():>4}  ")
    if len(operations) == 1:
        (operation,) = operations
        return row.append(f"{marks.mark(operation)} {operation}".strip(), style=marks.style(operation))
    return row.append_text(marks.counts(operations))


def _changes(component: Component) -> bool:
    return any(step.operation != "same" for step in component.steps)


def _ranked(changes: Sequence[Change]) -> list[Change]:
    order = marks.ranked({change.operation for change in changes})
    return sorted(changes, key=lambda each: order.index(each.operation))
