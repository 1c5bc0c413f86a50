"""The search for secrets that others made finds each form in which programs write them, and nothing else."""

import base64
from pathlib import Path

import pytest

from tests.secrets.known_values import traces_of, traces_of_in_files

VALUE = b"a-token-that-somebody-made"


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
@pytest.mark.parametrize(
    ("form", "write"),
    [
        ("as it is", lambda text: b"token=" + text),
        ("hexadecimal", lambda text: text.hex().encode()),
        ("base64", base64.b64encode),
    ],
)
def test_a_value_is_found_in_every_form_wherever_it_stands(before: bytes, form: str, write) -> None:
    found = traces_of({"a token": VALUE}, "a file", write(before + VALUE + b" and more"))
    assert [(each.where, each.form, each.place) for each in found] == [("a file", form, "a token")]


def test_another_value_is_not_found() -> None:
    assert traces_of({"a token": VALUE}, "a file", VALUE[:-1] + base64.b64encode(VALUE[:-4])) == []


def test_a_value_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="a token has 3 bytes"):
        traces_of({"a token": b"abc"}, "a file", b"")


def test_files_are_searched_and_those_that_go_away_meanwhile_have_nothing(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"x" + VALUE)
    found = traces_of_in_files({"a token": VALUE}, [tmp_path / "gone", file])
    assert [(each.where, each.place) for each in found] == [(str(file), "a token")]
