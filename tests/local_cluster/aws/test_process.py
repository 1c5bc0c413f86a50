"""The process as a supervisor runs it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from local_cluster.aws.tokens import Tokens
from local_cluster.directory import ClusterDirectory
from tests.local_cluster.aws.cluster import cluster, make_directory, write_deployment

ROOT = Path(__file__).parents[3]


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    return make_directory(tmp_path / "cluster")


def command(directory: ClusterDirectory, *options: str) -> list[str]:
    words = ["--directory", str(directory.root), "--stack", "dev", "--deployment", str(directory.deployment)]
    return [sys.executable, "-m", "local_cluster.aws", *words, *options]


@contextmanager
def running(directory: ClusterDirectory, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = subprocess.Popen(command(directory, *options), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = 3 if "--bridge" in options else 1
    said = dict(process.stdout.readline().strip().split(": ", 1) for _ in range(lines))
    try:
        yield process, said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_webhooks_answer_before_there_is_a_deployment_and_follow_it(directory: ClusterDirectory) -> None:
    authority = str(directory.pki / "ca.crt")
    with running(directory) as (process, said):
        assert requests.get(f"{said['webhooks']}/healthz", verify=authority, timeout=10).text == "ok"
        review = {"spec": {"token": Tokens(directory).mint("moka-dev")[0]}}
        url = f"{said['webhooks']}/authenticate"
        assert requests.post(url, json=review, verify=authority, timeout=10).json()["status"]["authenticated"]
        write_deployment(directory.deployment, cluster())
        review = {"spec": {"token": Tokens(directory).mint("moka-test")[0]}}
        assert not requests.post(url, json=review, verify=authority, timeout=10).json()["status"]["authenticated"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_pods_are_served_on_the_bridge_as_soon_as_the_stack_exists(directory: ClusterDirectory) -> None:
    options = ("--bridge", "127.0.0.1", "--front-port", "0", "--agent-address", "127.0.0.1", "--agent-port", "0")
    with running(directory, *options, "--api-server", "https://127.0.0.1:1") as (process, said):
        assert requests.get(said["pod identity agent"] + "/healthz", timeout=10).text == "ok"
        assert not (directory.aws / "deployer.json").exists()
        write_deployment(directory.deployment, cluster())
        deadline = time.monotonic() + 10
        while not (directory.aws / "deployer.json").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert (directory.aws / "deployer.json").exists()
        answer = requests.get(
            said["pod identity agent"] + "/v1/credentials", headers={"Authorization": "x"}, timeout=10
        )
        assert (answer.status_code, "the API server at https://127.0.0.1:1" in answer.text) == (500, True)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_port_in_use_and_a_missing_authority_end_it_with_a_sentence(directory: ClusterDirectory) -> None:
    with running(directory) as (_, said):
        port = said["webhooks"].rsplit(":", 1)[-1]
        done = subprocess.run(
            command(directory, "--webhook-port", port), cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
    (directory.pki / "ca.crt").unlink()
    done = subprocess.run(command(directory), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ca.crt" in done.stderr
