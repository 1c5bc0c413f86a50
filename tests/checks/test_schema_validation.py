"""A schema's answer to a value is kept, and belongs to that schema and that value alone."""

from typing import Any

import pytest

from offline.checks.aws_schema import validation
from offline.checks.aws_schema.validation import Problem, problems

AT_MOST_TWO = {"type": "object", "properties": {"size": {"type": "integer", "maximum": 2}}}
AT_MOST_FOUR = {"type": "object", "properties": {"size": {"type": "integer", "maximum": 4}}}


def test_an_equal_value_is_asked_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list(problems(AT_MOST_TWO, {"size": 3}))
    assert said == [Problem(("size",), "maximum", 2, 3)]
    monkeypatch.setattr(validation, "_validator", None)
    assert list(problems(AT_MOST_TWO, {"size": 3})) == said
    with pytest.raises(TypeError):
        list(problems(AT_MOST_TWO, {"size": 5}))


def test_a_value_that_was_changed_in_place_gets_another_answer() -> None:
    value = {"size": 3}
    assert list(problems(AT_MOST_TWO, value)) != []
    value["size"] = 2
    assert list(problems(AT_MOST_TWO, value)) == []


@pytest.mark.parametrize("size", [True, "3", None, 3.5])
def test_values_that_are_written_differently_are_different(size: Any) -> None:
    assert list(problems(AT_MOST_FOUR, {"size": 3})) == []
    assert [each.keyword for each in problems(AT_MOST_FOUR, {"size": size})] == ["type"]


def test_another_schema_gives_another_answer_to_the_same_value() -> None:
    assert list(problems(AT_MOST_FOUR, {"size": 3})) == []
    assert list(problems(AT_MOST_TWO, {"size": 3})) != []
