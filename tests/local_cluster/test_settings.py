"""The ports of a cluster: chosen once, kept, and named when somebody else has one."""

import socket
from dataclasses import astuple
from pathlib import Path

import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.settings import ports_of, require_free


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    """An empty directory."""
    made = ClusterDirectory(tmp_path / "cluster", "dev")
    made.make()
    return made


def test_ports_are_all_different_and_stay(directory: ClusterDirectory) -> None:
    ports = ports_of(directory)
    assert len(set(astuple(ports))) == 5
    assert ports_of(directory) == ports


def test_a_port_that_is_taken_is_named_with_what_it_is_for(directory: ClusterDirectory) -> None:
    ports = ports_of(directory)
    require_free(ports, directory)
    with socket.create_server(("127.0.0.1", ports.etcd_peer)), pytest.raises(ClusterError) as refused:
        require_free(ports, directory)
    assert f"Port {ports.etcd_peer} of 127.0.0.1 is in use" in str(refused.value)
    assert "it is the etcd peer of the cluster of dev" in str(refused.value)


def test_a_file_that_holds_no_ports_says_how_to_begin_anew(directory: ClusterDirectory) -> None:
    directory.settings.write_text('{"api_server": 1}')
    with pytest.raises(ClusterError, match="make cluster-delete STACK=dev"):
        ports_of(directory)
