"""The line that moves while people wait, in a terminal; and whole lines where there is none."""

import re
import signal
import subprocess
import sys
from collections.abc import Mapping

import pytest

from offline.progress import Standing, step
from tests.offline.terminal.pseudo_terminal import ROOT, Seen, seen

PROGRAM = """
import sys, time
from offline.progress import Standing, say, step

done = 0

def how_far():
    global done
    done += 1
    return Standing("in network", done, 1000, "resources")

with step("up dev", say, how_far):
    time.sleep(0.5)
    say("a message")
    print("what the program prints")
    with step("building etcd from source, 1 minute"):
        time.sleep(float(sys.argv[1]))
print("the result")
"""
INTERRUPTED_WHILE_DRAWN = """
import threading
from offline.progress import Standing, say, step

def how_far():
    if threading.current_thread() is threading.main_thread():
        raise KeyboardInterrupt
    return Standing("", 1, 1000, "resources")

with step("up dev", say):
    with step("building etcd", say, how_far):
        print("never")
"""
LEFT = [
    "a message",
    "what the program prints",
    "building etcd from source, 1 minute: done in N s",
    "up dev: done in N s",
    "the result",
    "",
]
SIGNS_OF_COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3\d|38;[\d;]+|9\d)m")


def left_on(terminal: Seen) -> list[str]:
    """Its lines, without how long a step took, which no test knows."""
    return [re.sub(r"done in \d+ s$", "done in N s", line) for line in terminal.screen]


def command(seconds: float = 0.4) -> list[str]:
    return [sys.executable, "-c", PROGRAM, str(seconds)]


def running(variables: Mapping[str, str] | None = None) -> Seen:
    return seen(command(), variables=variables)


@pytest.fixture(scope="module")
def shown() -> Seen:
    """The program in a terminal with colours."""
    return running()


def test_it_moves_while_the_step_lasts(shown: Seen) -> None:
    counts = {int(each) for each in re.findall(r"(\d+) of 1000 resources, in network", shown.sent)}
    assert len(counts) > 2
    assert re.search(r"up dev .*0:00:0", shown.sent)
    assert SIGNS_OF_COLOUR.search(shown.sent)


def test_a_step_in_a_step_has_a_line_of_its_own_below(shown: Seen) -> None:
    assert re.search(r"up dev[^\n]*\n[^\n]*building etcd", shown.sent)


def test_nothing_of_it_is_left_and_what_was_printed_meanwhile_is_whole(shown: Seen) -> None:
    assert left_on(shown) == LEFT
    assert shown.code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_cursor_is_there_however_the_command_ends(number: signal.Signals) -> None:
    stopped = seen(command(30), stop_at="building etcd", number=number)
    assert stopped.code == -number
    assert stopped.has_cursor


def test_ctrl_c_takes_the_line_away(shown: Seen) -> None:
    stopped = seen(command(30), stop_at="building etcd")
    assert stopped.screen[-2] == "KeyboardInterrupt"
    assert not [line for line in stopped.screen if "of 1000 resources" in line]
    assert "up dev: done" not in stopped.sent
    assert shown.has_cursor


def test_ctrl_c_takes_the_lines_away_while_they_are_drawn_for_the_first_time() -> None:
    stopped = seen([sys.executable, "-c", INTERRUPTED_WHILE_DRAWN])
    assert stopped.screen[-2:] == ["KeyboardInterrupt", ""]
    assert not [line for line in stopped.screen if "up dev" in line or "building etcd" in line]
    assert stopped.has_cursor


def test_a_terminal_that_can_not_move_gets_lines() -> None:
    dumb = running({"TERM": "dumb"})
    assert "\x1b" not in dumb.sent
    assert left_on(dumb) == ["up dev ...", *LEFT[:2], "building etcd from source, 1 minute ...", *LEFT[2:]]


def test_no_color_is_respected() -> None:
    plain = running({"NO_COLOR": "1"})
    assert "of 1000 resources" in plain.sent
    assert not SIGNS_OF_COLOUR.search(plain.sent)


def test_without_unicode_it_moves_in_ascii() -> None:
    ascii_only = running({"PYTHONIOENCODING": "ascii"})
    assert "of 1000 resources" in ascii_only.sent
    assert ascii_only.sent.isascii()
    assert left_on(ascii_only) == LEFT


def test_a_narrow_terminal_keeps_each_step_on_one_line() -> None:
    narrow = seen(command(), columns=40)
    assert left_on(narrow) == LEFT


def test_a_pipe_gets_whole_lines_and_the_result_alone_on_standard_output() -> None:
    done = subprocess.run(command(0.1), cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["what the program prints", "the result"]
    assert done.stderr.splitlines()[:2] == ["up dev ...", "a message"]
    assert "\x1b" not in done.stderr


def test_whoever_reports_for_himself_gets_lines() -> None:
    said: list[str] = []
    with step("up dev", said.append):
        pass
    assert said == ["up dev ...", "up dev: done in 0 s"]


def test_a_short_step_that_may_be_silent_says_nothing() -> None:
    said: list[str] = []
    with step("up dev", said.append, quiet_if_short=True):
        pass
    assert said == []


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(), ""),
        (Standing("starting etcd"), "starting etcd"),
        (Standing("in network", 3, 0, "resources"), "3 resources, in network"),
        (Standing("", 3, 8, "resources"), "3 of 8 resources"),
        (Standing("", 9, 8, "resources"), "9 resources"),
    ],
)
def test_how_far_a_step_is_names_a_total_only_where_it_holds(standing: Standing, words: str) -> None:
    assert str(standing) == words
