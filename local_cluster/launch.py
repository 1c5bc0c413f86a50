"""Starts the process behind a cluster, in namespaces of its own where the cluster has real nodes."""

import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK
from local_cluster.nodes.real.namespace import entering, leader, namespace_command
from local_cluster.private_file import write_private
from local_cluster.python_process import environment, python_command
from local_cluster.settings import ClusterSettings


def launch(
    directory: ClusterDirectory, settings: ClusterSettings, programs: Mapping[str, Path]
) -> "subprocess.Popen[bytes]":
    """Start it; it outlives whoever started it.

    Args:
        directory: the cluster's.
        settings: the cluster's.
        programs: executables by name.
    """
    command = python_command(
        "local_cluster.running", directory, *(f"--program={name}={path}" for name, path in programs.items())
    )
    inherited: Sequence[int] = ()
    with ExitStack() as opened:
        if settings.real_nodes:
            # What listens on this machine has to be made before the namespaces are.
            listener = opened.enter_context(socket.create_server((LOOPBACK, settings.ports.api_server), backlog=256))
            inherited = (listener.fileno(),)
            told = (f"--real-nodes={settings.real_nodes}", f"--way-in={listener.fileno()}")
            command = [*namespace_command(), *command, *told]
        log = opened.enter_context(directory.log_of("supervisor").open("ab"))
        launched = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **environment()},
            start_new_session=True,
            pass_fds=inherited,
        )
    write_private(directory.namespaces, str(launched.pid))
    return launched


def way_inside(directory: ClusterDirectory) -> list[str]:
    """What goes before a command that is to run in the namespaces of a cluster with real nodes, which runs.

    Raises:
        ProcessLookupError: when it does not run.
    """
    return entering(leader(int(directory.namespaces.read_text())))
