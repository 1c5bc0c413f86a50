"""How a cluster on this machine carries many simulated nodes and pods: 1,000 and 10,000 of them.

Pods come as applications ask for them, by Deployments, so that controllers, admission, scheduler and nodes all have
their part in the rate. It is taken from the times that the API server writes into pods, in seconds.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.nodes.node_groups import NodeGroups
from local_cluster.nodes.node_object import MIB, PlannedNode
from offline.checks.kubernetes.room import Room
from offline.progress import say, silent
from tests.bench.cluster import memory_mib

NODES = 1_000
PODS = 10_000
DEPLOYMENTS = 20

_PATIENCE_SECONDS = 900.0
_LOOK_SECONDS = 2.0
_ZONES = ("eu-central-1a", "eu-central-1b", "eu-central-1c")
_PAGE = 500


@dataclass(frozen=True)
class Rates:
    """What became of pods, in pods a second.

    Args:
        made: by controllers.
        scheduled: onto nodes.
        running: and ready.
    """

    made: float
    scheduled: float
    running: float


def planned(number: int) -> PlannedNode:
    """One of many nodes, all of an m7g.xlarge's size."""
    name, zone = f"ip-100-64-{number // 250}-{number % 250}.eu-central-1.compute.internal", _ZONES[number % len(_ZONES)]
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/arch": "arm64",
        "topology.kubernetes.io/region": "eu-central-1",
        "topology.kubernetes.io/zone": zone,
    }
    room, storage = Room(cpu=3920, memory=14_800 * MIB, pods=58), 80 * 1024 * MIB
    return PlannedNode(name, "many", "m7g.xlarge", zone, labels, (), room, room, storage, storage)


def deployment(number: int) -> dict[str, Any]:
    """One of those that all pods belong to."""
    labels = {"app.kubernetes.io/name": f"application-{number}"}
    container = {
        "name": "application",
        "image": "application",
        "resources": {"requests": {"cpu": "250m", "memory": "512Mi"}},
    }
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [container], "automountServiceAccountToken": False},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"application-{number}", "namespace": "default"},
        "spec": {"replicas": PODS // DEPLOYMENTS, "selector": {"matchLabels": labels}, "template": template},
    }


def wait_until_ready(api: KubernetesApi) -> None:
    """Wait for every pod.

    Raises:
        TimeoutError: when pods are missing for too long.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (ready := _ready(api)) < PODS:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{ready} of {PODS} pods are ready after {_PATIENCE_SECONDS:.0f} s")
        print(f"{ready} of {PODS} pods are ready", file=sys.stderr, flush=True)
        time.sleep(_LOOK_SECONDS)


def _ready(api: KubernetesApi) -> int:
    return sum(each["status"].get("readyReplicas") or 0 for each in api.listed("Deployment", "apps/v1"))


def rates(api: KubernetesApi) -> Rates:
    """How fast the pods came, all from the first one's creation on."""
    made, scheduled, running = [], [], []
    for pod in _pods(api):
        conditions = {each["type"]: _time(each["lastTransitionTime"]) for each in pod["status"]["conditions"]}
        made.append(_time(pod["metadata"]["creationTimestamp"]))
        scheduled.append(conditions["PodScheduled"])
        running.append(conditions["Ready"])
    first = min(made)
    # Times are whole seconds: what happens within the first one took up to a second.
    return Rates(*(len(made) / (max(each) - first + 1.0) for each in (made, scheduled, running)))


def _pods(api: KubernetesApi) -> Iterator[Mapping[str, Any]]:
    """Every pod, page by page: all at once are tens of megabytes."""
    more = ""
    while True:
        answer = api.resource("Pod").get(namespace="default", limit=_PAGE, _continue=more).to_dict()
        yield from answer["items"]
        more = answer["metadata"].get("continue")
        if not more:
            return


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    with tempfile.TemporaryDirectory(prefix="moka-") as place:
        cluster = LocalCluster(ClusterDirectory(Path(place) / "cluster", "many"), say)
        try:
            cluster.start()
            print(f"making {NODES} nodes", file=sys.stderr, flush=True)
            started = time.perf_counter()
            NodeGroups(cluster.api, silent).put("many", [planned(number) for number in range(NODES)])
            yield f"{NODES} simulated nodes: made in {time.perf_counter() - started:.0f} s"
            cluster.api.apply(*map(deployment, range(DEPLOYMENTS)))
            wait_until_ready(cluster.api)
            found = rates(cluster.api)
            yield (
                f"{PODS} pods on them: {found.made:.0f} pods a second made, {found.scheduled:.0f} scheduled, "
                f"{found.running:.0f} ready"
            )
            yield f"memory of the cluster with them: {sum(memory_mib(cluster).values())} MiB"
        finally:
            cluster.stop()
