"""Programs start in order, are watched, and end together."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.process import Process
from local_cluster.supervisor import FAILED, READY, Supervisor, hold, read_status
from offline.processes import is_alive

LASTING = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    """An empty directory."""
    made = ClusterDirectory(tmp_path / "cluster", "dev")
    made.make()
    return made


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """A supervisor takes the signals of its process, which is the test's here."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def stop_once_ready(directory: ClusterDirectory, seen: dict[str, int]) -> None:
    """Ask for the end as soon as everything runs."""
    while read_status(directory).get("state") != READY:
        time.sleep(0.05)
    seen.update(read_status(directory)["processes"])
    directory.stop_request.touch()


def test_a_request_ends_everything_and_leaves_no_status(directory: ClusterDirectory) -> None:
    seen: dict[str, int] = {}
    asking = threading.Thread(target=stop_once_ready, args=(directory, seen))
    asking.start()
    assert Supervisor(directory, [Process("first", LASTING), Process("second", LASTING)]).run() == 0
    asking.join()
    assert list(seen) == ["first", "second"]
    assert not any(map(is_alive, seen.values()))
    assert (read_status(directory), directory.stop_request.exists()) == ({}, False)


def test_a_program_that_ends_takes_the_others_along_and_is_named_with_its_last_lines(
    directory: ClusterDirectory,
) -> None:
    failing = [sys.executable, "-c", "import sys, time; time.sleep(0.5); print('no disk'); sys.exit(3)"]
    assert Supervisor(directory, [Process("lasting", LASTING), Process("failing", failing)]).run() == 1
    status = read_status(directory)
    assert status["state"] == FAILED
    assert status["detail"].startswith("failing ended with exit code 3.")
    assert "no disk" in status["detail"]
    assert not any(map(is_alive, status["processes"].values()))


def test_what_comes_later_waits_until_what_it_needs_is_ready(directory: ClusterDirectory) -> None:
    mark = directory.root / "mark"
    slow = [sys.executable, "-c", f"import time; time.sleep(0.5); open({str(mark)!r}, 'w'); time.sleep(60)"]
    needing = [sys.executable, "-c", f"import os, sys; sys.exit(7 if os.path.exists({str(mark)!r}) else 8)"]
    assert Supervisor(directory, [Process("slow", slow, mark.exists), Process("needing", needing)]).run() == 1
    assert "needing ended with exit code 7" in read_status(directory)["detail"]


def test_a_lock_is_held_by_one_at_a_time(directory: ClusterDirectory) -> None:
    first = hold(directory)
    assert first is not None
    assert hold(directory) is None
    first.close()
    again = hold(directory)
    assert again is not None
    again.close()


def test_a_request_that_comes_before_the_first_program_is_heeded(directory: ClusterDirectory) -> None:
    directory.stop_request.touch()
    assert Supervisor(directory, [Process("first", LASTING)]).run() == 0
    assert (read_status(directory), directory.stop_request.exists()) == ({}, False)
    assert not directory.log_of("first").exists()


def test_a_request_during_the_start_is_heeded_before_the_rest_starts(directory: ClusterDirectory) -> None:
    def never() -> bool:
        directory.stop_request.touch()
        return False

    assert Supervisor(directory, [Process("slow", LASTING, never), Process("later", LASTING)]).run() == 0
    assert not directory.log_of("later").exists()
