"""A Spark application whose driver is the drill: executors come and go as it says."""

import secrets
from collections.abc import Mapping
from functools import cached_property

from components.teams.names import namespace_of
from moka_smoke.kubernetes_objects import KubernetesObjects
from tests.local_cluster.spark_drills.spark_pods import Pod, published_for, spark_pod

DRIVER_CPUS = 1
DRIVER_MEMORY_MIB = 1408


class Application:
    """One application of a team.

    Args:
        api: of the cluster.
        team: whose it is.
        name: its id.
        cpus: of an executor.
        memory_mib: of an executor.
        annotations: of the driver, beside the stack's.
        executor_annotations: of executors, beside the stack's.
    """

    def __init__(
        self,
        api: KubernetesObjects,
        team: str,
        name: str,
        *,
        cpus: int = 2,
        memory_mib: int = 4096,
        annotations: Mapping[str, str] | None = None,
        executor_annotations: Mapping[str, str] | None = None,
    ) -> None:
        self._api, self.team, self.name = api, team, name
        self.namespace = namespace_of(team)
        self.cpus, self.memory_mib = cpus, memory_mib
        self._annotations, self._executor_annotations = annotations, executor_annotations
        self._published = published_for(api, self.namespace)
        self._made = 0

    def submit(self) -> None:
        """Make the driver."""
        self._api.create(
            spark_pod(
                self._published,
                "driver",
                self.name,
                self._driver_name,
                cpus=DRIVER_CPUS,
                memory_mib=DRIVER_MEMORY_MIB,
                annotations=self._annotations,
            )
        )

    def grow(self, count: int) -> None:
        """Ask for more executors."""
        for _ in range(count):
            self._made += 1
            pod = spark_pod(
                self._published,
                "executor",
                self.name,
                f"{self.name}-exec-{self._made}",
                cpus=self.cpus,
                memory_mib=self.memory_mib,
                annotations=self._executor_annotations,
            )
            pod["metadata"]["ownerReferences"] = [self._driver_reference]
            self._api.create(pod)

    def shrink(self, count: int) -> None:
        """Let the youngest executors go, as Spark does with idle ones."""
        for pod in sorted(self.executors(), key=_number)[-count:]:
            self._api.remove({**pod, "apiVersion": "v1", "kind": "Pod"})

    def driver(self) -> Pod:
        """The driver; empty where there is none."""
        return self._api.named("Pod", self._driver_name, self.namespace)

    def executors(self) -> list[Pod]:
        """Executors that are there, running or not."""
        selector = f"spark-app-selector={self.name},spark-role=executor"
        return self._api.listed("Pod", namespace=self.namespace, label_selector=selector)

    def running(self) -> list[Pod]:
        """Executors that have a node and are not on their way out."""
        return [each for each in self.executors() if has_node(each) and not each["metadata"].get("deletionTimestamp")]

    def waiting(self) -> list[Pod]:
        """Executors without a node."""
        return [each for each in self.executors() if not has_node(each)]

    def end(self) -> None:
        """Delete the driver; its executors go with it, as Kubernetes sees to."""
        if driver := self.driver():
            self._api.remove({**driver, "apiVersion": "v1", "kind": "Pod"})

    def left(self) -> list[str]:
        """Names of the pods that are there."""
        selector = f"spark-app-selector={self.name}"
        pods = self._api.listed("Pod", namespace=self.namespace, label_selector=selector)
        return [each["metadata"]["name"] for each in pods]

    @property
    def _driver_name(self) -> str:
        return f"{self.name}-driver"

    @cached_property
    def _driver_reference(self) -> dict[str, object]:
        metadata = self.driver()["metadata"]
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "name": metadata["name"],
            "uid": metadata["uid"],
            "controller": True,
        }


def new_id(team: str) -> str:
    """An id that no application had before: YuniKorn remembers those that are over."""
    return f"{team}-{secrets.token_hex(4)}"


def has_node(pod: Pod) -> bool:
    """Whether a scheduler has placed a pod."""
    return bool(pod["spec"].get("nodeName"))


def condition(pod: Pod, kind: str) -> dict[str, str]:
    """One of a pod's conditions; empty where it has none of the kind."""
    found = pod.get("status", {}).get("conditions") or []
    return next((each for each in found if each["type"] == kind), {})


def _number(pod: Pod) -> int:
    return int(pod["metadata"]["name"].rpartition("-")[2])
