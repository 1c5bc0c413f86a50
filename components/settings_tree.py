"""Texts of a settings tree, as JSON or YAML holds it, with where they stand."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

Path = tuple[str, ...]


def texts(tree: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in a tree that need not be valid, with the keys and places in lists that lead to it.

    Args:
        tree: the settings, or a part of them.
        path: keys above it.
    """
    if isinstance(tree, Mapping):
        for key, value in cast(Mapping[object, Any], tree).items():
            yield from texts(value, (*path, str(key)))
    elif isinstance(tree, (list, tuple)):
        for index, value in enumerate(cast(list[Any], tree)):
            yield from texts(value, (*path, str(index)))
    elif isinstance(tree, str):
        yield path, tree
