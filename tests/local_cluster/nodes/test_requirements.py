"""Who can't have real nodes is told why before anything starts."""

import os
import shutil
import sys

import pytest

from local_cluster.errors import ClusterError
from local_cluster.nodes.real import control_groups
from local_cluster.nodes.real.requirements import require_real_nodes


def test_another_system_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ClusterError, match="run on Linux alone, and this is darwin"):
        require_real_nodes()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are told so at once")
def test_a_user_a_bare_machine_and_one_without_control_groups_are_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ClusterError, match=r"need root.*or with sudo"):
        require_real_nodes()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "nsenter" else name)
    with pytest.raises(ClusterError, match="need nsenter on PATH: install util-linux"):
        require_real_nodes()
    monkeypatch.setattr(shutil, "which", str)
    monkeypatch.setattr(control_groups, "hierarchies", list)
    with pytest.raises(ClusterError, match="none are mounted here"):
        require_real_nodes()
