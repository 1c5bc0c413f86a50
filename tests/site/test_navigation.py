"""The navigation has every page of a folder where it says so, and none twice."""

from pathlib import PurePosixPath
from typing import Any

from tools.site.navigation import written_out

PLACES = [PurePosixPath(each) for each in ("index.md", "a/b.md", "a/a.md", "a/index.md", "a/deep/c.md")]


def test_a_folder_stands_for_its_pages_that_are_named_nowhere_else_its_own_first() -> None:
    entries: list[Any] = [{"Start": ["index.md", {"All": ["a/*"]}, "a/b.md"]}]
    assert written_out(entries, PLACES) == [{"Start": ["index.md", {"All": ["a/index.md", "a/a.md"]}, "a/b.md"]}]


def test_a_folder_without_pages_adds_nothing() -> None:
    assert written_out(["index.md", "later/*"], PLACES) == ["index.md"]
