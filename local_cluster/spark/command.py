"""`make spark`: brings a stack up with real nodes, gives the word count what its owner would, and runs it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from components.account import Account
from components.identity.pod_role import pod_role_arn
from local_cluster.aws.buckets import BUCKET, buckets_of
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.cluster import LocalCluster
from local_cluster.errors import ClusterError
from local_cluster.launch import way_inside
from local_cluster.nodes.real.real_nodes import RealNodes
from local_cluster.private_file import write_private
from local_cluster.python_process import environment, python_command
from local_cluster.spark.word_count import NAME, WordCount
from local_cluster.stack import local_stack
from offline.errors import InterruptedRunError
from offline.progress import Say
from offline.project import Project

REAL_NODES = 3
_IMAGE = "moka/spark:4.1.2-1"
_SETTINGS = "moka:settings"


def run_word_count(project: Path, home: Path | None, stack: str, report: Say, real_nodes: int | None) -> int:
    """Run it; returns 0 when everything that an application should leave behind is there.

    Args:
        project: directory of `Pulumi.yaml`.
        home: where state is kept; `.cluster` in the project unless given.
        stack: name of the stack.
        report: where signs of life go.
        real_nodes: how many nodes run containers; as before, or three, unless given.

    Raises:
        ClusterError: when there are to be none.
    """
    settings = _settings(project, stack)
    account = Account(settings["name"], settings["account_id"], settings["region"])
    engine, cluster = local_stack(project, home, stack, report, changes=_changes(settings, account))
    wanted = real_nodes if real_nodes is not None else cluster.real_nodes or REAL_NODES
    if wanted < 1:
        raise ClusterError("A Spark application needs real nodes; leave NODES=simulated out.")
    application = WordCount(account, f"{_registry(account)}/{_IMAGE}")
    try:
        cluster.start(wanted)
        engine.up(stack)
        RealNodes(cluster, report).add_spark_image(application.image)
        _add_to_account(cluster, application)
        words = python_command("local_cluster.spark", cluster.directory, "--image", application.image)
        variables = {**os.environ, **environment()}
        return subprocess.run([*way_inside(cluster.directory), *words], env=variables, check=False).returncode
    except (KeyboardInterrupt, InterruptedRunError):
        cluster.abandon()
        raise


def _settings(project: Path, stack: str) -> dict[str, Any]:
    known = Project(project.resolve())
    known.require(stack)
    file = known.root / known.stack_directory / f"Pulumi.{stack}.yaml"
    return yaml.safe_load(file.read_text())["config"][_SETTINGS]


def _changes(settings: dict[str, Any], account: Account) -> dict[str, Any]:
    """What the application's owner asks of the stack file, and how often the History Server looks."""
    writers = (settings.get("log_buckets") or {}).get("event_log_writers") or []
    return {
        "log_buckets/event_log_writers": [*writers, pod_role_arn(NAME, account)],
        # Nobody waits five minutes for it here.
        "spark/history_server/update_interval_seconds": 10,
    }


def _registry(account: Account) -> str:
    return f"{account.id}.dkr.ecr.{account.region}.{account.service_principal('x').partition('.')[2]}"


def _add_to_account(cluster: LocalCluster, application: WordCount) -> None:
    deployment = DeploymentFile(cluster.directory.deployment).latest()
    bucket = next(each for each in deployment.of(BUCKET) if each.name == "spark-events").identifier
    key_arn = buckets_of(deployment)[bucket].key_arn
    resources = application.aws_resources(bucket, key_arn)
    content = {"version": 3, "checkpoint": {"latest": {"resources": resources}}}
    write_private(cluster.directory.applications, json.dumps(content))
