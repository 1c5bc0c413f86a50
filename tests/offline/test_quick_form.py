"""Large JSON files in a form that is read faster, and holds the same."""

import gzip
import json
from pathlib import Path

import pytest

from offline import quick_form
from offline.quick_form import Part, read_json

LONG = "x" * 5000
VALUE = {
    "a": [1, 2.5, None, True],
    "ü": {"deep": "x"},
    "services": {"ec2": {"RunInstances": {"text": LONG, "takes": [{"kind": "instance"}]}}, "sqs": {"SendMessage": {}}},
    "listed": [{"prefix": "ec2", "text": LONG}, [LONG, {"deep": LONG}], {"prefix": "sqs"}],
}


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


def test_what_is_large_is_opened_when_somebody_looks_into_it(file: Path) -> None:
    for _ in range(2):
        value = read_json(file)
        assert isinstance(value, Part)
        services = value["services"]
        assert "_members" not in vars(services), "it was opened before anybody looked"
        assert isinstance(services["ec2"], Part)
        assert services["sqs"] == {"SendMessage": {}}
        assert type(services["sqs"]) is dict
        assert "_members" not in vars(services["ec2"])
        assert services["ec2"]["RunInstances"]["takes"] == [{"kind": "instance"}]
        assert [type(each) for each in value["listed"]] == [Part, list, dict]


def test_a_part_is_read_as_a_dictionary_is(file: Path) -> None:
    value = read_json(file)
    assert list(value) == list(VALUE)
    assert len(value) == len(VALUE)
    assert ("ü" in value, "u" in value, value.get("u", 1)) == (True, False, 1)
    assert value["services"] is value["services"]
    with pytest.raises(KeyError, match="u"):
        value["u"]


def test_who_copies_a_part_changes_nothing_in_it(file: Path) -> None:
    value = read_json(file)
    copied = value.copy()
    assert copied == VALUE
    copied["a"] = copied["new"] = 1
    assert value == VALUE


def test_a_file_may_be_one_long_list(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(packed(path, VALUE["listed"]))
    for _ in range(2):
        assert read_json(path) == VALUE["listed"]
