"""What a person reads of a cluster that runs: how many nodes are real, and which pods run."""

from pathlib import Path
from typing import Any, cast

import pytest

from local_cluster import usage as usage_of_clusters
from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.kind_of_node import LABEL, REAL, SIMULATED
from local_cluster.usage import usage


class Cluster:
    """A cluster whose pods are in memory."""

    endpoint, certificate_authority = "https://127.0.0.1:6443", ""

    def __init__(self, root: Path, kinds: dict[str, str], pods: dict[str, str]) -> None:
        self.directory = ClusterDirectory(root, "dev")
        self._kinds, self._pods = kinds, pods

    @property
    def api(self) -> "Cluster":
        return self

    def listed(self, kind: str) -> list[dict[str, Any]]:
        if kind == "Node":
            return [{"metadata": {"name": name, "labels": {LABEL: kind}}} for name, kind in self._kinds.items()]
        return [
            {"metadata": {"name": name, "namespace": "spark"}, "spec": {"nodeName": node} if node else {}}
            for name, node in self._pods.items()
        ]


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kubeconfig is another test's."""
    monkeypatch.setattr(usage_of_clusters, "write_kubeconfig", lambda *_: ["admin", "viewer"])


def said(root: Path, kinds: dict[str, str], pods: dict[str, str]) -> list[str]:
    return usage(cast(LocalCluster, Cluster(root, kinds, pods))).splitlines()


def test_pods_that_run_and_pods_that_are_simulated_are_told_apart(tmp_path: Path) -> None:
    kinds = {"real-1": REAL, "ip-1": SIMULATED, "ip-2": SIMULATED}
    lines = said(tmp_path, kinds, {"b": "real-1", "a": "real-1", "c": "ip-2", "waits": ""})
    assert lines[0].endswith("2 simulated nodes and 1 real ones.")
    assert "Pods whose containers run: spark/a, spark/b" in lines
    assert "Pods that are simulated: spark/c" in lines
    assert "Pods that wait for a node: spark/waits" in lines


def test_a_kind_of_pods_that_there_are_none_of_is_said_and_no_wait_where_none_waits(tmp_path: Path) -> None:
    lines = said(tmp_path, {"real-1": REAL}, {"a": "real-1"})
    assert [line for line in lines if line.startswith("Pods")] == [
        "Pods whose containers run: spark/a",
        "Pods that are simulated: none",
    ]


def test_without_real_nodes_nothing_is_said_of_containers(tmp_path: Path) -> None:
    lines = said(tmp_path, {"ip-1": SIMULATED}, {"a": "ip-1"})
    assert lines[0].endswith("1 simulated nodes and 0 real ones.")
    assert not [line for line in lines if line.startswith("Pods")]
