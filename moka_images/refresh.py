"""The next build of the project's own images: a newer base, packages of a later day, and tags of their own.

Changes text and builds nothing; what it asks for is reviewed and built like any other change. Leaves out versions of
Spark, of jars and of programs, which Renovate raises by the comments above them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
BAKE_FILE = _ROOT / "images" / "docker-bake.hcl"
DOCKERFILE = _ROOT / "images" / "spark" / "Dockerfile"
TABLE = _ROOT / "components" / "images" / "table.py"

BASE = "docker.io/library/debian"
_DATED = re.compile(r"^trixie-(\d{8})-slim$")
_NAMED = re.compile(
    rf"(?<=ARG DEBIAN={re.escape(BASE)}:)(?P<tag>trixie-\d{{8}}-slim)@(?P<digest>sha256:[0-9a-f]{{64}})"
)
_ARCHIVE_DAY = re.compile(r"(?P<before>snapshot\.debian\.org/archive/debian(?:-security)?/)(?P<day>\d{8})(?=T000000Z)")
_EPOCH = re.compile(r'(?P<before>variable "SOURCE_DATE_EPOCH" \{\n  default = ")(?P<seconds>\d+)(?=")')
_TAG = re.compile(r"(?P<before>\"moka/[a-z-]+\", \"[\w.]+(?:-celeborn)?-)(?P<revision>\d+)(?=\")")


class RefreshError(Exception):
    """Files that are not as this module knows them."""


@dataclass(frozen=True)
class Base:
    """The image that the project's own begin from.

    Args:
        tag: with the day of its build.
        digest: of its index.
    """

    tag: str
    digest: str


def newest(tags: Iterable[str]) -> str:
    """The latest tag with a day.

    Raises:
        RefreshError: when there is none.
    """
    dated = sorted(tag for tag in tags if _DATED.match(tag))
    if not dated:
        raise RefreshError(f"{BASE} has no tag such as trixie-20260918-slim")
    return dated[-1]


def base_of(dockerfile: str) -> Base:
    """What a Dockerfile begins from.

    Raises:
        RefreshError: when it does not say.
    """
    found = _NAMED.search(dockerfile)
    if found is None:
        raise RefreshError(f"{DOCKERFILE} names no {BASE} by tag and digest")
    return Base(found["tag"], found["digest"])


def refreshed_dockerfile(text: str, base: Base, day: datetime) -> str:
    """A Dockerfile that begins from another base, with packages of another day.

    Args:
        text: the Dockerfile.
        base: what it is to begin from.
        day: whose packages are wanted, at midnight UTC.
    """
    text = _replaced(_NAMED, text, lambda _: f"{base.tag}@{base.digest}", 1, DOCKERFILE)
    return _replaced(_ARCHIVE_DAY, text, lambda found: f"{found['before']}{day:%Y%m%d}", 2, DOCKERFILE)


def refreshed_bake_file(text: str, day: datetime) -> str:
    """A bake file whose images have the time of a day."""
    seconds = int(day.replace(tzinfo=UTC).timestamp())
    return _replaced(_EPOCH, text, lambda found: f"{found['before']}{seconds}", 1, BAKE_FILE)


def refreshed_table(text: str) -> str:
    """The table of images with the next tags of the project's own."""
    return _replaced(_TAG, text, _next_revision, 3, TABLE)


def refresh(base: Base, day: datetime) -> None:
    """Change the three files.

    Raises:
        RefreshError: when one is not as this module knows it; then none is changed.
    """
    changed = {
        DOCKERFILE: refreshed_dockerfile(DOCKERFILE.read_text(), base, day),
        BAKE_FILE: refreshed_bake_file(BAKE_FILE.read_text(), day),
        TABLE: refreshed_table(TABLE.read_text()),
    }
    for path, text in changed.items():
        path.write_text(text)


def _next_revision(found: re.Match[str]) -> str:
    return f"{found['before']}{int(found['revision']) + 1}"


def _replaced(pattern: re.Pattern[str], text: str, by: Callable[[re.Match[str]], str], times: int, path: Path) -> str:
    changed, count = pattern.subn(by, text)
    if count != times:
        raise RefreshError(f"{path} has {count} of {times} places that {pattern.pattern!r} should match")
    return changed
