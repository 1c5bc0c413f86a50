"""What is chosen once for a cluster, and kept: the ports that it listens on."""

import json
import socket
from contextlib import ExitStack
from dataclasses import asdict, fields

from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.network import LOOPBACK, Ports


def ports_of(directory: ClusterDirectory) -> Ports:
    """The cluster's ports, chosen from what is free when it is made.

    They stay: the API server's address is in the state of the stack, and another one means another cluster to it.

    Raises:
        ClusterError: when the file that holds them can't be read.
    """
    if not directory.settings.exists():
        chosen = _free_ports(len(fields(Ports)))
        directory.settings.write_text(json.dumps(asdict(Ports(*chosen)), indent=2))
    try:
        return Ports(**json.loads(directory.settings.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"{directory.settings} does not hold the ports of the cluster: {error}.\n"
            f"Delete {directory.root} and its stack's state to begin anew: make cluster-delete STACK={directory.stack}"
        ) from error


def require_free(ports: Ports, directory: ClusterDirectory) -> None:
    """Raise `ClusterError` when another program listens on a port of the cluster."""
    for field in fields(Ports):
        port = getattr(ports, field.name)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError as error:
                name = field.name.replace("_", " ")
                raise ClusterError(
                    f"Port {port} of {LOOPBACK} is in use ({error.strerror}), and it is the {name} of the cluster of "
                    f"{directory.stack}.\nThe port is part of the cluster's state, so it can't move: end the program "
                    f"that listens there (`ss -ltnp 'sport = :{port}'` names it), and run the command again."
                ) from error


def _free_ports(count: int) -> list[int]:
    """Ports that nothing listens on, all different."""
    with ExitStack() as open_sockets:
        sockets = [open_sockets.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]
