"""Which setting a resource changes for."""

from collections.abc import Mapping
from typing import Any

from components.change import in_place
from components.rules.changes import FieldChange
from offline.diff.causes import MOST_SETTINGS, PROGRAM, causes_of
from offline.errors import OfflineError
from offline.project import REMOVED

BEFORE = {"a": 1, "b": {"c": 2}, "teams": {}}
CHANGES = [FieldChange(path, 0, 0, in_place()) for path in ("a", "b.c", "teams.new")]


def made(**inputs: object) -> dict[str, dict[str, Any]]:
    return {name: {"inputs": value} for name, value in inputs.items()}


WITH_ALL = made(of_a=9, of_both=9, of_c=9, of_team=1, of_program=9)
# What comes out with one setting as it was.
WITHOUT = {
    "a": made(of_a=1, of_both=1, of_c=9, of_team=1, of_program=9),
    "b/c": made(of_a=9, of_both=2, of_c=1, of_team=1, of_program=9, gone_for_c=1),
    "teams/new": made(of_a=9, of_both=9, of_c=9, of_program=9),
}
asked: list[Mapping[str, Any]] = []


def ask(changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    asked.append(dict(changes))
    (path,) = changes
    return WITHOUT[path]


def test_a_resource_changes_for_each_setting_without_which_it_comes_out_otherwise_and_else_for_the_program() -> None:
    asked.clear()
    assert causes_of(CHANGES, BEFORE, WITH_ALL, program_differs=True, ask=ask) == {
        "of_a": ("a",),
        "of_both": ("a", "b.c"),
        "of_c": ("b.c",),
        "gone_for_c": ("b.c",),
        "of_team": ("teams.new",),
        "of_program": (PROGRAM,),
    }
    # An entry that was not there is taken out again.
    assert asked == [{"a": 1}, {"b/c": 2}, {"teams/new": REMOVED}]


def test_where_there_is_one_cause_nothing_is_asked() -> None:
    asked.clear()
    one = causes_of(CHANGES[:1], BEFORE, WITH_ALL, program_differs=False, ask=ask)
    none = causes_of([], BEFORE, WITH_ALL, program_differs=True, ask=ask)
    assert (set(one.values()), set(none.values()), asked) == ({("a",)}, {(PROGRAM,)}, [])


def test_one_setting_is_told_from_the_program() -> None:
    found = causes_of(CHANGES[:1], BEFORE, WITH_ALL, program_differs=True, ask=ask)
    assert (found["of_a"], found["of_c"]) == (("a",), (PROGRAM,))


def test_settings_that_only_go_together_are_told_together() -> None:
    def refuses(changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        if "b/c" in changes or "teams/new" in changes:
            raise OfflineError("b.c must be below a")
        return ask(changes)

    found = causes_of(CHANGES, BEFORE, WITH_ALL, program_differs=True, ask=refuses)
    assert (found["of_a"], found["of_c"]) == (("a",), ("b.c", "teams.new"))


def test_where_too_many_settings_differ_no_cause_is_told() -> None:
    many = [FieldChange(f"s{each}", 0, 1, in_place()) for each in range(MOST_SETTINGS + 1)]
    assert causes_of(many, {}, WITH_ALL, program_differs=False, ask=ask) == {}
