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
from local_cluster.nodes.node_object import PlannedNode
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
_MIB = 1024**2


@dataclass(frozen=True)
class Rates:
    """What became of pods, in pods a second.

    Args:
        made: by controllers.
        scheduled: onto nodes.
        ready: on them.
        lost: how many pods are not ready any more. Controllers say so of pods whose node has not been heard of in time,
            and KWOK never says otherwise: the machine was too busy.
    """

    made: float
    scheduled: float
    ready: float
    lost: int


def planned(number: int) -> PlannedNode:
    """One of many nodes, all of an m7g.xlarge's size."""
    name, zone = f"ip-100-64-{number // 250}-{number % 250}.eu-central-1.compute.internal", _ZONES[number % len(_ZONES)]
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/arch": "arm64",
        "topology.kubernetes.io/region": "eu-central-1",
        "topology.kubernetes.io/zone": zone,
    }
    room, storage = Room(cpu=3920, memory=14_800 * _MIB, pods=58), 80 * 1024 * _MIB
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


def wait_until_running(api: KubernetesApi) -> None:
    """Wait for every pod.

    Raises:
        TimeoutError: when pods are missing for too long.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (missing := _missing(api)) > 0:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{missing} pods or more do not run after {_PATIENCE_SECONDS:.0f} s")
        print(f"{missing} pods or more do not run yet", file=sys.stderr, flush=True)
        time.sleep(_LOOK_SECONDS)


def _missing(api: KubernetesApi) -> int:
    """Pods that are not made, or wait; of those that wait no more than a page is counted."""
    made = sum(each["status"].get("replicas") or 0 for each in api.listed("Deployment", "apps/v1"))
    waiting = api.listed("Pod", namespace="default", field_selector="status.phase=Pending", limit=_PAGE)
    return PODS - made + len(waiting)


def rates(api: KubernetesApi) -> Rates:
    """How fast the pods came, all from the first one's creation on."""
    made, scheduled, ready, lost = [], [], [], 0
    for pod in _pods(api):
        conditions = {each["type"]: each for each in pod["status"]["conditions"]}
        made.append(_time(pod["metadata"]["creationTimestamp"]))
        scheduled.append(_time(conditions["PodScheduled"]["lastTransitionTime"]))
        if conditions["Ready"]["status"] == "True":
            ready.append(_time(conditions["Ready"]["lastTransitionTime"]))
        else:
            lost += 1
    first = min(made)
    # Times are whole seconds: what happens within the first one took up to a second.
    made_rate, scheduled_rate, ready_rate = (len(each) / (max(each) - first + 1) for each in (made, scheduled, ready))
    return Rates(made_rate, scheduled_rate, ready_rate, lost)


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
            wait_until_running(cluster.api)
            found = rates(cluster.api)
            yield (
                f"{PODS} pods on them: {found.made:.0f} pods a second made, {found.scheduled:.0f} scheduled, "
                f"{found.ready:.0f} ready; {found.lost} lost readiness"
            )
            yield f"memory of the cluster with them: {sum(memory_mib(cluster).values())} MiB"
        finally:
            cluster.stop()
