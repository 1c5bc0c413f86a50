"""The settings reference tells of every field, as the settings are."""

import pytest

from components.settings import STACKS
from components.settings_reference import entries, with_tables

PAGE = STACKS.parent / "docs" / "settings.md"
ENTRIES = entries()


def test_the_page_has_the_tables_of_the_settings() -> None:
    text = PAGE.read_text()
    assert with_tables(text, ENTRIES) == text, "make docs writes it anew"


def test_every_field_has_a_meaning_and_says_what_its_change_does() -> None:
    assert not [each.path for each in ENTRIES if not each.meaning or not each.changes.get("change")]


def test_a_field_below_a_name_that_the_stack_chooses_is_told_of() -> None:
    found = {each.path: each for each in ENTRIES}
    assert found["node_groups.<name>.size"].default == "required"
    assert found["node_groups.<name>.size"].kind == "integer at least 0 and at most 450"
    assert found["alerts.receivers.<name>.secret"].changes == {"change": "in place: restarts Alertmanager"}
    assert found["monitoring.storage"].default == '"amazon-managed"'
    assert "deletes the samples of the managed workspace" in found["monitoring.storage"].changes["to in-cluster"]


@pytest.mark.parametrize("page", ["", "<!-- tables: made by components/settings_reference.py -->"])
def test_a_page_without_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="the page lacks the line"):
        with_tables(page, ENTRIES)
