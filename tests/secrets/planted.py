"""Values that stand for secrets, and the search for them in files.

Every planted value carries one mark, so that a trace is found without knowing the value, in each form in which programs
write texts down. Leaves out forms that are encrypted, and archives within archives.
"""

import base64
import gzip
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# Letters and digits alone, which no form of text escapes, and no word by which programs know a secret by themselves.
MARK = "Planted7Canary"
_LENGTH = 120
_GZIP = b"\x1f\x8b"


def planted(place: str) -> str:
    """A value that occurs nowhere else.

    Args:
        place: where it is planted, in letters and digits.
    """
    if not place.isalnum():
        raise ValueError(f"{place!r} names no place: a trace could not be read back, use letters and digits alone")
    return f"{MARK}{place}x{secrets.token_hex(8)}"


@dataclass(frozen=True)
class Trace:
    """A planted value that was found.

    Args:
        where: file, or whatever was searched.
        form: how it is written there.
        place: where it was planted, with its random digits.
    """

    where: str
    form: str
    place: str

    def __str__(self) -> str:
        return f"{self.where} has the secret planted in {self.place} ({self.form})"


def traces_in_files(roots: Iterable[Path]) -> list[Trace]:
    """Every planted value in files, and in the files of directories; links are not followed."""
    found: list[Trace] = []
    for root in roots:
        files = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in files:
            if file.is_symlink() or not file.is_file():
                continue
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                # Programs that still run put some away at any time.
                continue
            found += traces(str(file), content)
    return found


def traces_in_texts(texts: Mapping[str, str]) -> list[Trace]:
    """Every planted value in texts, by what they are."""
    return [each for where, text in texts.items() for each in traces(where, text.encode())]


def traces(where: str, content: bytes) -> list[Trace]:
    """Every planted value in some bytes, once a form and place; those of a compressed file are looked into as well."""
    found = list(dict.fromkeys(_found(where, content)))
    if content.startswith(_GZIP):
        try:
            found += traces(f"{where} (unpacked)", gzip.decompress(content))
        except (EOFError, OSError, zlib.error):
            # Begins like one by chance, or is still being written: its bytes have been searched.
            return found
    return found


def _found(where: str, content: bytes) -> Iterator[Trace]:
    for match in re.finditer(re.escape(MARK.encode()), content):
        yield Trace(where, "as it is", _readable(content[match.end() : match.end() + _LENGTH]))
    for match in re.finditer(re.escape(MARK.encode().hex().encode()), content, re.IGNORECASE):
        digits = re.match(rb"(?:[0-9a-fA-F]{2})*", content[match.end() : match.end() + _LENGTH])
        yield Trace(where, "hexadecimal", _readable(bytes.fromhex(digits[0].decode()) if digits else b""))
    for before, form in _BASE64:
        for match in re.finditer(re.escape(form), content):
            following = re.match(rb"[A-Za-z0-9+/_-]*", content[match.start() : match.start() + _LENGTH])
            text = (following[0] if following else b"").replace(b"-", b"+").replace(b"_", b"/")
            # A group of one letter is no byte yet; one of two or three lacks its padding.
            text = text[:-1] if len(text) % 4 == 1 else text
            decoded = base64.b64decode(text + b"=" * (-len(text) % 4))
            # The form begins with a whole group, which is `before` bytes into the mark.
            yield Trace(where, "base64", _readable(decoded.removeprefix(MARK.encode()[before:])))


def _base64_forms() -> Iterator[tuple[int, bytes]]:
    # Base64 writes three bytes as four letters, so that it depends on what stands before how the mark is written.
    mark = MARK.encode()
    for before in range(3):
        whole = mark[before : before + (len(mark) - before) // 3 * 3]
        yield before, base64.b64encode(whole)


_BASE64 = tuple(_base64_forms())


def _readable(after: bytes) -> str:
    match = re.match(rb"[A-Za-z0-9]*", after)
    return match[0].decode() if match else ""
