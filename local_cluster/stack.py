"""A stack whose Kubernetes half runs for real: the offline engine on a state of its own, and the cluster beside it.

The state of `make offline` stays what it is: its objects are in no cluster.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from local_cluster.attached import AttachedCluster
from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from offline.charts import find_charts
from offline.checks.judge import Judge
from offline.checks.judges import all_judges
from offline.engine import OfflineEngine
from offline.progress import Say
from offline.project import Project

HOME = ".cluster"


def local_stack(
    project: Path,
    home: Path | None,
    stack: str,
    report: Say,
    *,
    changes: Mapping[str, Any] | None = None,
    judges: Callable[[], Sequence[Judge]] = all_judges,
) -> tuple[OfflineEngine, LocalCluster]:
    """The engine of a stack, and its cluster, which is not started.

    Args:
        project: directory of `Pulumi.yaml`.
        home: where state is kept; `.cluster` in the project unless given.
        stack: name of the stack.
        report: where signs of life go.
        changes: settings that are others than in the stack file, by their path.
        judges: who says beforehand what AWS and Kubernetes would refuse.

    Raises:
        MissingToolError: when the charts can't be had.
        UnknownStackError: when the project has no such stack.
    """
    Project(project.resolve()).require(stack)
    kept = home or project.resolve() / HOME
    cluster = LocalCluster(ClusterDirectory(kept.resolve() / stack / "cluster", stack), report)
    attached = AttachedCluster(cluster, report)
    # Pulumi's own provider takes charts from a registry or from a directory, and no registry is asked here.
    charts = find_charts(report)
    engine = OfflineEngine(project, kept, report, judges, cluster=attached, changes=changes, charts=charts)
    return engine, cluster


def started(project: Path, home: Path | None, stack: str, report: Say, real_nodes: int | None = None) -> OfflineEngine:
    """The engine of a stack whose cluster runs, started if it did not.

    Args:
        project: directory of `Pulumi.yaml`.
        home: where state is kept; `.cluster` in the project unless given.
        stack: name of the stack.
        report: where signs of life go.
        real_nodes: how many nodes run containers; as before unless given.

    Raises:
        ClusterError: when the cluster does not start.
        MissingToolError: when a program can't be had.
    """
    engine, cluster = local_stack(project, home, stack, report)
    try:
        cluster.start(real_nodes)
    except KeyboardInterrupt:
        cluster.abandon()
        raise
    return engine
