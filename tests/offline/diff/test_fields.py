"""The smallest fields that differ."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.diff.fields import ABSENT, FieldDifference, differences

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


def found(old: Any, new: Any) -> list[tuple[str, Any, Any]]:
    return [(each.path, each.old, each.new) for each in differences(old, new)]


@given(JSON)
def test_a_value_differs_in_nothing_from_itself(value: Any) -> None:
    assert found(value, json.loads(json.dumps(value))) == []


@given(JSON, JSON)
def test_values_that_differ_differ_in_some_field(old: Any, new: Any) -> None:
    # True is 1 in Python, and a list's order is the list's.
    if json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True) and old != new:
        assert found(old, new) or _only_moved(old, new)


def _only_moved(old: Any, new: Any) -> bool:
    """Whether lists of names hold the same in another order somewhere, which nothing here tells apart."""
    return json.dumps(_sorted(old)) == json.dumps(_sorted(new))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return sorted(json.dumps(_sorted(each)) for each in value) if isinstance(value, list) else value


def test_keys_that_come_and_go_are_absent_on_one_side() -> None:
    assert found({"a": 1, "b": 2}, {"b": 3, "c": 4}) == [("a", 1, ABSENT), ("b", 2, 3), ("c", ABSENT, 4)]


@pytest.mark.parametrize("key", ["name", "key", "mountPath", "Sid"])
def test_an_entry_that_is_put_first_changes_no_other(key: str) -> None:
    old = {"entries": [{key: "one", "value": 1}, {key: "two", "value": 2}]}
    new = {"entries": [{key: "zero", "value": 0}, {key: "one", "value": 1}, {key: "two", "value": 3}]}
    assert found(old, new) == [
        ("entries[two].value", 2, 3),
        ("entries[zero]", ABSENT, {key: "zero", "value": 0}),
    ]


def test_entries_without_names_are_compared_in_their_order() -> None:
    assert found([{"port": 1}, {"port": 2}], [{"port": 1}, {"port": 3}]) == [("[1].port", 2, 3)]


def test_words_of_a_list_come_and_go() -> None:
    assert found({"actions": ["a", "b"]}, {"actions": ["b", "c"]}) == [
        ("actions[a]", "a", ABSENT),
        ("actions[c]", ABSENT, "c"),
    ]


def test_documents_in_texts_are_compared_as_what_they_say() -> None:
    old = json.dumps({"Statement": [{"Sid": "Read", "Action": ["s3:GetObject"]}]})
    new = json.dumps({"Statement": [{"Sid": "Read", "Action": ["s3:GetObject", "s3:*"]}]}, indent=2)
    assert found({"policy": old}, {"policy": new}) == [("policy.Statement[Read].Action[s3:*]", ABSENT, "s3:*")]
    assert found({"policy": old}, {"policy": json.dumps(json.loads(old), indent=2)}) == []
    assert list(differences("{not json", "{neither")) == [FieldDifference("", "{not json", "{neither")]
