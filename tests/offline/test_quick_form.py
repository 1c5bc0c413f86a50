"""Large JSON files in a form that is read faster, and holds the same."""

import gzip
import json
from pathlib import Path

import pytest

from offline import quick_form
from offline.quick_form import read_json

VALUE = {"a": [1, 2.5, None, True], "ü": {"deep": "x"}}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "moka"


@pytest.fixture(params=["data.json", "data.json.gz"])
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / request.param
    path.write_bytes(packed(path, VALUE))
    return path


def packed(path: Path, value: object) -> bytes:
    text = json.dumps(value).encode()
    return gzip.compress(text) if path.suffix == ".gz" else text


def test_it_is_parsed_once_and_is_the_same_afterwards(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_json(file) == VALUE
    monkeypatch.setattr(quick_form.json, "loads", lambda _: pytest.fail("it was parsed again"))
    assert read_json(file) == VALUE


def test_other_content_is_another_entry(file: Path) -> None:
    read_json(file)
    file.write_bytes(packed(file, [1]))
    assert read_json(file) == [1]


def test_an_entry_that_was_not_written_to_its_end_is_made_anew(file: Path, cache: Path) -> None:
    read_json(file)
    (entry,) = cache.iterdir()
    whole = entry.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        entry.write_bytes(whole[:length])
        assert read_json(file) == VALUE
        assert entry.read_bytes() == whole
    assert list(cache.iterdir()) == [entry]
