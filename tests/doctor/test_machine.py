"""The machine as it is, and the state that Pulumi exports there."""

import socket
import threading
from pathlib import Path

import pytest

from doctor import machine as module
from doctor.machine import Machine
from doctor.state import State, StateError, read_state
from tests.doctor.machines import Said, ScriptedMachine, exported

HERE = Machine(Path.cwd())


def test_programs_are_run_with_nothing_to_read_and_what_they_print_is_kept() -> None:
    said = HERE.run(["sh", "-c", "cat; echo out; echo errors >&2; exit 3"])
    assert (said.code, said.output, said.errors) == (3, "out\n", "errors\n")


def test_a_program_that_is_not_there_is_an_answer() -> None:
    assert not HERE.has("no-such-program")
    assert HERE.has("sh")
    assert "can't be run" in HERE.run(["no-such-program"]).errors


def test_a_program_that_says_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMMAND_SECONDS", 0.2)
    assert "said nothing" in HERE.run(["sleep", "5"]).errors


def test_a_connection_is_opened_and_one_that_nobody_takes_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def take() -> None:
            server.accept()[0].close()

        taker = threading.Thread(target=take)
        taker.start()
        assert HERE.connect("127.0.0.1", port) == ["127.0.0.1"]
        taker.join()
    with pytest.raises(OSError, match="refused"):
        HERE.connect("127.0.0.1", port)


def exporting(said: Said) -> Machine:
    return ScriptedMachine(printed={"pulumi stack export": said})


def test_a_stack_that_is_up_knows_its_names() -> None:
    state = read_state(exporting(exported(("aws:s3/bucket:Bucket", "moka-dev-logs"))), "dev")
    assert state.exists
    assert state.has("aws:s3/bucket:Bucket", "moka-dev-logs")
    assert not state.has("aws:kms/alias:Alias", "moka-dev-logs")
    assert state.count("aws:s3/bucket:Bucket") == 1


def test_a_stack_that_was_never_made_has_nothing() -> None:
    assert read_state(exporting(Said(6, "", "error: no stack named 'dev' found\n")), "dev") == State(False, frozenset())


def test_a_stack_that_is_empty_has_nothing() -> None:
    assert (
        read_state(exporting(Said(0, '{"version": 3, "deployment": {"resources": null}}', "")), "dev").names
        == frozenset()
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(3, "", "warning: x\nerror: PULUMI_ACCESS_TOKEN must be set\n"), "^PULUMI_ACCESS_TOKEN must be set$"),
        (Said(3, "", ""), "exit code 3"),
        (Said(0, "<html>", ""), "printed no deployment"),
    ],
)
def test_state_that_can_not_be_read_says_why(said: Said, reason: str) -> None:
    with pytest.raises(StateError, match=reason):
        read_state(exporting(said), "dev")
