"""Values in words, for people: what JSON would write with braces, quotes and brackets."""

from collections.abc import Mapping
from typing import Any


def in_words(value: Any) -> str:
    """A value within a line; what a value in it holds stands in parentheses."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_within(each)}" for key, each in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(_within, value)) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None else str(value)


def _within(value: Any) -> str:
    nested = isinstance(value, Mapping | list | tuple) and len(value) > 0
    if nested and not (len(value) == 1 and not isinstance(value, Mapping)):
        return f"({in_words(value)})"
    return "''" if value == "" else in_words(value)
