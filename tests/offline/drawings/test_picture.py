"""A picture in Graphviz's language, and as SVG that can be read aloud, on light pages and on dark ones."""

from xml.etree import ElementTree

import pytest

from offline.drawings.picture import Arrow, Box, Group, Picture, boxes_of, dot
from offline.drawings.svg import svg
from offline.errors import OfflineError
from offline.progress import say

SVG = "{http://www.w3.org/2000/svg}"
A, B = Box("a", "First", "store", ('says "so"',)), Box("b", "Second <b>", "nodes")
PICTURE = Picture("Two & one", "What it shows.", (A, Group("g", "Together", "aws", (B,))), (Arrow("a", "b"),), "LR")


def test_boxes_are_found_in_groups_too() -> None:
    assert [each.name for each in boxes_of(PICTURE.members)] == ["a", "b"]


def test_an_arrow_to_no_box_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match="Lost: no box is called c"):
        dot(Picture("Lost", "", (A,), (Arrow("a", "c"),), "TB"))


def test_an_arrow_against_the_direction_puts_its_target_first() -> None:
    drawn = dot(Picture("Up", "", (A, B), (Arrow("a", "b", is_against=True),), "TB"))
    assert '"b" -> "a" [dir=back]' in drawn


def test_what_comes_first_is_drawn_first_in_either_direction() -> None:
    for picture, order in (
        (Picture("Down", "", (A, B), (), "TB"), ["a", "b"]),
        # Graphviz puts what comes first at the bottom.
        (Picture("Right", "", (A, B), (), "LR"), ["b", "a"]),
    ):
        lines = [line for line in dot(picture).splitlines() if "class=" in line and "label=" in line]
        assert [line.split('"')[1] for line in lines] == order


def test_a_picture_is_named_and_told_of_and_holds_its_texts() -> None:
    root = ElementTree.fromstring(svg(PICTURE, say))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Two & one"
    assert root.findtext(f"{SVG}desc") == "What it shows."
    # Titles of single boxes and arrows would be technical names.
    assert len(list(root.iter(f"{SVG}title"))) == 1
    said = [" ".join(str(each.text).split()) for each in root.iter(f"{SVG}text")]
    assert sorted(said) == ["First", "Second <b>", "Together", 'says "so"']


def test_a_picture_has_colours_of_each_kind_for_light_pages_and_for_dark_ones() -> None:
    drawn = svg(PICTURE, say)
    light, _, dark = drawn.partition("@media (prefers-color-scheme: dark)")
    for scheme in (light, dark):
        assert ".node.store path" in scheme
        assert ".cluster.aws path" in scheme
    assert 'class="node store"' in drawn
    assert 'class="cluster aws"' in drawn


def test_the_same_picture_is_the_same_text() -> None:
    assert svg(PICTURE, say) == svg(PICTURE, say)


def test_what_graphviz_refuses_is_an_error_with_the_pictures_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline.drawings.svg.dot", lambda _: "no graph")
    with pytest.raises(OfflineError, match=r"Graphviz could not draw Two & one:\n[\s\S]*syntax error"):
        svg(PICTURE, say)
