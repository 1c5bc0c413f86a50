"""What a run of the engine tells, while it is being written and afterwards."""

import json
from pathlib import Path

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
