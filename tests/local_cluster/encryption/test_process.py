"""The process as a supervisor runs it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.encryption import messages
from local_cluster.encryption.configuration import address, socket_file
from local_cluster.encryption.key_service import AWS_OWNED_KEY
from local_cluster.encryption.process import encryption_provider
from tests.local_cluster.aws.cluster import ACCOUNT, REGION, cluster, make_directory, write_deployment
from tests.telemetry.process import wait_until

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClusterDirectory:
    """A cluster's directory, whose name is too long for a socket, as the directory of this process."""
    made = make_directory(tmp_path / ("a" * 120))
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def running(directory: ClusterDirectory) -> Iterator["subprocess.Popen[bytes]"]:
    """The process, which is ready."""
    made = encryption_provider(directory)
    assert not made.is_ready()
    with subprocess.Popen(made.command, env={**os.environ, **made.environment}, cwd=directory.root) as process:
        wait_until("the plugin", 30, made.is_ready)
        yield process
        process.kill()


def key_of(directory: ClusterDirectory) -> str:
    """The key that the process names."""
    with grpc.insecure_channel(f"unix://{address(directory)}") as channel:
        answer = channel.unary_unary(f"/{messages.SERVICE}/Status")(b"", timeout=10, wait_for_ready=True)
    return messages.STATUS.FromString(answer).key_id


def test_it_answers_before_there_is_an_account_and_follows_the_key_of_its_cluster(
    directory: ClusterDirectory, running: "subprocess.Popen[bytes]"
) -> None:
    assert key_of(directory) == AWS_OWNED_KEY
    made = cluster()
    made["inputs"]["encryptionConfig"] = {"provider": {"keyArn": KEY}}
    write_deployment(directory.deployment, made)
    assert key_of(directory) == KEY
    running.terminate()
    assert running.wait(10) == 0


def test_a_socket_that_a_killed_process_left_is_not_taken_for_a_process_that_is_ready(
    directory: ClusterDirectory,
) -> None:
    socket_file(directory).touch()
    assert not encryption_provider(directory).is_ready()
