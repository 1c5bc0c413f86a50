"""The pods of the word count: the one that submits, the driver and the executors."""

import time
from collections.abc import Sequence
from typing import Any

from local_cluster.directory import ClusterDirectory
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.nodes.kind_of_node import is_real
from local_cluster.spark import traces
from local_cluster.spark.milestones import HopelessError
from local_cluster.spark.word_count import NAME, SUBMITTER

_LAST_LINES, _WIDEST = 12, 400
_END_SECONDS = 60.0

Pod = dict[str, Any]


class ApplicationPods:
    """The application's pods, as they are now.

    Args:
        api: of the cluster.
        directory: of the cluster.
        namespace: where they run.
    """

    def __init__(self, api: KubernetesApi, directory: ClusterDirectory, namespace: str) -> None:
        self._api, self._directory, self._namespace = api, directory, namespace

    def of(self, role: str) -> list[Pod]:
        """Those of a role, which is driver or executor."""
        return [each for each in self._own() if _labels(each).get("spark-role") == role]

    @property
    def driver(self) -> Pod:
        """The driver; empty before it is made."""
        return next(iter(self.of("driver")), {})

    @property
    def application(self) -> str:
        """The application's id; empty before there is a driver."""
        return _labels(self.driver)["spark-app-selector"] if self.driver else ""

    def require_submission(self) -> None:
        """Raise `HopelessError` when spark-submit failed."""
        for pod in self._own():
            if pod["metadata"]["name"] == SUBMITTER and pod["status"].get("phase") == "Failed":
                raise HopelessError(f"spark-submit failed:\n{self.last_lines(SUBMITTER)}")

    def require_driver(self) -> None:
        """Raise `HopelessError` when the driver failed."""
        driver = self.driver
        if driver.get("status", {}).get("phase") == "Failed":
            raise HopelessError(f"the driver failed:\n{self.last_lines(driver['metadata']['name'])}")

    def on_real_nodes(self, pods: Sequence[Pod]) -> str:
        """Which pod is on which node.

        Raises:
            HopelessError: when one of them is simulated: its containers will do nothing.
        """
        real = {each["metadata"]["name"] for each in self._api.listed("Node") if is_real(each)}
        nodes = [each["spec"].get("nodeName", "") for each in pods]
        if simulated := set(nodes) - real:
            raise HopelessError(f"{', '.join(sorted(simulated))} is simulated")
        return ", ".join(f"{each['metadata']['name']} on {node}" for each, node in zip(pods, nodes, strict=True))

    def last_lines(self, pod: str) -> str:
        """The end of a pod's log."""
        lines = list(traces.log_lines(self._directory, self._namespace, pod))[-_LAST_LINES:]
        return "\n".join(f"    {line[:_WIDEST]}" for line in lines)

    def remove(self) -> None:
        """Delete those of an earlier run, and wait until they are gone.

        Raises:
            HopelessError: when they stay.
        """
        for pod in self._own():
            self._api.remove(pod)
        deadline = time.monotonic() + _END_SECONDS
        while left := self._own():
            if time.monotonic() > deadline:
                names = ", ".join(each["metadata"]["name"] for each in left)
                raise HopelessError(f"pods of an earlier run do not end in {_END_SECONDS:.0f} s: {names}")
            time.sleep(1)

    def _own(self) -> list[Pod]:
        found = self._api.listed("Pod", namespace=self._namespace)
        return [
            each
            for each in found
            if _labels(each).get("spark-app-name") == NAME or each["metadata"]["name"] == SUBMITTER
        ]


def _labels(pod: Pod) -> dict[str, str]:
    return pod["metadata"].get("labels") or {}
