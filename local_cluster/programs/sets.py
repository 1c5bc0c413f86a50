"""Which programs a cluster needs, and how they are made the first time."""

from collections.abc import Sequence
from pathlib import Path

from local_cluster.programs.coredns import COREDNS
from local_cluster.programs.etcd import ETCD
from local_cluster.programs.kubernetes import CONTROL_PLANE, REAL_NODES
from local_cluster.programs.kwok import KWOK
from local_cluster.programs.project import Project, find
from local_cluster.programs.provider import PROVIDER
from offline.checks.kubernetes.program import find_program
from offline.checks.yunikorn.program import find_queue_reader
from offline.cli_build import pulumi
from offline.go_build import passing_cache
from offline.progress import Say
from offline.pulumi_cli import VERSION, find_pulumi

# The control plane first: the others are built from much that it is built from, too.
SIMULATED = (CONTROL_PLANE, KWOK, PROVIDER, ETCD)
REAL = (REAL_NODES, COREDNS)


def find_programs(projects: Sequence[Project], report: Say) -> dict[str, Path]:
    """The programs of a cluster; where any is missing, those of the offline cloud are made with them.

    What is built at once shares what it has in common, and that is a third of all.

    Args:
        projects: `SIMULATED`, and `REAL` beside it for real nodes.
        report: where signs of life go.

    Raises:
        MissingToolError: when a program can't be had.
    """
    if all(project.at_hand() for project in projects):
        return find(projects, report)
    with passing_cache():
        found = find(projects, report, [pulumi(VERSION)])
        find_program(report)
        find_queue_reader(report)
        find_pulumi(report)
    return found
