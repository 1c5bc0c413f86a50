"""Following: every line once, whenever its object comes."""

from collections.abc import Callable

import pytest

from moka_logs.cli import main
from moka_logs.follow import POLL_SECONDS
from tests.moka_logs.conftest import APPLICATION, SparkLogs

Step = Callable[[], object]


def follow(capsys: pytest.CaptureFixture[str], *steps: Step, arguments: tuple[str, ...] = ()) -> list[str]:
    """Lines printed while something happens between looks, until a person interrupts; a list per look is joined."""
    coming = iter(steps)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        step = next(coming, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    code = main([APPLICATION, "--stack", "dev", "--follow", *arguments], wait)
    lines = [line.split(" ", 1)[1] for line in capsys.readouterr().out.splitlines()]
    assert code == 130, "a person ended it, whatever was printed"
    assert waits == [POLL_SECONDS] * (len(steps) + 1)
    return lines


def test_new_objects_are_printed_once_each(logs: SparkLogs, capsys: pytest.CaptureFixture[str]) -> None:
    logs.ship("a", "20261123T100000", "one")
    printed = follow(
        capsys,
        lambda: logs.ship("a", "20261123T100100", "two"),
        lambda: None,
        lambda: logs.ship("b", "20261123T100200", "three"),
        lambda: logs.ship("a", "20261123T100300", "four"),
    )
    assert printed == ["one", "two", "three", "four"]


def test_an_object_that_comes_late_with_an_earlier_time_is_not_missed(
    logs: SparkLogs, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.ship("a", "20261123T120000", "noon")
    printed = follow(capsys, lambda: logs.ship("a", "20261123T080000", "morning, after an outage of the agent"))
    assert printed == ["noon", "morning, after an outage of the agent"]


def test_a_line_cut_between_two_looks_is_printed_whole(logs: SparkLogs, capsys: pytest.CaptureFixture[str]) -> None:
    logs.ship("a", "20261123T100000", "before", "start \x1f")
    assert follow(capsys, lambda: logs.ship("a", "20261123T100100", "end")) == ["before", "start end"]


def test_a_job_that_has_no_line_yet_can_be_followed(logs: SparkLogs, capsys: pytest.CaptureFixture[str]) -> None:
    assert follow(capsys, lambda: logs.ship("a", "20261123T100000", "first")) == ["first"]
    assert follow(capsys, arguments=("--grep", "nothing")) == []


def test_only_the_last_lines_before_and_all_after(logs: SparkLogs, capsys: pytest.CaptureFixture[str]) -> None:
    logs.ship("a", "20261123T100000", "1", "2", "3")
    found = follow(capsys, lambda: logs.ship("a", "20261123T100100", "4", "5", "6"), arguments=("--tail", "1"))
    assert found == ["3", "4", "5", "6"]


def test_without_following_one_look_is_enough(logs: SparkLogs, capsys: pytest.CaptureFixture[str]) -> None:
    logs.ship("a", "20261123T100000", "one")

    def never(seconds: float) -> None:
        raise AssertionError(f"waited {seconds} s")

    assert main([APPLICATION, "--stack", "dev"], never) == 0
    assert capsys.readouterr().out == "executor/a one\n"
