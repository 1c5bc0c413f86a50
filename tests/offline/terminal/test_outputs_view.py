"""How outputs are shown: in the order of their table, in words, each value to be copied."""

import json

from offline.terminal.outputs_view import output_lines

TOLD = {"login_command": "run it first", "bucket_names": "where logs lie"}


def lines(**outputs: object) -> list[str]:
    return [line.plain for line in output_lines(outputs, TOLD)]


def test_outputs_come_in_the_order_of_their_table_with_what_they_are_for() -> None:
    assert lines(other="x", bucket_names={"spark": "b-1", "system-logs": "b-2"}, login_command="aws eks") == [
        "login_command  run it first",
        "  aws eks",
        "bucket_names   where logs lie",
        "  spark        b-1",
        "  system-logs  b-2",
        "other",
        "  x",
    ]


def test_no_value_is_shown_as_json() -> None:
    value = {"a": ["b", "c"], "d": {"e": True}, "f": None, "g": 7, "h": "", "i": []}
    shown = lines(one=value, two=[{"k": "v"}], three={}, four=["x", "y"])
    assert not [sign for sign in '{}[]"' if sign in "".join(shown)]
    assert shown[1:7] == ["  a  b, c", "  d  e true", "  f  none", "  g  7", "  h  ", "  i  none"]
    assert shown[7:] == ["two", "  k v", "three", "  none", "four", "  x", "  y"]
    assert json.dumps(value["a"]) not in "".join(shown)


def test_a_text_that_nobody_reads_ends_with_the_command_that_prints_it() -> None:
    (_, value) = lines(long="x" * 500)
    assert value == f"  {'x' * 180} ... (`pulumi stack output long` prints all of it)"
