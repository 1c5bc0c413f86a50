"""A cluster's control groups are its own, in every hierarchy, and go whatever is left in them."""

import subprocess
from pathlib import Path

import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real import control_groups
from local_cluster.nodes.real.clean_up import clean_up

MIXED = """\
tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup /elsewhere/memory cgroup rw,relatime,memory 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
"""


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    return ClusterDirectory(tmp_path / "cluster", "dev")


def test_both_versions_are_found_and_each_hierarchy_once(tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text(MIXED)
    assert [str(each) for each in control_groups.hierarchies(tmp_path / "mounts")] == [
        "/sys/fs/cgroup/memory",
        "/sys/fs/cgroup/cpu,cpuacct",
        "/sys/fs/cgroup/unified",
    ]


def test_clusters_of_one_stack_in_two_places_share_no_group(tmp_path: Path) -> None:
    first, second = (ClusterDirectory(tmp_path / name, "dev") for name in ("one", "two"))
    assert control_groups.root_name(first) != control_groups.root_name(second)
    assert control_groups.root_name(first).startswith("moka-dev-")


def test_a_new_cpuset_gets_what_the_one_above_has_and_version_2_hands_controllers_down(
    directory: ClusterDirectory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpuset, unified = tmp_path / "cpuset", tmp_path / "unified"
    root = control_groups.root_name(directory)
    for group in (cpuset, cpuset / root, cpuset / root / "real-1", unified):
        group.mkdir()
        (group / "cpuset.cpus").write_text("0-1\n" if group == cpuset else "\n")
    (unified / "cgroup.controllers").write_text("cpu memory\n")
    monkeypatch.setattr(control_groups, "hierarchies", lambda: [cpuset, unified])
    (cpuset / "cpuset.mems").write_text("0\n")
    control_groups.make(directory, "real-1")
    assert (cpuset / root / "real-1" / "cpuset.cpus").read_text() == "0-1\n"
    assert (unified / "cgroup.subtree_control").read_text() == "+memory"
    assert (unified / root / "real-1").is_dir()


def test_cleaning_up_where_nothing_is_does_nothing(directory: ClusterDirectory) -> None:
    clean_up(directory)
    clean_up(directory)


@pytest.mark.cluster
def test_what_is_left_in_the_groups_is_killed_and_the_groups_go(directory: ClusterDirectory) -> None:
    tops = control_groups.hierarchies()
    control_groups.make(directory, "real-1")
    with subprocess.Popen(["sleep", "600"]) as left:
        group = tops[0] / control_groups.root_name(directory) / "real-1"
        (group / "pod").mkdir()
        (group / "pod" / "cgroup.procs").write_text(str(left.pid))
        assert control_groups.processes(directory) == {left.pid}
        clean_up(directory)
        assert left.wait(10) < 0
    assert not any((top / control_groups.root_name(directory)).exists() for top in tops)
