"""Every test that waits for a target of its own is in the directories that the target runs."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECIPES = re.findall(r"-m pytest -m (\w+) (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
PLACES = {marker: [ROOT / word for word in words.split() if word.startswith("tests/")] for marker, words in RECIPES}


def test_every_marker_has_a_target() -> None:
    (listed,) = re.findall(r"^markers = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE)
    assert set(PLACES) == set(re.findall(r'"(\w+): ', listed))


@pytest.mark.parametrize("marker", sorted(PLACES))
def test_each_marked_test_is_where_its_target_looks_and_each_place_has_one(marker: str) -> None:
    marked = [each for each in (ROOT / "tests").rglob("*.py") if f"pytest.mark.{marker}" in each.read_text()]
    marked = [each for each in marked if each != Path(__file__)]
    assert not [each for each in marked if not any(each.is_relative_to(place) for place in PLACES[marker])]
    assert not [place for place in PLACES[marker] if not any(each.is_relative_to(place) for each in marked)]
