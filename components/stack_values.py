"""The tables of docs/stack-settings.md, what each stack file sets: `python -m components.stack_values FILE`.

Leaves out what a field means and what changing it does, which docs/settings.md tells, and fields that no stack sets.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, get_args

from components.page import with_part
from components.settings import STACKS, EnvironmentName
from components.settings_reference import Entry, entries
from components.stack_file import configurations, mapping

BEGIN = "<!-- values: made by components/stack_values.py -->"
END = "<!-- end of values -->"
_SETTINGS = "moka:settings"
_ORDER: Sequence[str] = get_args(EnvironmentName)


def stack_trees() -> dict[str, dict[str, Any]]:
    """Each stack to the settings that its file holds, in the order in which a change reaches them."""
    found = configurations(STACKS)
    return {stack: mapping(found[stack].get(_SETTINGS)) for stack in _ORDER}


def tables(trees: Mapping[str, Mapping[str, Any]], known: Iterable[Entry]) -> str:
    """A Markdown table for each area, with a row for each field that a stack sets.

    Args:
        trees: stack to its settings.
        known: every field, for the defaults.
    """
    defaults = [(_pattern(each.path), each.default) for each in known]
    values = {stack: dict(_values(tree, "")) for stack, tree in trees.items()}
    areas: dict[str, list[str]] = {}
    for path in dict.fromkeys(path for found in values.values() for path in found):
        area = path.partition(".")[0] if "." in path else "environment"
        default = next((found for pattern, found in defaults if pattern.fullmatch(path)), "")
        cells = (
            default if default in ("", "required") else f"`{default}`",
            *(_cell(values[stack], path) for stack in trees),
        )
        areas.setdefault(area, []).append(f"| `{path}` | {' | '.join(cells)} |")
    head = f"| field | default | {' | '.join(trees)} |\n|---|---|{'---|' * len(trees)}"
    return "\n\n".join(f"## {area}\n\n{head}\n" + "\n".join(rows) for area, rows in areas.items())


def _pattern(path: str) -> re.Pattern[str]:
    """What a field's path matches, where names that a stack chooses are in it."""
    return re.compile(re.escape(path).replace("<name>", "[^.]+"))


def _values(value: object, path: str) -> Iterator[tuple[str, object]]:
    """Each value below a part of a tree with its path; names with a dot in them stay whole."""
    if isinstance(value, dict) and value:
        for name, inner in cast(dict[str, Any], value).items():
            yield from _values(inner, f"{path}.{name}" if path else name)
    else:
        yield path, value


def _cell(values: Mapping[str, object], path: str) -> str:
    """A value as it is written in YAML's form of JSON; empty where the default holds."""
    if path not in values:
        return ""
    value = values[path]
    parts: list[object] = cast(list[object], value) if isinstance(value, list) and value else [value]
    return "<br>".join(f"`{json.dumps(each)}`" for each in parts)


def with_tables(text: str) -> str:
    """A page whose tables are made anew.

    Args:
        text: the page; it holds both marks.

    Raises:
        ValueError: when a mark is missing.
    """
    return with_part(text, BEGIN, tables(stack_trees(), entries()), END)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
