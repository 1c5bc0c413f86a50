"""The nodes that Karpenter made in a cluster, and what becomes of them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from components.scheduler.shares import MILLICPUS_A_VCPU
from local_cluster.controllers.instance_types import ARCHITECTURE
from local_cluster.controllers.karpenter import POOLS
from local_cluster.kubernetes_api import KubernetesApi
from offline.checks.kubernetes.quantities import thousandths
from tests.local_cluster.spark_drills.spark_pods import Pod

POOL = "karpenter.sh/nodepool"
DISRUPTED = "karpenter.sh/disrupted"

Object = dict[str, Any]


class ElasticNodes:
    """Nodes of a cluster that are Karpenter's.

    Args:
        api: of the cluster.
    """

    def __init__(self, api: KubernetesApi) -> None:
        self._api = api

    def nodes(self, architecture: str = "") -> list[Object]:
        """Nodes that have joined, of an architecture or of all."""
        more = f",{ARCHITECTURE}={architecture}" if architecture else ""
        return self._api.listed("Node", label_selector=f"{POOL}{more}")

    def names(self, architecture: str = "") -> set[str]:
        """Their names."""
        return {each["metadata"]["name"] for each in self.nodes(architecture)}

    def cpus(self, architecture: str) -> int:
        """Processors of the instances of an architecture."""
        found = self.nodes(architecture)
        return sum(thousandths(each["status"]["capacity"]["cpu"]) for each in found) // MILLICPUS_A_VCPU

    def claims(self) -> list[Object]:
        """What Karpenter asked for, with or without a node yet."""
        return self._api.listed("NodeClaim", POOLS)

    def claim_of(self, node: str) -> Object:
        """The claim of a node; its status names the node a moment after pods can be there."""
        instance = self._api.named("Node", node)["spec"]["providerID"]
        (found,) = (each for each in self.claims() if each["status"].get("providerID") == instance)
        return found

    def going(self) -> dict[str, int]:
        """Pool to how many of its nodes are on their way out."""
        found: dict[str, int] = {}
        for each in self.claims():
            if each["metadata"].get("deletionTimestamp"):
                pool = each["metadata"]["labels"][POOL]
                found[pool] = found.get(pool, 0) + 1
        return found

    def interrupt(self, node: str) -> None:
        """Do what Karpenter itself does when EC2 tells that it takes an instance back."""
        self._api.remove(self.claim_of(node) | {"apiVersion": POOLS, "kind": "NodeClaim"})

    def is_closed(self, node: str) -> bool:
        """Whether a node takes no more pods because it has to go."""
        taints = self._api.named("Node", node).get("spec", {}).get("taints") or []
        return any(each["key"] == DISRUPTED and each["effect"] == "NoSchedule" for each in taints)


@contextmanager
def endings(api: KubernetesApi, namespace: str, selector: str) -> Iterator[dict[str, int]]:
    """Pods that are told to end while the context lasts, with the seconds that each is given.

    A simulated node lets its pods go at once, so only who watches sees how long they had.

    Args:
        api: of the cluster.
        namespace: of the pods.
        selector: of their labels.
    """
    found: dict[str, int] = {}
    ended = threading.Event()

    def watch() -> None:
        pods = api.resource("Pod")
        while not ended.is_set():
            for event in pods.watch(namespace=namespace, label_selector=selector, timeout=2):
                metadata = event["raw_object"]["metadata"]
                if metadata.get("deletionTimestamp"):
                    found.setdefault(metadata["name"], metadata["deletionGracePeriodSeconds"])

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def nodes_of(pods: Sequence[Pod]) -> set[str]:
    """Names of the nodes that pods run on."""
    return {each["spec"]["nodeName"] for each in pods}


def most_at_once(look: Callable[[], dict[str, int]], seen: dict[str, int]) -> None:
    """Keep the largest of what is seen."""
    for name, count in look().items():
        seen[name] = max(count, seen.get(name, 0))
