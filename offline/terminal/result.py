"""The result of a run, as it is printed: losses, the tree of components, the sum, outputs, and what to do next."""

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from offline.summary import Summary
from offline.terminal import marks
from offline.terminal.component_view import is_whole, losses, tree_of
from offline.terminal.console import show, show_line
from offline.terminal.outputs_view import output_lines

_NAMES = {"aws": "AWS", "kubernetes": "Kubernetes"}


def show_changes(summary: Summary) -> None:
    """What the run did, or would do: losses before anything else, and nothing but the sum where nothing changes."""
    for line in () if is_whole(summary) else losses(summary):
        show_line(line)
    if summary.has_changes:
        show(tree_of(summary))
    if len(counted := marks.counts(summary.changes)):
        show_line(Text(f"{summary.stack}: ", style="heading").append_text(counted))
    else:
        show_line(f"{summary.stack}: no resources")


def show_holdings(summary: Summary) -> None:
    """How many resources the stack has, of which kinds."""
    show_line(f"{summary.stack} has {holdings(summary.kinds)}")


def holdings(kinds: Mapping[str, int]) -> str:
    """A number of resources with what they are made up of."""
    parts = ", ".join(
        "the stack itself" if kind == "stack" else f"{count} {_NAMES.get(kind, kind)}" for kind, count in kinds.items()
    )
    return f"{sum(kinds.values())} resources" + (f": {parts}" if parts else "")


def show_outputs(summary: Summary, told: Mapping[str, str]) -> None:
    """The stack's outputs.

    Args:
        summary: of the run.
        told: what each output is for.
    """
    if summary.outputs:
        show_line(Text("\nOutputs", style="heading"))
        for line in output_lines(summary.outputs, told):
            show_line(line)


def show_next(steps: Iterable[Sequence[str]]) -> None:
    """What people may want to do then.

    Args:
        steps: pairs of a command and what it does.
    """
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("command", style="value", no_wrap=True)
    table.add_column("what it does")
    for command, purpose in steps:
        table.add_row(command, purpose)
    if table.row_count:
        show_line(Text("\nNext", style="heading"))
        show(table)
