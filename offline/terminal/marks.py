"""What the engine does with a resource, as people read it: a sign, a word, and a style that adds nothing to them."""

from collections.abc import Iterable, Mapping

from rich.text import Text

# What matters most comes first.
ORDER = ("replace", "delete", "update", "create")
_SIGNS = {"create": "+", "update": "~", "replace": "+-", "delete": "-"}
_STYLES = {*_SIGNS, "same"}


def mark(operation: str) -> str:
    """The sign of an operation, as Pulumi has it; none for what stays as it is."""
    return _SIGNS.get(operation, "")


def style(operation: str) -> str:
    """The style of an operation."""
    return operation if operation in _STYLES else "aside"


def ranked(operations: Iterable[str]) -> list[str]:
    """Operations in the order in which people should read them; those that change nothing come last."""
    known = {operation: place for place, operation in enumerate(ORDER)}
    return sorted(operations, key=lambda each: (known.get(each, len(ORDER)), each))


def counts(operations: Mapping[str, int]) -> Text:
    """How many resources each operation is done to, such as `+ 2 create, 12 same`."""
    parts = [
        Text(f"{mark(each)} {operations[each]} {each}".strip(), style=style(each))
        for each in ranked(operations)
        if operations[each]
    ]
    return Text(", ").join(parts)
