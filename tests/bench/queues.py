"""How fast YuniKorn places executors on many simulated nodes, against Kubernetes' own scheduler in the same run.

A thousand executors of one application want a thousand nodes. A ReplicaSet makes them, so both schedulers see them come
as fast as controllers make them; and YuniKorn finds all of them waiting when it starts, which is how fast it is when
nothing else is slow. Times are those that the API server writes into pods, in whole seconds. YuniKorn reads the file of
queues that a stack of one team has, and has an administrator's rights, because no stack is up.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from components.scheduler.configuration import QUEUES_MAP, queues
from components.scheduler.settings import QueueResources, QueueSettings, SchedulerSettings
from components.scheduler.workloads import NAMESPACE, SCHEDULER_NAME
from components.teams.names import namespace_of
from local_cluster.cluster import LocalCluster
from local_cluster.control_plane.api_server import administrator
from local_cluster.control_plane.clients import kubeconfig_of
from local_cluster.controllers.beside import beside
from local_cluster.controllers.yunikorn import find_yunikorn, yunikorn
from local_cluster.directory import ClusterDirectory
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.nodes.node_groups import NodeGroups
from local_cluster.process import Process
from local_cluster.settings import ports_of
from offline.progress import say, silent
from tests.bench.many_nodes import planned

NODES = 1_000
EXECUTORS = 1_000
TEAM = "bench"
KUBERNETES = "default-scheduler"

_PATIENCE_SECONDS = 900.0
_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Placing:
    """How one scheduler placed all executors.

    Args:
        seconds: from the first one's creation until the last one had a node.
        made_seconds: of these, until the last one was there.
    """

    seconds: float
    made_seconds: float

    @property
    def rate(self) -> float:
        """Executors a second."""
        return EXECUTORS / self.seconds


def executors(scheduler: str) -> dict[str, Any]:
    """A ReplicaSet of executors of one application.

    Args:
        scheduler: who places them.
    """
    labels = {"spark-app-selector": f"of-{scheduler}", "spark-role": "executor"}
    container = {
        "name": "executor",
        "image": "executor",
        "resources": {"requests": {"cpu": "3", "memory": "8Gi"}, "limits": {"memory": "8Gi"}},
    }
    spec = {"schedulerName": scheduler, "containers": [container], "automountServiceAccountToken": False}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": f"of-{scheduler}", "namespace": namespace_of(TEAM)},
        "spec": {
            "replicas": EXECUTORS,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def configuration() -> list[dict[str, Any]]:
    """Both namespaces, and the queues of one team that may have everything."""
    everything = QueueSettings(maximum=QueueResources(vcpus=100_000, memory_gib=1_000_000))
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": each}} for each in spaces_needed()]
    content = queues(SchedulerSettings(), {TEAM: everything})
    return [
        *spaces,
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": QUEUES_MAP, "namespace": NAMESPACE},
            "data": content,
        },
    ]


def spaces_needed() -> tuple[str, str]:
    """Namespaces of the scheduler and of the team."""
    return NAMESPACE, namespace_of(TEAM)


def backlog_rate(api: KubernetesApi, process: Process, directory: ClusterDirectory) -> float:
    """Executors that YuniKorn places in a second when all wait for it already, from the first that it places on.

    Raises:
        TimeoutError: when executors wait for too long.
    """
    made = executors(SCHEDULER_NAME)
    api.apply(made)
    _wait(lambda: len(api.listed("Pod", namespace=namespace_of(TEAM))) == EXECUTORS, "executors are missing")
    print(f"{EXECUTORS} executors wait for {process.name} to start", file=sys.stderr, flush=True)
    with beside(directory, process):
        _wait(lambda: len(_placed(api)) == EXECUTORS, "executors wait")
        scheduled = [_time(_scheduled(each)["lastTransitionTime"]) for each in _placed(api)]
        _take_away(api, made)
    return EXECUTORS / (max(scheduled) - min(scheduled) + 1)


def _take_away(api: KubernetesApi, made: dict[str, Any]) -> None:
    api.remove(made)
    _wait(lambda: not api.listed("Pod", namespace=namespace_of(TEAM), limit=1), "executors are there")


def placing(api: KubernetesApi, scheduler: str) -> Placing:
    """Let a scheduler place all executors, and take them away again.

    Raises:
        TimeoutError: when executors wait for too long.
    """
    made = executors(scheduler)
    print(f"{scheduler} places {EXECUTORS} executors", file=sys.stderr, flush=True)
    api.apply(made)
    _wait(lambda: len(_placed(api)) == EXECUTORS, "executors wait")
    pods = _placed(api)
    created = [_time(each["metadata"]["creationTimestamp"]) for each in pods]
    scheduled = [_time(_scheduled(each)["lastTransitionTime"]) for each in pods]
    _take_away(api, made)
    # What happens within the first second took up to a second.
    return Placing(max(scheduled) - min(created) + 1, max(created) - min(created) + 1)


def _placed(api: KubernetesApi) -> list[Mapping[str, Any]]:
    return [each for each in api.listed("Pod", namespace=namespace_of(TEAM)) if each["spec"].get("nodeName")]


def _scheduled(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(each for each in pod["status"]["conditions"] if each["type"] == "PodScheduled")


def _wait(happened: Any, what: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} after {_PATIENCE_SECONDS:.0f} s still")
        time.sleep(_LOOK_SECONDS)


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    program = find_yunikorn(say)
    with tempfile.TemporaryDirectory(prefix="moka-") as place:
        cluster = LocalCluster(ClusterDirectory(Path(place) / "cluster", "queues"), say)
        try:
            cluster.start()
            directory, ports = cluster.directory, ports_of(cluster.directory)
            print(f"making {NODES} nodes", file=sys.stderr, flush=True)
            NodeGroups(cluster.api, silent).put("many", [planned(number) for number in range(NODES)])
            cluster.api.apply(*configuration())
            rights = kubeconfig_of(directory, ports, "yunikorn", administrator(directory))
            process = yunikorn(program, directory, ports, rights)
            at_once = backlog_rate(cluster.api, process, directory)
            yield f"YuniKorn places {at_once:.0f} executors a second on {NODES} simulated nodes when all wait for it"
            with beside(directory, process):
                ours, kubernetes = placing(cluster.api, SCHEDULER_NAME), placing(cluster.api, KUBERNETES)
            yield (
                f"{EXECUTORS} executors as they are made: YuniKorn placed {ours.rate:.0f} a second, all "
                f"within {ours.seconds:.0f} s of the first ({ours.made_seconds:.0f} s of these they were being made)"
            )
            yield (
                f"Kubernetes' own scheduler: {kubernetes.rate:.0f} a second, all within {kubernetes.seconds:.0f} s "
                f"({kubernetes.made_seconds:.0f} s being made): YuniKorn takes a factor of "
                f"{ours.seconds / kubernetes.seconds:.1f}"
            )
        finally:
            cluster.stop()
