"""What is chosen for a cluster, and kept: the ports that it listens on, and how many real nodes it has."""

import json
import socket
import time
from dataclasses import asdict, dataclass, fields, replace

from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.network import LOOPBACK, Ports
from local_cluster.ports import free_ports
from local_cluster.private_file import write_private

# A program that was killed counts as ended before the last of its threads has let go of what it listened on.
_LETTING_GO_SECONDS = 5.0
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class ClusterSettings:
    """What was chosen.

    Args:
        ports: chosen once. They stay: the API server's address is in the state of the stack, and another one means
            another cluster to it.
        real_nodes: how many nodes run containers; without any, nothing of the cluster needs root.
    """

    ports: Ports
    real_nodes: int = 0


def settings_of(directory: ClusterDirectory) -> ClusterSettings:
    """The cluster's settings; ports are chosen from what is free when they are first asked for.

    Raises:
        ClusterError: when the file that holds them can't be read.
    """
    if not directory.settings.exists():
        _write(directory, ClusterSettings(Ports(*free_ports(len(fields(Ports))))))
    try:
        found = json.loads(directory.settings.read_text())
        return ClusterSettings(Ports(**found["ports"]), int(found["real_nodes"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ClusterError(
            f"{directory.settings} does not hold the settings of the cluster: {error!r}.\n"
            f"Delete {directory.root} and its stack's state to begin anew: make cluster-delete STACK={directory.stack}"
        ) from error


def ports_of(directory: ClusterDirectory) -> Ports:
    """The cluster's ports.

    Raises:
        ClusterError: when the file that holds them can't be read.
    """
    return settings_of(directory).ports


def choose_real_nodes(directory: ClusterDirectory, count: int) -> None:
    """Keep how many real nodes the cluster has from its next start on."""
    _write(directory, replace(settings_of(directory), real_nodes=count))


def require_free(ports: Ports, directory: ClusterDirectory) -> None:
    """Raise `ClusterError` when another program listens on a port of the cluster, and goes on doing so."""
    end = time.monotonic() + _LETTING_GO_SECONDS
    for field in fields(Ports):
        port = getattr(ports, field.name)
        while (reason := _taken(port)) and time.monotonic() < end:
            time.sleep(_PAUSE_SECONDS)
        if reason:
            name = field.name.replace("_", " ")
            raise ClusterError(
                f"Port {port} of {LOOPBACK} is in use ({reason}), and it is the {name} of the cluster of "
                f"{directory.stack}.\nThe port is part of the cluster's state, so it can't move: end the program "
                f"that listens there (`ss -ltnp 'sport = :{port}'` names it), and run the command again."
            )


def _taken(port: int) -> str:
    """Why nobody can listen there; empty where somebody can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            return str(error.strerror)
        return ""


def _write(directory: ClusterDirectory, settings: ClusterSettings) -> None:
    write_private(directory.settings, json.dumps(asdict(settings), indent=2))
