"""Lines of a gzip object, from blocks of its bytes, with a bound on what is in memory at a time."""

import zlib
from collections.abc import Iterable, Iterator

# Most that one step of decompression may give.
_STEP_BYTES = 1 << 20


class DamagedObjectError(Exception):
    """An object that is not gzip, or not all of it; the lines before the damage were given."""


def lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their ends.

    Only a line feed ends a line: a carriage return belongs to a progress bar, and Unicode's other ends to a text. They
    are bytes, because a line may be a piece of a longer one that was cut inside a character.

    Raises:
        DamagedObjectError: when the bytes can't be decompressed to their end.
    """
    rest = b""
    for part in _decompressed(blocks):
        *whole, rest = (rest + part).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _decompressed(blocks: Iterable[bytes]) -> Iterator[bytes]:
    member, unfinished = _member(), False
    for block in blocks:
        pending, unfinished = block, unfinished or bool(block)
        while pending:
            try:
                part = member.decompress(pending, _STEP_BYTES)
            except zlib.error as error:
                raise DamagedObjectError(str(error)) from error
            yield part
            pending = member.unconsumed_tail
            if member.eof:
                # Objects may be several gzip files in a row.
                pending, member = member.unused_data, _member()
                unfinished = bool(pending)
    if unfinished:
        raise DamagedObjectError("it ends in the middle")


def _member() -> "zlib._Decompress":
    return zlib.decompressobj(zlib.MAX_WBITS | 16)
