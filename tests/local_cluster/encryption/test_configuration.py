"""What the API server is told: everything is encrypted, and what was stored before is read."""

import json
import stat
from pathlib import Path

import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.encryption import configuration
from local_cluster.encryption.configuration import address, encryption_configuration, socket_file

# unix(7): sun_path has 108 bytes with the one that ends it.
MOST_BYTES = 107


def test_every_kind_is_encrypted_by_the_plugin_and_what_was_stored_in_plain_text_is_read(tmp_path: Path) -> None:
    directory = ClusterDirectory(tmp_path, "dev")
    file = encryption_configuration(directory)
    (rule,) = json.loads(file.read_text())["resources"]
    assert rule["resources"] == ["*.*"]
    # The first one writes.
    first, last = rule["providers"]
    assert (first["kms"]["apiVersion"], first["kms"]["name"]) == ("v2", "aws-kms")
    assert first["kms"]["endpoint"] == f"unix://{address(directory)}"
    assert last == {"identity": {}}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_cluster_in_a_directory_with_a_long_name_has_a_socket_that_can_be_named(tmp_path: Path) -> None:
    directory = ClusterDirectory(tmp_path / ("a" * 200), "dev")
    assert len(str(socket_file(directory))) > MOST_BYTES
    assert len(str(address(directory))) <= MOST_BYTES


def test_where_processes_can_not_name_their_own_directory_the_socket_has_its_whole_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configuration, "_OWN_DIRECTORY", tmp_path / "none")
    directory = ClusterDirectory(tmp_path, "dev")
    assert address(directory) == socket_file(directory)
