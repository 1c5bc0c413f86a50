"""Objects as the agents write them, and what Amazon Athena makes of them: a row a line, partitions from the key."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from components.account import Account
from components.catalog.table import Table
from components.catalog.tables import JSON, TABLES
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
DAYS_BACK = 30

Row = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """One object.

    Args:
        table: the table that it belongs to.
        key: what follows the table's prefix.
        lines: what is in it.
    """

    table: str
    key: str
    lines: tuple[str, ...]


def table(name: str) -> Table:
    """A table by its name."""
    return next(each for each in TABLES if each.name == name)


def template_pattern(found: Table) -> re.Pattern[str]:
    """Keys behind a table's prefix that its template covers, a group for each partition.

    A value is as many folders deep as its format says, and whatever follows is the object's own name.
    """
    depths = {
        partition.column.name: partition.projection.get("format", "").count("/") for partition in found.partitions
    }
    pattern = re.escape(found.template)
    for name, depth in depths.items():
        folders = "/".join(["[^/]+"] * (depth + 1))
        pattern = pattern.replace(re.escape(f"${{{name}}}"), f"(?P<{name}>{folders})")
    return re.compile(f"{pattern}.+")


def rows(samples: Iterable[Sample]) -> dict[str, list[Row]]:
    """Table name to its rows, with `$path` and the partitions' columns."""
    found: dict[str, list[Row]] = {each.name: [] for each in TABLES}
    for sample in samples:
        definition = table(sample.table)
        match = template_pattern(definition).fullmatch(sample.key)
        assert match, f"{sample.key} is outside of {definition.template}"
        common = {"$path": f"{definition.location(ACCOUNT)}{sample.key}", **match.groupdict()}
        found[sample.table] += [{**_columns(definition, line), **common} for line in sample.lines]
    return found


def _columns(definition: Table, line: str) -> Row:
    if definition.format is not JSON:
        (pattern,) = definition.format.parameters.values()
        match = re.fullmatch(pattern, line)
        assert match
        return dict(zip((column.name for column in definition.columns), match.groups(), strict=True))
    # The SerDe compares names without regard to case, and leaves out what the table does not name.
    record = _lowered(json.loads(line))
    return {column.name: record.get(column.name) for column in definition.columns}


def _lowered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key).lower(): _lowered(item) for key, item in value.items()}
    return value
