"""The page of what stacks set has what their files hold, beside the settings' defaults."""

import re

import pytest

from components.settings import STACKS
from components.settings_reference import Entry, entries
from components.stack_values import stack_trees, tables, with_tables

PAGE = STACKS.parent / "docs" / "stack-settings.md"


def entry(path: str, default: str) -> Entry:
    return Entry(path, "string", default, "", {}, {})


def test_the_page_has_what_the_stack_files_hold() -> None:
    text = PAGE.read_text()
    assert with_tables(text) == text, "make docs writes it anew"


def test_a_field_that_one_stack_sets_is_empty_where_the_default_holds() -> None:
    trees = {"dev": {"protect": False}, "production": {}}
    assert "| `protect` | `true` | `false` |  |" in tables(trees, [entry("protect", "true")])


def test_fields_below_a_name_that_the_stack_chooses_have_the_default_of_their_kind() -> None:
    trees = {"dev": {"node_groups": {"big": {"size": 3, "types": ["a.large", "b.large"]}}}}
    known = [entry("node_groups.<name>.size", "required"), entry("node_groups.<name>.types", "[]")]
    page = tables(trees, known)
    assert page.startswith("## node_groups\n\n| field | default | dev |\n|---|---|---|\n")
    assert "| `node_groups.big.size` | required | `3` |" in page
    assert '| `node_groups.big.types` | `[]` | `"a.large"`<br>`"b.large"` |' in page


def test_every_row_is_of_a_field_that_the_reference_tells_of() -> None:
    known = {each.path for each in entries()}
    patterns = [re.compile(re.escape(path).replace("<name>", "[^.]+") + r"(\..*)?") for path in known]
    rows = re.findall(r"^\| `([^`]+)` \|", tables(stack_trees(), entries()), re.MULTILINE)
    assert len(rows) > 100
    assert [row for row in rows if not any(each.fullmatch(row) for each in patterns)] == []


def test_stacks_stand_in_the_order_in_which_changes_reach_them() -> None:
    assert list(stack_trees()) == ["test", "dev", "staging", "production"]


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="the page lacks the line"):
        with_tables("")
