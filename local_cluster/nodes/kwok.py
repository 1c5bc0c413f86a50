"""KWOK, which plays the kubelet of nodes that do not exist: their pods start at once, and answer no probe."""

from pathlib import Path

from local_cluster.control_plane.api_server import administrator
from local_cluster.control_plane.clients import kubeconfig_of
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK, Ports
from local_cluster.process import Process
from local_cluster.waiting import answers

# KWOK manages the nodes that carry it, and no others.
ANNOTATION = "kwok.x-k8s.io/node"
SIMULATED = "fake"


def kwok(program: Path, directory: ClusterDirectory, ports: Ports) -> Process:
    """The process.

    Without leases nodes turn not ready under load, and their pods with them.

    Source: KWOK documentation, "kwok" and "Manage Nodes and Pods".
    """
    options = {
        "kubeconfig": str(kubeconfig_of(directory, ports, "kwok", administrator(directory))),
        "manage-all-nodes": "false",
        "manage-nodes-with-annotation-selector": f"{ANNOTATION}={SIMULATED}",
        "node-lease-duration-seconds": "40",
        "server-address": f"{LOOPBACK}:{ports.kwok}",
    }
    return Process(
        "kwok",
        [str(program), *(f"--{key}={value}" for key, value in options.items())],
        lambda: answers(f"http://{LOOPBACK}:{ports.kwok}/healthz"),
    )
