"""A node has its own /var and /run, and still sees what of the machine its programs need."""

from pathlib import Path

import pytest

from local_cluster.nodes.real.namespace import leader, mounts, namespace_command, write_resolver

PLACE = Path("/home/user/cluster/nodes/real-1")


def words(kept: list[Path]) -> list[str]:
    return [" ".join(step) for step in mounts(PLACE, kept)]


def test_the_first_process_takes_all_others_with_it() -> None:
    command = namespace_command()
    assert command[0] == "unshare"
    assert {"--net", "--mount", "--pid", "--uts", "--kill-child"} <= set(command)


def test_var_is_the_nodes_own_and_mounts_of_pods_reach_containers() -> None:
    steps = words([Path("/home/user/.cache/moka/kubelet"), Path("/usr/bin")])
    assert f"mount --rbind {PLACE}/var /var" in steps
    assert not any("mkdir" in step for step in steps)
    assert steps[-1] == "mount --make-rshared /"


def test_what_lies_under_var_is_put_into_the_nodes_before_that_covers_it() -> None:
    steps = words([Path("/var/lib/build/.cache/moka/bin/kubelet"), Path("/var/lib/build/cluster")])
    kept = f"mount --rbind /var/lib/build {PLACE}/var/lib/build"
    assert steps.count(kept) == 1
    assert steps.index(kept) < steps.index(f"mount --rbind {PLACE}/var /var")


def test_a_host_finds_its_own_name_without_dns(tmp_path: Path) -> None:
    write_resolver(tmp_path, "real-1", "10.88.0.11", "10.88.0.1")
    assert "10.88.0.11 real-1" in (tmp_path / "etc" / "hosts").read_text().splitlines()
    assert (tmp_path / "etc" / "resolv.conf").read_text() == "nameserver 10.88.0.1\n"


def test_there_is_no_leader_of_a_process_that_ended() -> None:
    with pytest.raises(ProcessLookupError):
        leader(2**22 + 1)
