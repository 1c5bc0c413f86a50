"""The search for values that are secret and were made by somebody else, such as tokens: no mark can be put into them.

Finds a value as it is, as hexadecimal digits, and within base64 of any text that holds it. Leaves out what the search
for planted values looks into besides: files that are compressed.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.secrets.planted import Trace

# What is shorter is found where it is not meant.
_SHORTEST = 16


def traces_of(values: Mapping[str, bytes], where: str, content: bytes) -> list[Trace]:
    """Every value in some bytes, once a form.

    Args:
        values: by what they are.
        where: the bytes are from.
        content: the bytes.
    """
    return [
        Trace(where, form, what)
        for what, value in values.items()
        for form, needle in _forms(what, value)
        if needle in content
    ]


def traces_of_in_files(values: Mapping[str, bytes], files: Iterable[Path]) -> list[Trace]:
    """The same in files; one that goes away meanwhile has none."""
    found: list[Trace] = []
    for file in files:
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            continue
        found += traces_of(values, str(file), content)
    return found


def _forms(what: str, value: bytes) -> Iterator[tuple[str, bytes]]:
    if len(value) < _SHORTEST:
        raise ValueError(f"{what} has {len(value)} bytes: a search for fewer than {_SHORTEST} finds what it must not")
    yield "as it is", value
    yield "hexadecimal", value.hex().encode()
    for before in range(3):
        # Three bytes are four letters: which ones, hangs on what stands before; the ends hang on it and are left out.
        yield "base64", base64.b64encode(value[before : before + (len(value) - before) // 3 * 3])
