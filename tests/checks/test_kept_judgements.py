"""What was judged is not judged again, in this process or the next, and comes out the same."""

from pathlib import Path
from typing import Any

import pytest

from offline.checks import kept
from offline.checks.aws_schema import validation
from offline.checks.kept import KeptAnswers

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"Size": {"type": "integer", "maximum": 10}},
    "required": ["Size"],
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    next_process()
    return tmp_path / "moka"


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []
    judge = validation._judged

    def counted(held: Any, written: Any) -> Any:
        asked.append(written.value)
        return judge(held, written)

    monkeypatch.setattr(validation, "_judged", counted)
    return asked


def next_process() -> None:
    """Forget what a process remembers."""
    validation._found.cache_clear()
    kept._lines_of.cache_clear()


def problems(value: Any, schema: dict[str, Any] | None = None) -> list[str]:
    return [each.keyword for each in validation.problems(SCHEMA if schema is None else schema, value)]


@pytest.mark.parametrize(("value", "wrong"), [({"Size": 10}, []), ({}, ["required"])])
def test_what_was_judged_is_not_judged_again(judged: list[Any], value: object, wrong: list[str]) -> None:
    first = list(validation.problems(SCHEMA, value))
    assert [each.keyword for each in first] == wrong
    next_process()
    assert list(validation.problems(SCHEMA, value)) == first
    assert judged == [value]


@pytest.mark.parametrize("size", ["hunter2", 11, object])
def test_a_verdict_that_quotes_a_value_is_not_kept_because_it_may_be_a_secret(
    judged: list[Any], cache: Path, size: object
) -> None:
    for _ in range(2):
        assert len(problems({"Size": size})) == 1
        next_process()
    assert len(judged) == 2
    assert not list(cache.glob("judged-*"))


def test_a_line_that_was_not_written_to_its_end_is_judged_anew(judged: list[Any], cache: Path) -> None:
    assert problems({}) == ["required"]
    (file,) = cache.glob("judged-*")
    file.write_text(file.read_text()[:-9])
    next_process()
    assert problems({}) == ["required"]
    assert len(judged) == 2


def test_the_same_value_is_judged_by_another_schema() -> None:
    assert problems({"Size": 10}) == []
    next_process()
    assert problems({"Size": 10}, {"properties": {"Size": {"maximum": 9}}}) == ["maximum"]


def test_another_version_begins_anew_and_takes_the_old_file_away(
    judged: list[Any], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problems({"Size": 1}) == []
    (before,) = cache.glob("judged-*")
    monkeypatch.setattr(validation, "_KEPT", KeptAnswers("schemas", lambda: "another"))
    next_process()
    assert problems({"Size": 1}) == []
    assert len(judged) == 2
    assert [each.name for each in cache.glob("judged-*")] == ["judged-schemas-another"]
    assert before.name != "judged-schemas-another"


def test_a_file_that_has_grown_too_large_begins_anew(
    judged: list[Any], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_MOST_BYTES", 200)
    for size in (1, 2, 3):
        assert problems({"Size": size}) == []
    next_process()
    assert problems({"Size": 1}) == []
    assert len(judged) == 4
    (file,) = cache.glob("judged-*")
    assert len(file.read_text().splitlines()) == 1


def test_nobody_else_reads_what_was_kept(cache: Path) -> None:
    assert problems({"Size": 10}) == []
    (file,) = cache.glob("judged-*")
    assert file.stat().st_mode & 0o777 == 0o600


def test_texts_can_not_be_taken_apart_otherwise() -> None:
    assert kept.digest_of("ab", "c") != kept.digest_of("a", "bc")
