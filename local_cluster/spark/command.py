"""`make spark`: brings a stack up with real nodes, gives its first team the bucket it writes to, and runs for it."""

import json
import os
import subprocess
from pathlib import Path

from local_cluster.cluster import LocalCluster
from local_cluster.errors import ClusterError
from local_cluster.launch import way_inside
from local_cluster.nodes.real.real_nodes import RealNodes
from local_cluster.private_file import write_private
from local_cluster.python_process import environment, python_command
from local_cluster.spark.submitting_pod import bucket_of
from local_cluster.stack import local_stack
from moka_logs.place import PlaceError, account_of, stack_settings
from moka_smoke import team
from moka_smoke.team import REPOSITORY, TAG
from moka_smoke.word_count import WordCount
from offline.errors import InterruptedRunError
from offline.progress import Say
from offline.project import Project

REAL_NODES = 3
# Nobody waits five minutes for it here.
CHANGES = {"spark/history_server/update_interval_seconds": 10}


def run_word_count(project: Path, home: Path | None, stack: str, report: Say, real_nodes: int | None) -> int:
    """Run it; returns 0 when everything that an application should leave behind is there.

    Args:
        project: directory of `Pulumi.yaml`.
        home: where state is kept; `.cluster` in the project unless given.
        stack: name of the stack.
        report: where signs of life go.
        real_nodes: how many nodes run containers; as before, or three, unless given.

    Raises:
        ClusterError: when there are to be none, or no team of the stack writes anywhere.
    """
    application = word_count_of(project, stack)
    engine, cluster = local_stack(project, home, stack, report, changes=CHANGES)
    wanted = real_nodes if real_nodes is not None else cluster.real_nodes or REAL_NODES
    if wanted < 1:
        raise ClusterError("A Spark application needs real nodes; leave NODES=simulated out.")
    try:
        cluster.start(wanted)
        engine.up(stack)
        RealNodes(cluster, report).add_spark_image(application.image)
        _add_to_account(cluster, application)
        words = python_command("local_cluster.spark", cluster.directory, *_options(application))
        variables = {**os.environ, **environment()}
        return subprocess.run([*way_inside(cluster.directory), *words], env=variables, check=False).returncode
    except (KeyboardInterrupt, InterruptedRunError):
        cluster.abandon()
        raise


def word_count_of(project: Path, stack: str) -> WordCount:
    """The word count as the first team of a stack submits it that may write somewhere.

    Args:
        project: directory of `Pulumi.yaml`.
        stack: name of the stack.

    Raises:
        ClusterError: when there is none.
        UnknownStackError: when the project has no such stack.
    """
    known = Project(project.resolve())
    known.require(stack)
    try:
        settings = stack_settings(stack, known.root / known.stack_directory)
        # What is built here has no client of Celeborn, whatever the stack has.
        image = f"{account_of(stack, settings).registry}/{REPOSITORY}:{TAG}"
        return team.word_count_of(stack, settings, image=image)
    except PlaceError as error:
        raise ClusterError(str(error)) from error


def _options(application: WordCount) -> list[str]:
    given = {name: getattr(application, name) for name in ("image", "team", "bucket", "prefix")}
    return [f"--{name}={value}" for name, value in given.items()]


def _add_to_account(cluster: LocalCluster, application: WordCount) -> None:
    content = {"version": 3, "checkpoint": {"latest": {"resources": [bucket_of(application)]}}}
    write_private(cluster.directory.applications, json.dumps(content))
