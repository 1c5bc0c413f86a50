"""Lines as text, from bytes that may be no UTF-8, and back to streams that may not know every character.

A byte that is no UTF-8 is kept in the text (`surrogateescape`, PEP 383). A stream in UTF-8 gets it back as it was, so
such a stream shows what was written byte for byte. A stream of another encoding gets an escape for it, as for every
character that the encoding lacks: `\\xff`, `\\u2713`, `\\U0001f600`.
"""

import codecs
import io
from typing import TextIO

_ESCAPE = "moka_logs.escape"
# What surrogateescape makes of the bytes from 0x80 to 0xff.
_FIRST, _LAST = 0xDC80, 0xDCFF


def decoded(line: bytes) -> str:
    """The text of a whole line; a piece of one may end inside a character."""
    return line.decode("utf-8", "surrogateescape")


def show_any_text(stream: TextIO) -> None:
    """Let a stream take every text that `decoded` gives, and end lines with a line feed alone on every system."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=_ESCAPE, newline="\n")


def _escape(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    if error.encoding == "utf-8" and all(_FIRST <= ord(each) <= _LAST for each in found):
        return bytes(ord(each) - 0xDC00 for each in found), error.end
    return "".join(map(_escaped, found)), error.end


def _escaped(character: str) -> str:
    number = ord(character)
    if _FIRST <= number <= _LAST:
        return f"\\x{number - 0xDC00:02x}"
    return character.encode("ascii", "backslashreplace").decode("ascii")


codecs.register_error(_ESCAPE, _escape)
