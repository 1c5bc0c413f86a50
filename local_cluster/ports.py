"""Ports of the loopback address for programs that take a number and not a socket."""

import random
import socket

from local_cluster.network import LOOPBACK

# Between a choice and the start of the program that listens, the kernel may give any port of its own range (Linux:
# 32768 to 60999) to a client or to whoever asks for port 0. Below it nobody gets one without naming it, and programs
# that name theirs (etcd, API server, kubelet, YuniKorn) lie under 12000, node ports from 30000 on.
FIRST = 12000
LAST = 29999

_given: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on, all different, none of which this process was given before.

    Raises:
        OSError: no free port is left.
    """
    return [free_port() for _ in range(count)]


def free_port() -> int:
    """One such port."""
    # In an order of this process's own, so that two processes at the same time do not choose alike.
    for port in random.SystemRandom().sample(range(FIRST, LAST + 1), LAST + 1 - FIRST):
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise OSError(f"No port of {LOOPBACK} from {FIRST} to {LAST} is free: end what listens there (`ss -ltnp`).")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
