"""The saved queries: files/*.sql, as they are.

A file starts with comment lines that say what the query answers; the first is its description. A question mark is a
value that Athena asks for when the query is run.
"""

from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class SavedQuery:
    """One saved query.

    Args:
        name: its name, words between hyphens.
        description: what it answers.
        text: the whole file.
    """

    name: str
    description: str
    text: str


def saved_queries(directory: Path = FILES) -> list[SavedQuery]:
    """Every query of a directory, by name.

    Raises:
        ValueError: when a file does not start with a comment.
    """
    return [_read(path) for path in sorted(directory.glob("*.sql"))]


def _read(path: Path) -> SavedQuery:
    text = path.read_text()
    first = text.partition("\n")[0]
    if not first.startswith("-- "):
        raise ValueError(
            f"{path.name} starts with {first!r}, but its first line is the description that Athena shows: "
            "start it with '-- ' and a sentence"
        )
    return SavedQuery(path.stem, first.removeprefix("-- "), text)
