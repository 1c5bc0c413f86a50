"""The site's navigation, whose folders are written out."""

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Any

# A page by its place, or a group by its title.
Entry = str | dict[str, Any]
_ALL = "*"
# Stems of the page that is a folder's own.
_FIRST = ("index", "README")


def written_out(entries: list[Entry], places: Collection[PurePosixPath]) -> list[Entry]:
    """The entries with the pages of each folder instead of `folder/*`, its own page first and
    the others by name.

    Args:
        entries: of the navigation.
        places: of every page of the site.
    """
    return list(_written_out(entries, places, set(_named(entries))))


def _written_out(
    entries: list[Entry], places: Collection[PurePosixPath], named: Collection[PurePosixPath]
) -> Iterator[Entry]:
    for entry in entries:
        if isinstance(entry, dict):
            yield {title: list(_written_out(inside, places, named)) for title, inside in entry.items()}
        elif PurePosixPath(entry).name == _ALL:
            folder = PurePosixPath(entry).parent
            inside = (place for place in places if place.parent == folder and place not in named)
            yield from map(str, sorted(inside, key=lambda place: (place.stem not in _FIRST, place)))
        else:
            yield entry


def _named(entries: list[Entry]) -> Iterator[PurePosixPath]:
    for entry in entries:
        if isinstance(entry, dict):
            for inside in entry.values():
                yield from _named(inside)
        else:
            yield PurePosixPath(entry)
