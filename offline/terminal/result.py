"""The result of a run, as it is printed: losses, the tree of components, the sum, outputs, and what to do next."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from offline.summary import Summary
from offline.terminal import marks
from offline.terminal.component_view import is_whole, losses, says_more, tree_of
from offline.terminal.outputs_view import output_lines

_NAMES = {"aws": "AWS", "kubernetes": "Kubernetes"}


def changes(summary: Summary) -> Iterator[RenderableType]:
    """What the run did, or would do: losses before anything else, and nothing but the sum where nothing changes."""
    if not is_whole(summary):
        yield from losses(summary)
    if summary.has_changes and says_more(summary):
        yield tree_of(summary)
    counted = marks.counts(summary.changes) if any(summary.changes.values()) else Text("no resources")
    yield Text.assemble((f"{summary.stack}: ", "heading"), counted)


def holdings(summary: Summary) -> Text:
    """How many resources the stack has, of which kinds."""
    parts = ", ".join(
        "the stack itself" if kind == "stack" else f"{count} {_NAMES.get(kind, kind)}"
        for kind, count in summary.kinds.items()
    )
    total = f"{sum(summary.kinds.values())} resources"
    return Text(f"{summary.stack} has {total}" + (f": {parts}" if parts else ""))


def outputs(summary: Summary, told: Mapping[str, str]) -> Iterator[Text]:
    """The stack's outputs.

    Args:
        summary: of the run.
        told: what each output is for.
    """
    if summary.outputs:
        yield Text("\nOutputs", style="heading")
        yield from output_lines(summary.outputs, told)


def next_steps(commands: Iterable[tuple[str, str]]) -> Iterator[RenderableType]:
    """What people may want to do then.

    Args:
        commands: each with what it does.
    """
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("command", style="value", no_wrap=True)
    table.add_column("what it does")
    for command, purpose in commands:
        table.add_row(command, purpose)
    if table.row_count:
        yield Text("\nNext", style="heading")
        yield table
