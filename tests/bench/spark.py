"""What running on a cluster costs an application: the word count of `make spark` against the same job in one process.

Both run in the same image on real nodes with the stack's `spark-defaults`, one with driver and executors as pods, one
with `--master local[2]`. They are timed by what the API server and the kubelet write into their objects, in whole
seconds, from the SparkApplication, or the pod that submits, to the end of the driver. The first runs on nodes that have
just started, as an application does; the second follows it. It needs what real nodes need.
"""

import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from components.settings import STACKS
from local_cluster.cluster import LocalCluster
from local_cluster.nodes.real.requirements import problems
from local_cluster.spark.application import application_of
from local_cluster.spark.command import run_word_count
from local_cluster.spark.submitting_pod import pod_of
from local_cluster.stack import local_stack
from moka_smoke.spark_application import API_VERSION, KIND
from moka_smoke.word_count import LINGER_SECONDS, NAME
from offline.progress import say

STACK = "dev"
CORES = 2

_LOCAL = f"{NAME}-local"
_PATIENCE_SECONDS = 300.0
_LOOK_SECONDS = 1.0

Pod = dict[str, Any]


def driver_of(cluster: LocalCluster) -> Pod:
    """The driver of the application that ran on the cluster."""
    (driver,) = cluster.api.listed("Pod", label_selector=f"spark-role=driver,spark-app-name={NAME}")
    return driver


def pod_named(cluster: LocalCluster, name: str) -> Pod:
    """The only one of the name."""
    (pod,) = cluster.api.listed("Pod", field_selector=f"metadata.name={name}")
    return pod


def began(asked: dict[str, Any]) -> float:
    """When an object was asked for, in seconds of the epoch."""
    return datetime.fromisoformat(asked["metadata"]["creationTimestamp"]).timestamp()


def ended(pod: Pod) -> float:
    """When the only container of a pod ended, in seconds of the epoch.

    Raises:
        RuntimeError: when it failed.
    """
    (container,) = pod["status"]["containerStatuses"]
    terminated = container["state"]["terminated"]
    if terminated["exitCode"] != 0:
        raise RuntimeError(f"pod {pod['metadata']['name']} ended with exit code {terminated['exitCode']}")
    return datetime.fromisoformat(terminated["finishedAt"]).timestamp()


def wait_for_end(cluster: LocalCluster, name: str) -> Pod:
    """The pod, once its container has ended.

    Raises:
        TimeoutError: when it goes on for too long.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (pod := pod_named(cluster, name))["status"].get("phase") not in ("Succeeded", "Failed"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"pod {name} does not end in {_PATIENCE_SECONDS:.0f} s")
        time.sleep(_LOOK_SECONDS)
    return pod


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    if lacking := problems():
        yield f"word count: not measured: {' '.join(lacking)}"
        return
    with tempfile.TemporaryDirectory(prefix="moka-") as place:
        home = Path(place)
        cluster = local_stack(STACKS.parent, home, STACK, say)[1]
        try:
            if run_word_count(STACKS.parent, home, STACK, say, real_nodes=None) != 0:
                raise RuntimeError("the word count did not go through; what it printed says why")
            driver = driver_of(cluster)
            application = application_of(STACKS.parent, STACK).word_count
            submitted = cluster.api.named(KIND, NAME, application.namespace, API_VERSION)
            on_cluster = ended(driver) - LINGER_SECONDS - began(submitted)
            cluster.api.apply(pod_of(application, _LOCAL, f"local[{CORES}]", "client", linger_seconds=0))
            pod = wait_for_end(cluster, _LOCAL)
            alone = ended(pod) - began(pod)
            yield (
                f"word count: {on_cluster:.0f} s from submit to end in cluster mode, {alone:.0f} s with "
                f"--master local[{CORES}]: a factor of {on_cluster / alone:.1f}"
            )
        finally:
            cluster.stop()
