"""What a run of the engine tells, while it is being written and afterwards."""

import json
from pathlib import Path

import pytest

from offline.observer import Observer

URN = "urn:pulumi:dev::moka::aws:sns/topic:Topic::"


def event(name: str, kind: str = "resOutputsEvent") -> bytes:
    # Go writes every character but U+2028 and U+2029 as it is.
    step = {"op": "create", "urn": URN + name}
    return json.dumps({kind: {"metadata": step}}, ensure_ascii=False).encode() + b"\n"


def test_a_log_that_is_being_written_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    log, last = tmp_path / "log", event("größer")
    for cut in range(len(last)):
        log.write_bytes(event("first") + last[:cut])
        assert Observer(log).how_far().done == 1
    log.write_bytes(event("first") + last)
    assert Observer(log).how_far().done == 2


def test_only_a_line_feed_ends_an_event(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(event("next\x85line\x0b\x0c\x1c\u2028", "resourcePreEvent"))
    observer = Observer(log)
    observer.read()
    assert [each.urn for each in observer.changed] == [URN + "next\x85line\x0b\x0c\x1c\u2028"]


@pytest.mark.parametrize(("ended", "counted"), [("same", "same"), ("delete", "delete"), ("update", "update")])
def test_what_was_read_back_is_counted_as_what_the_end_of_its_step_says(
    tmp_path: Path, ended: str, counted: str
) -> None:
    log = tmp_path / "log"
    begin = {"resourcePreEvent": {"metadata": {"op": "refresh", "urn": URN + "alerts"}}}
    end = {"resOutputsEvent": {"metadata": {"op": ended, "urn": URN + "alerts"}}}
    log.write_text(f"{json.dumps(begin)}\n{json.dumps(end)}\n")
    observer = Observer(log)
    observer.read()
    assert [each.operation for each in observer.steps] == [counted]
    assert [each.operation for each in observer.changed] == [each for each in [counted] if each != "same"]


def test_how_far_a_run_is_counts_each_resource_once_and_names_its_component(tmp_path: Path) -> None:
    log = tmp_path / "log"
    network = {"urn": "urn:pulumi:dev::moka::moka:index:Network::network", "custom": False, "id": ""}
    begun = {"op": "create", "urn": network["urn"], "new": network}
    part = {"urn": URN + "alerts", "custom": True, "id": "1", "parent": network["urn"]}
    made = {"op": "create", "urn": part["urn"], "new": part}
    events = [{"resourcePreEvent": {"metadata": each}} for each in (begun, made)]
    events += [{"resOutputsEvent": {"metadata": made}}] * 2
    log.write_text("".join(f"{json.dumps(each)}\n" for each in events))
    observer = Observer(log, expected=5)
    assert str(observer.how_far()) == "1 of 5 resources, in network"
    assert str(observer.how_far()) == "1 of 5 resources, in network", "what was read is not read again"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        # The CLI's own words then say what ended the engine, which the program only noticed.
        ("Resource monitor has terminated, shutting down\n", "None"),
        ("preview failed", "None"),
        ("the name is taken", "the name is taken"),
    ],
)
def test_what_only_follows_from_another_error_is_none(tmp_path: Path, said: str, error: str) -> None:
    log = tmp_path / "log"
    log.write_text(json.dumps({"diagnosticEvent": {"severity": "error", "message": said}}) + "\n")
    observer = Observer(log)
    observer.read()
    assert str(observer.error()) == error
