"""Modules of this package that run as processes of their own."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from local_cluster.directory import ClusterDirectory
from local_cluster.process import Process

_PACKAGE_ROOT = Path(__file__).resolve().parent.parent


def environment() -> dict[str, str]:
    """Variables with which a Python finds this package, whatever directory it runs in."""
    paths = [str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def python_module(module: str, *options: str) -> list[str]:
    """The command that runs a module."""
    return [sys.executable, "-m", module, *options]


def python_command(module: str, directory: ClusterDirectory, *options: str) -> list[str]:
    """The command that runs a module on a cluster's directory."""
    return python_module(module, "--directory", str(directory.root), "--stack", directory.stack, *options)


def python_process(
    name: str, module: str, directory: ClusterDirectory, *options: str, is_ready: Callable[[], bool] = lambda: True
) -> Process:
    """A module as a process.

    Args:
        name: for people, and of its log.
        module: to run.
        directory: of the cluster, which the module is told.
        options: what else it is told.
        is_ready: asked until it says so.
    """
    return Process(name, python_command(module, directory, *options), is_ready, environment())
