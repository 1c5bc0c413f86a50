"""Runs that end in the middle, and programs that are killed: the next run goes on from there."""

import os
import re
import signal
import socket
import time
from functools import reduce

import pytest

from components.operator.values import NAMESPACE as OPERATOR
from components.settings import STACKS
from local_cluster.errors import ClusterError
from local_cluster.settings import ports_of
from local_cluster.supervisor import read_status
from offline.errors import OfflineError
from offline.processes import is_alive
from tests.local_cluster.conftest import RunningStacks, on
from tests.local_cluster.drills.running_stack import RunningStack, wait_until

PAGE = STACKS.parent / "docs" / "changes.md"

pytestmark = [pytest.mark.cluster, on("test")]


@pytest.fixture
def up(running: RunningStacks) -> RunningStack:
    """The smallest stack."""
    return running["test"]


def test_objects_that_an_interrupted_run_left_are_taken_over_by_the_next(up: RunningStack) -> None:
    before = {each["metadata"]["uid"] for each in up.listed("StatefulSet", "apps/v1")}
    forgotten = up.forget_last_objects()
    assert {"kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:DaemonSet"} <= set(forgotten)
    up.up()
    up.converges()
    assert {each["metadata"]["uid"] for each in up.listed("StatefulSet", "apps/v1")} == before
    assert not up.preview().has_changes


def test_a_release_that_an_interrupted_run_left_is_let_known_to_pulumi_as_the_page_says(up: RunningStack) -> None:
    (command,) = re.findall(r"^pulumi (import .*Release .*)$", PAGE.read_text(), re.MULTILINE)
    before = {each["metadata"]["uid"] for each in up.listed("Deployment", "apps/v1", namespace=OPERATOR)}
    forgotten = up.forget_release(OPERATOR)
    with pytest.raises(OfflineError, match="cannot re-use a name that is still in use"):
        up.up()
    known = {
        "NAMESPACE/NAME": forgotten["id"],
        "NAME": forgotten["id"].rpartition("/")[2],
        "PARENT": forgotten["parent"],
        "PROVIDER": forgotten["provider"].rpartition("::")[0],
        "STACK": up.name,
    }
    up.pulumi(*(reduce(lambda word, each: word.replace(*each), known.items(), word) for word in command.split()))
    up.up()
    up.converges()
    assert not up.preview().has_changes
    assert {each["metadata"]["uid"] for each in up.listed("Deployment", "apps/v1", namespace=OPERATOR)} == before


@pytest.mark.parametrize("process", ["etcd", "encryption-provider", "kube-apiserver", "kube-scheduler"])
def test_a_killed_process_ends_the_cluster_with_a_sentence_and_the_next_goes_on(up: RunningStack, process: str) -> None:
    processes = read_status(up.cluster.directory)["processes"]
    os.kill(processes[process], signal.SIGKILL)
    wait_until(lambda: not up.cluster.is_running, lambda: [str(read_status(up.cluster.directory))])
    assert read_status(up.cluster.directory)["detail"].startswith(f"{process} was killed by signal 9.")
    assert not any(map(is_alive, processes.values()))
    up.cluster.start()
    up.converges()


def test_a_supervisor_that_is_killed_takes_every_process_along(up: RunningStack) -> None:
    status = read_status(up.cluster.directory)
    os.kill(status["supervisor"], signal.SIGKILL)
    wait_until(lambda: not any(map(is_alive, status["processes"].values())), lambda: [str(status)])
    assert not up.cluster.is_running
    up.cluster.start()


def test_after_all_that_nothing_is_lost(up: RunningStack) -> None:
    up.converges()
    assert not up.preview().has_changes


def test_a_port_that_another_program_took_is_named(up: RunningStack) -> None:
    up.cluster.stop()
    port = ports_of(up.cluster.directory).api_server
    with socket.create_server(("127.0.0.1", port)), pytest.raises(ClusterError) as refused:
        up.cluster.start()
    assert f"Port {port} of 127.0.0.1 is in use" in str(refused.value)
    assert "end the program that listens there" in str(refused.value)
    time.sleep(0.1)
    up.cluster.start()


def test_a_second_start_finds_the_first(up: RunningStack) -> None:
    before = read_status(up.cluster.directory)["processes"]
    up.cluster.start()
    assert read_status(up.cluster.directory)["processes"] == before
