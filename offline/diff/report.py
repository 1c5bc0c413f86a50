"""A comparison as people and programs read it: lines for a terminal, Markdown for a pull request, JSON."""

import dataclasses
import difflib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from offline.diff.connections import grouped
from offline.diff.danger import Danger
from offline.diff.fields import FieldDifference
from offline.diff.resource_change import ResourceChange
from offline.diff.stack_comparison import StackComparison
from offline.terminal import marks
from offline.words import in_words

_BACKTICKS = re.compile("`+")
_LONGEST = 100
_MOST_FIELDS, _MOST_CONNECTIONS = 12, 20
_SAID = {
    "unaffected": "no file that decides it differs",
    "unchanged": "nothing changes",
    "new": "is not there yet",
    "gone": "has no file any more; what it made stays until a destroy",
    "refused": "can't be deployed",
}


def terminal_lines(compared: Sequence[StackComparison], open_dangers: Sequence[Danger]) -> Iterator[Text]:
    """Lines, with deletions and replacements first.

    Args:
        compared: the stacks.
        open_dangers: those that nobody has accepted.
    """
    for each in compared:
        yield Text(f"{each.stack}: {headline(each)}", style="heading")
        yield from (Text(f"    {line}", style="fail") for line in each.refusal.splitlines())
        yield from (Text(f"  ! {danger_line(danger, open_dangers)}", style="danger") for danger in each.dangers)
        yield from (Text(f"    {line}") for line in (*setting_lines(each), *map(str, each.figures), *each.api_server))
        for one in each.permissions:
            yield Text(f"  {one.holder} {one}", style="create" if one.gained else "update")
        yield from (Text(f"  {line}") for line in connection_lines(each))
        for change in shown_resources(each):
            operation = change.change.operation
            what = f"  {operation} {change.place}{_forced(change)}{cause_words(each, change)}"
            yield Text(what, style=marks.style(operation))
            yield from (Text(f"      {line}") for line in field_lines(change))


def markdown(compared: Sequence[StackComparison], open_dangers: Sequence[Danger]) -> str:
    """What a comment on a pull request says; details are folded.

    Args:
        compared: the stacks.
        open_dangers: those that nobody has accepted.
    """
    lines = ["| stack | what changes |", "|---|---|", *(f"| {each.stack} | {headline(each)} |" for each in compared)]
    for each in compared:
        if not (each.resources or each.settings or each.refusal):
            continue
        lines += ["", f"### {each.stack}"]
        lines += ["", *_fenced(each.refusal.splitlines())] if each.refusal else []
        lines += [f"- **{danger_line(danger, open_dangers)}**" for danger in each.dangers]
        told = [*setting_lines(each), *map(str, each.figures), *each.api_server]
        told += [f"{one.holder} {one}" for one in each.permissions]
        told += connection_lines(each)
        lines += ["", *_fenced(told)] if told else []
        for change in shown_resources(each):
            cause = f"{_forced(change)}{cause_words(each, change)}"
            summary = f"{change.change.operation} <code>{change.place}</code>{cause}"
            fields = list(field_lines(change))
            folded = ["", f"<details><summary>{summary}</summary>", "", *_fenced(fields, "diff"), "", "</details>"]
            lines += folded if fields else ["", summary]
    return "\n".join(lines) + "\n"


def as_json(compared: Sequence[StackComparison], open_dangers: Sequence[Danger]) -> str:
    """Everything, for programs."""
    stacks = [
        {
            "stack": each.stack,
            "outcome": each.outcome,
            "refusal": each.refusal,
            "dangers": [
                {**dataclasses.asdict(danger), "line": danger.line, "accepted": danger not in open_dangers}
                for danger in each.dangers
            ],
            "settings": [
                {"path": one.path, "old": one.old, "new": one.new, "change": str(one.change)} for one in each.settings
            ],
            "permissions": [dataclasses.asdict(one) for one in each.permissions],
            "connections": [dataclasses.asdict(one) for one in each.connections],
            "figures": [dataclasses.asdict(one) for one in each.figures],
            "api_server": each.api_server,
            "resources": [
                {
                    "operation": one.change.operation,
                    "urn": one.change.urn,
                    "replaces": one.change.replaces,
                    "causes": each.causes.get(one.change.urn, ()),
                    "fields": [dataclasses.asdict(part) for part in one.fields],
                }
                for one in each.resources
            ],
        }
        for each in compared
    ]
    return json.dumps({"stacks": stacks}, indent=2)


def headline(each: StackComparison) -> str:
    """One stack in a clause."""
    operations = [change.change.operation for change in each.resources]
    counts = ", ".join(f"{operations.count(name)} {name}" for name in dict.fromkeys(operations))
    return ": ".join(part for part in (_SAID.get(each.outcome, ""), counts) if part)


def danger_line(danger: Danger, open_dangers: Sequence[Danger]) -> str:
    """A danger, and the line that would accept it."""
    what = f"{danger.operation} {danger.place}: {danger.reason}"
    return f"{what}. If it is meant, write: {danger.line}" if danger in open_dangers else f"{what} (accepted)"


def setting_lines(each: StackComparison) -> Iterator[str]:
    """The settings that differ, with what the program says of such a change."""
    for one in each.settings:
        yield f"{one.path}: {_short(one.old)} -> {_short(one.new)} ({one.change})"


def connection_lines(each: StackComparison) -> Iterator[str]:
    """The connections that open and close, by the rules that move them."""
    groups = list(grouped(each.connections))
    yield from map(str, groups[:_MOST_CONNECTIONS])
    if left := groups[_MOST_CONNECTIONS:]:
        yield f"and {sum(len(one.pairs) for one in left)} more connections, which --json lists"


def shown_resources(each: StackComparison) -> Sequence[ResourceChange]:
    """Those that are told one by one: of a new stack none, since all of it is new."""
    return () if each.outcome == "new" else each.resources


def cause_words(each: StackComparison, change: ResourceChange) -> str:
    """What a resource changes for, where it is not the same for all of the stack."""
    causes = each.causes.get(change.change.urn, ())
    return f", by {' and '.join(causes)}" if causes and len(set(each.causes.values())) > 1 else ""


def field_lines(change: ResourceChange) -> Iterator[str]:
    """The fields that differ, texts of several lines as a difference of lines."""
    for one in change.fields[:_MOST_FIELDS]:
        yield from _field(one)
    if (more := len(change.fields) - _MOST_FIELDS) > 0:
        yield f"and {more} more fields"


def _field(one: FieldDifference) -> Iterator[str]:
    if all(isinstance(value, str) and "\n" in value for value in (one.old, one.new)):
        yield f"{one.path}:"
        yield from list(difflib.unified_diff(one.old.splitlines(), one.new.splitlines(), lineterm="", n=1))[2:]
    else:
        yield f"{one.path}: {_short(one.old)} -> {_short(one.new)}"


def _forced(change: ResourceChange) -> str:
    return f" because of {', '.join(change.change.replaces)}" if change.change.replaces else ""


def _short(value: Any) -> str:
    text = in_words(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _fenced(lines: Sequence[str], language: str = "") -> list[str]:
    # Longer than what stands within, so that nothing there ends it.
    longest = max((len(run) for line in lines for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *lines, fence]
