"""KWOK, which plays the kubelet of nodes that do not exist: their pods start at once, and answer no probe."""

import json
from pathlib import Path
from typing import Any

from local_cluster.control_plane.api_server import administrator
from local_cluster.control_plane.clients import kubeconfig_of
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK, Ports
from local_cluster.private_file import write_private
from local_cluster.process import Process
from local_cluster.waiting import answers

# KWOK manages the nodes that carry it, and no others.
ANNOTATION = "kwok.x-k8s.io/node"
SIMULATED = "fake"

# By default four of a kind: a busy machine answers so late that leases of a thousand nodes run out, and pods that are
# placed in a minute take a quarter of an hour to run.
_AT_ONCE = 32


def kwok(program: Path, directory: ClusterDirectory, ports: Ports) -> Process:
    """The process.

    Without leases nodes turn not ready under load, and their pods with them.

    Source: KWOK documentation, "kwok" and "Manage Nodes and Pods".
    """
    options = {
        "config": str(_configuration(directory)),
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


def _configuration(directory: ClusterDirectory) -> Path:
    """What KWOK has no options for; without a file of its own it would read the one in a person's home.

    Source: KWOK documentation, "Configuration".
    """
    file = directory.root / "kwok.json"
    options = ("podPlayStageParallelism", "nodePlayStageParallelism", "nodeLeaseParallelism")
    content: dict[str, Any] = {
        "apiVersion": "config.kwok.x-k8s.io/v1alpha1",
        "kind": "KwokConfiguration",
        "options": dict.fromkeys(options, _AT_ONCE),
    }
    write_private(file, json.dumps(content, indent=2))
    return file
