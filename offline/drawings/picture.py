"""A picture as boxes, groups of boxes and arrows, and as the DOT language of Graphviz.

Leaves out places and sizes, which Graphviz finds, and colours, which `offline.drawings.svg` gives to each kind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["aws", "kubernetes", "nodes", "outside", "store", "workload"]
# Graphviz knows how wide its letters are without having them. Readers may have wider ones, so room is made for letters
# that are larger than what is drawn (`offline.drawings.svg`).
_FONT, _SIZE, _TITLE_SIZE = "Arial", 14, 16


@dataclass(frozen=True)
class Box:
    """A thing.

    Args:
        name: that arrows know it by.
        title: its first line.
        kind: what it is, which decides its colour.
        lines: what is said of it.
    """

    name: str
    title: str
    kind: Kind
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Things that stand together.

    Args:
        name: differs from that of every other.
        title: above them.
        kind: what it is, which decides its colour.
        members: boxes and groups.
    """

    name: str
    title: str
    kind: Kind
    members: tuple["Box | Group", ...]


@dataclass(frozen=True)
class Arrow:
    """From one box to another.

    Args:
        source: name of a box.
        target: name of another.
        is_against: drawn against the picture's direction, so that the target stands before the source.
    """

    source: str
    target: str
    is_against: bool = False


@dataclass(frozen=True)
class Picture:
    """A whole picture.

    Args:
        title: what it shows.
        description: for those who can't see it.
        members: boxes and groups that stand in no other.
        arrows: between boxes.
        direction: where arrows lead, by Graphviz's names: TB down, LR to the right.
    """

    title: str
    description: str
    members: tuple[Box | Group, ...]
    arrows: tuple[Arrow, ...]
    direction: Literal["TB", "LR"]


def boxes_of(members: Iterable[Box | Group]) -> Iterator[Box]:
    """Every box, those in groups too."""
    for member in members:
        if isinstance(member, Box):
            yield member
        else:
            yield from boxes_of(member.members)


def dot(picture: Picture) -> str:
    """The picture in DOT; the same text for the same picture.

    Raises:
        ValueError: when an arrow starts or ends at no box, which Graphviz would draw without a word.
    """
    names = {box.name for box in boxes_of(picture.members)}
    for arrow in picture.arrows:
        if missing := {arrow.source, arrow.target} - names:
            raise ValueError(f"{picture.title}: no box is called {', '.join(sorted(missing))}")
    # Graphviz puts what comes first at the bottom where arrows lead to the right.
    members = reversed(picture.members) if picture.direction == "LR" else picture.members
    return "\n".join(
        (
            "digraph {",
            f"  graph [rankdir={picture.direction} newrank=true nodesep=0.25 ranksep=0.55 pad=0.1 bgcolor=transparent "
            f'labeljust=l fontname="{_FONT}" fontsize={_TITLE_SIZE}]',
            f'  node [shape=box style=rounded fontname="{_FONT}" fontsize={_SIZE} margin="0.22,0.08"]',
            "  edge [arrowsize=0.7]",
            *(line for member in members for line in _member(member, picture.direction)),
            *(_arrow(each) for each in picture.arrows),
            "}",
        )
    )


def _member(member: Box | Group, direction: str) -> Iterator[str]:
    if isinstance(member, Box):
        label = _quoted("\n".join((member.title, *member.lines)))
        yield f"  {_quoted(member.name)} [class={member.kind} label={label}]"
        return
    yield f"  subgraph {_quoted(f'cluster {member.name}')} {{"
    yield f"    class={member.kind} style=rounded label={_quoted(member.title)}"
    for each in reversed(member.members) if direction == "LR" else member.members:
        yield from (f"  {line}" for line in _member(each, direction))
    yield "  }"


def _arrow(arrow: Arrow) -> str:
    ends, way = (arrow.source, arrow.target), "forward"
    if arrow.is_against:
        ends, way = (arrow.target, arrow.source), "back"
    return f"  {_quoted(ends[0])} -> {_quoted(ends[1])} [dir={way}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
