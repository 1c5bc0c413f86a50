"""A cluster that its user stops while it starts does not go on."""

from pathlib import Path

import pytest

from components.settings import STACKS
from local_cluster.cluster import LocalCluster
from local_cluster.stack import started


def test_a_start_that_is_stopped_ends_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def stop(cluster: LocalCluster, real_nodes: int | None) -> None:
        done.append(f"start {cluster.directory.stack} with {real_nodes}")
        raise KeyboardInterrupt

    monkeypatch.setattr(LocalCluster, "start", stop)
    monkeypatch.setattr(LocalCluster, "abandon", lambda cluster: done.append(f"abandon {cluster.directory.stack}"))
    with pytest.raises(KeyboardInterrupt):
        started(STACKS.parent, tmp_path, "dev", lambda _: None, 2)
    assert done == ["start dev with 2", "abandon dev"]
