"""A stack's outputs as a table: what each is for, and below that its value, on lines of its own to be copied.

Leaves out secrets, which arrive as a mask already, and the end of texts that nobody reads.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from offline.words import in_words

_LONGEST = 180
_INDENT = "  "


def output_lines(outputs: Mapping[str, Any], told: Mapping[str, str]) -> Iterator[Text]:
    """The table's lines.

    Args:
        outputs: value of each output by its name.
        told: what each output is for; those that it names come in its order, others after them.
    """
    names = [*(each for each in told if each in outputs), *(each for each in outputs if each not in told)]
    width = max(map(len, names), default=0)
    for name in names:
        if name in told:
            yield Text(f"{name:<{width}}", style="heading").append(f"  {told[name]}", style="not bold")
        else:
            yield Text(name, style="heading")
        for line in _values(name, outputs[name]):
            yield Text(_INDENT).append_text(line)


def _values(name: str, value: Any) -> Iterator[Text]:
    if isinstance(value, Mapping) and value:
        width = max(len(str(key)) for key in value)
        for key, each in value.items():
            yield Text(f"{key:<{width}}  ").append(_short(name, in_words(each)), style="value")
    elif isinstance(value, list) and value:
        for each in value:
            yield Text(_short(name, in_words(each)), style="value")
    else:
        yield Text(_short(name, in_words(value)), style="value")


def _short(name: str, text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]} ... (`pulumi stack output {name}` prints all of it)"
