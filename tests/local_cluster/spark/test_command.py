"""`make spark` brings the stack up with what the application's owner asks of it, and then runs it there."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.settings import STACKS
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.private_file import write_private
from local_cluster.spark import command
from local_cluster.spark.command import run_word_count
from offline.errors import InterruptedRunError, UnknownStackError
from tests.local_cluster.aws.cluster import cluster as eks_cluster
from tests.local_cluster.aws.cluster import write_deployment
from tests.stack_files import settings_tree

BUCKET = "amzn-s3-demo-bucket-dev-analytics"
ACCOUNT = settings_tree("dev")["account_id"]
IMAGE = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/moka/spark:4.1.2-1"


class Stack:
    """A stack, its engine and its cluster, which write down what is asked of them."""

    def __init__(self, root: Path) -> None:
        self.directory = ClusterDirectory(root, "dev")
        self.directory.make()
        self.real_nodes = 0
        self.changes: Mapping[str, Any] = {}
        self.done: list[str] = []

    def local_stack(self, *_: Any, changes: Mapping[str, Any]) -> tuple["Stack", "Stack"]:
        self.changes = changes
        return self, self

    def start(self, real_nodes: int) -> None:
        self.done.append(f"start with {real_nodes}")

    def up(self, stack: str) -> None:
        write_deployment(self.directory.deployment, eks_cluster())
        self.done.append(f"up {stack}")

    def abandon(self) -> None:
        self.done.append("abandon")

    def add_spark_image(self, reference: str) -> None:
        self.done.append(f"image {reference}")

    def run(self, words: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        found = DeploymentFile(self.directory.deployment, self.directory.applications).latest()
        buckets = [each.identifier for each in found.of("aws:s3/bucket:Bucket")]
        self.done.append(f"run {words[0]} with {buckets}: {words[-1]}")
        return subprocess.CompletedProcess(words, 7)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Dev."""
    made = Stack(tmp_path)
    monkeypatch.setattr(command, "local_stack", made.local_stack)
    monkeypatch.setattr(command, "RealNodes", lambda *_: made)
    monkeypatch.setattr(command, "write_kubeconfig", lambda _: made.done.append("kubeconfig"))
    monkeypatch.setattr(command, "way_inside", lambda _: ["inside"])
    monkeypatch.setattr(command.subprocess, "run", made.run)
    return made


def run(real_nodes: int | None = None, name: str = "dev") -> int:
    return run_word_count(STACKS.parent, None, name, lambda _: None, real_nodes=real_nodes)


def test_the_stack_comes_first_then_image_and_bucket_and_the_run_says_how_it_went(stack: Stack) -> None:
    assert run() == 7
    assert stack.done == [
        "start with 3",
        "up dev",
        f"image {IMAGE}",
        "kubeconfig",
        f"run inside with ['{BUCKET}']: --way=operator",
    ]
    assert stack.directory.applications.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("given", "before", "started"), [(None, 0, 3), (None, 2, 2), (1, 2, 1)])
def test_real_nodes_are_as_many_as_asked_for_or_as_before_or_three(
    stack: Stack, given: int | None, before: int, started: int
) -> None:
    stack.real_nodes = before
    run(given)
    assert stack.done[0] == f"start with {started}"


def test_without_real_nodes_nothing_is_started(stack: Stack) -> None:
    with pytest.raises(ClusterError, match="needs real nodes"):
        run(0)
    assert stack.done == []


@pytest.mark.parametrize("step", ["start", "up", "add_spark_image", "run"])
@pytest.mark.parametrize(
    "stopped", [KeyboardInterrupt(), InterruptedRunError("Stopped.")], ids=lambda each: type(each).__name__
)
def test_a_cluster_is_abandoned_wherever_its_user_stops_the_command(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, step: str, stopped: BaseException
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise stopped

    monkeypatch.setattr(command.subprocess if step == "run" else stack, step, stop)
    with pytest.raises(type(stopped)):
        run()
    assert stack.done[-1] == "abandon"


def test_an_unknown_stack_is_named(stack: Stack) -> None:
    with pytest.raises(UnknownStackError, match="'prod'"):
        run(name="prod")
    assert stack.done == []


def test_what_an_earlier_run_added_to_the_account_is_written_anew(stack: Stack) -> None:
    write_private(stack.directory.applications, "not yet whole")
    run()
    found = DeploymentFile(stack.directory.applications).latest()
    assert [each.identifier for each in found.of("aws:s3/bucket:Bucket")] == [BUCKET]
