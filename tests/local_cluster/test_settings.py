"""What is chosen for a cluster: ports, kept, and named when somebody else has one, and how many nodes are real."""

import socket
import threading
from dataclasses import astuple, fields
from pathlib import Path

import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.network import Ports
from local_cluster.settings import choose_real_nodes, ports_of, require_free, settings_of


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    """An empty directory."""
    made = ClusterDirectory(tmp_path / "cluster", "dev")
    made.make()
    return made


def test_ports_are_all_different_and_stay(directory: ClusterDirectory) -> None:
    ports = ports_of(directory)
    assert len(set(astuple(ports))) == len(fields(Ports))
    assert ports_of(directory) == ports


def test_a_port_that_is_taken_is_named_with_what_it_is_for(directory: ClusterDirectory) -> None:
    ports = ports_of(directory)
    require_free(ports, directory)
    with socket.create_server(("127.0.0.1", ports.etcd_peer)), pytest.raises(ClusterError) as refused:
        require_free(ports, directory)
    assert f"Port {ports.etcd_peer} of 127.0.0.1 is in use" in str(refused.value)
    assert "it is the etcd peer of the cluster of dev" in str(refused.value)


def test_a_port_that_a_killed_program_is_letting_go_of_is_waited_for(directory: ClusterDirectory) -> None:
    ports = ports_of(directory)
    listener = socket.create_server(("127.0.0.1", ports.api_server))
    letting_go = threading.Timer(0.3, listener.close)
    letting_go.start()
    require_free(ports, directory)
    letting_go.join()


def test_a_file_that_holds_no_ports_says_how_to_begin_anew(directory: ClusterDirectory) -> None:
    directory.settings.write_text('{"api_server": 1}')
    with pytest.raises(ClusterError, match="make cluster-delete STACK=dev"):
        ports_of(directory)


def test_no_node_is_real_unless_it_is_chosen_and_the_choice_stays_beside_the_ports(directory: ClusterDirectory) -> None:
    ports = ports_of(directory)
    assert settings_of(directory).real_nodes == 0
    choose_real_nodes(directory, 3)
    assert settings_of(directory).real_nodes == 3
    assert settings_of(directory).ports == ports
    choose_real_nodes(directory, 0)
    assert settings_of(directory).real_nodes == 0


def test_a_file_that_does_not_say_how_many_nodes_are_real_is_refused(directory: ClusterDirectory) -> None:
    choose_real_nodes(directory, 1)
    directory.settings.write_text(directory.settings.read_text().replace("real_nodes", "nodes"))
    with pytest.raises(ClusterError, match="real_nodes"):
        settings_of(directory)
