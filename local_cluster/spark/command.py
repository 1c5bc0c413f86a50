"""`make spark`: brings a stack up with real nodes, gives its first team the bucket it writes to, and runs for it."""

import os
import subprocess
from pathlib import Path

from local_cluster.errors import ClusterError
from local_cluster.launch import way_inside
from local_cluster.nodes.real.real_nodes import RealNodes
from local_cluster.people import write_kubeconfig
from local_cluster.python_process import environment, python_command
from local_cluster.spark.application import application_of
from local_cluster.spark.bucket import add_to_account
from local_cluster.spark.way import Way
from local_cluster.stack import local_stack
from offline.errors import InterruptedRunError
from offline.progress import Say

REAL_NODES = 3
# Nobody waits five minutes for either here.
CHANGES = {"spark/history_server/update_interval_seconds": 10, "logs/system_upload_interval_minutes": 1}


def run_word_count(
    project: Path, home: Path | None, stack: str, report: Say, *, real_nodes: int | None, way: Way = Way.OPERATOR
) -> int:
    """Run it; returns 0 when everything that an application should leave behind is there.

    Args:
        project: directory of `Pulumi.yaml`.
        home: where state is kept; `.cluster` in the project unless given.
        stack: name of the stack.
        report: where signs of life go.
        real_nodes: how many nodes run containers; as before, or three, unless given.
        way: of submission.

    Raises:
        ClusterError: when there are to be none, or no team of the stack writes anywhere.
    """
    application = application_of(project, stack).word_count
    engine, cluster = local_stack(project, home, stack, report, changes=CHANGES)
    wanted = real_nodes if real_nodes is not None else cluster.real_nodes or REAL_NODES
    if wanted < 1:
        raise ClusterError("A Spark application needs real nodes; leave NODES=simulated out.")
    try:
        cluster.start(wanted)
        engine.up(stack)
        RealNodes(cluster, report).add_spark_image(application.image)
        add_to_account(cluster.directory, application)
        write_kubeconfig(cluster)
        told = (f"--project={project.resolve()}", f"--way={way}")
        words = python_command("local_cluster.spark", cluster.directory, *told)
        variables = {**os.environ, **environment()}
        return subprocess.run([*way_inside(cluster.directory), *words], env=variables, check=False).returncode
    except (KeyboardInterrupt, InterruptedRunError):
        cluster.abandon()
        raise
