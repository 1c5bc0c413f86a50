"""The tables of docs/settings.md, made from the settings' schema: `python -m components.settings_reference FILE`.

Leaves out the text around them, and the rules between fields, which a wrong stack file is answered with.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from components.page import with_part
from components.stack_schema import settings_schema

BEGIN = "<!-- tables: made by components/settings_reference.py -->"
END = "<!-- end of tables -->"
Schema = Mapping[str, Any]
LIMITS = (("minimum", "at least"), ("maximum", "at most"), ("minLength", "at least"), ("maxLength", "at most"))


@dataclass(frozen=True)
class Entry:
    """One field of the settings.

    Args:
        path: dots between keys; a name in angle brackets stands for a key that the stack chooses.
        kind: what it takes.
        default: as JSON, or `required`.
        meaning: what it decides.
        changes: direction, or `change` for all others, to what changing it does.
        schema: its part of the JSON Schema.
    """

    path: str
    kind: str
    default: str
    meaning: str
    changes: Mapping[str, str]
    schema: Schema


def entries(schema: Schema | None = None) -> list[Entry]:
    """Every field, in the order of the tree.

    Args:
        schema: JSON Schema of the settings; the settings' own by default.
    """
    root = schema or settings_schema()
    return list(_entries(root, root, ""))


def _entries(root: Schema, model: Schema, path: str) -> Iterable[Entry]:
    required = model.get("required", [])
    for name, field in model.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        inner, key = _inner(root, field)
        if inner is None or "x-change" in field:
            default = "required" if name in required else field.get("x-default") or json.dumps(field.get("default"))
            meaning = " ".join(field.get("description", "").split())
            yield Entry(where, _kind(root, field), default, meaning, field.get("x-change", {}), field)
        if inner is not None:
            yield from _entries(root, inner, f"{where}{key}")


def _inner(root: Schema, field: Schema) -> tuple[Schema | None, str]:
    """The settings model that a field holds, and how its key is written where the stack chooses it."""
    for option in (field, *field.get("anyOf", ())):
        if "$ref" in option:
            return _resolved(root, option), ""
        value = option.get("additionalProperties") or next(iter(option.get("patternProperties", {}).values()), None)
        if isinstance(value, dict) and "$ref" in value:
            return _resolved(root, cast(Schema, value)), ".<name>"
    return None, ""


def _resolved(root: Schema, field: Schema) -> Schema:
    return root["$defs"][field["$ref"].rpartition("/")[2]]


def _kind(root: Schema, field: Schema) -> str:
    if "anyOf" in field:
        return " or ".join(_kind(root, each) for each in field["anyOf"])
    if "enum" in field:
        return "one of " + ", ".join(str(each) for each in field["enum"])
    if field.get("type") == "array":
        return f"list: {_kind(root, field.get('items', {}))}"
    if "$ref" in field or field.get("type") == "object":
        return "the fields below" if _inner(root, field)[0] else "mapping of names"
    limits = [f"{word} {field[key]}{' characters' if 'Length' in key else ''}" for key, word in LIMITS if key in field]
    name = "IPv4 range" if field.get("format") == "ipv4network" else str(field.get("type", "value"))
    return f"{name} {' and '.join(limits)}".strip()


def tables(found: Iterable[Entry]) -> str:
    """A Markdown table for each area, which is the first key of a path."""
    areas: dict[str, list[Entry]] = {}
    for each in found:
        area = each.path.partition(".")[0] if "." in each.path else "environment"
        areas.setdefault(area, []).append(each)
    return "\n\n".join(_table(area, rows) for area, rows in areas.items())


def _table(area: str, rows: Iterable[Entry]) -> str:
    head = ("| field | takes | default | decides | when it changes |", "|---|---|---|---|---|")
    lines = (
        f"| `{each.path}` | {each.kind} | `{each.default}` | {each.meaning} | {_changes(each.changes)} |"
        for each in rows
    )
    return "\n".join((f"## {area}", "", *head, *(line.replace("``", "") for line in lines)))


def _changes(changes: Mapping[str, str]) -> str:
    named = [f"**{name}**: {sentence}" for name, sentence in changes.items() if name != "change"]
    rest = changes.get("change", "")
    return "<br>".join([*named, f"**otherwise**: {rest}" if named else rest])


def with_tables(text: str, found: Iterable[Entry]) -> str:
    """A page whose tables are made anew.

    Args:
        text: the page; it holds both marks.
        found: every field.

    Raises:
        ValueError: when a mark is missing.
    """
    return with_part(text, BEGIN, tables(found), END)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_tables(page.read_text(encoding="utf-8"), entries()), encoding="utf-8")
