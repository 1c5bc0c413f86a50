"""The driver on a node mounts what a kubelet asks for, however often it asks, and says in its words what went wrong."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import grpc
import pytest

from components.settings import STACKS
from local_cluster.rpc_server import serve
from local_cluster.volumes import csi_messages as messages
from local_cluster.volumes import csi_node
from local_cluster.volumes.csi_node import NodeService, is_mounted, registration
from local_cluster.volumes.provisioner import DRIVER
from tests.local_cluster.containers import needs_containers

# Bytes as a kubelet sends them: number and kind of a field, length, content; field 3 is one that is read over.
PUBLISHED = b"\x0a\x05vol-1" + b"\x1a\x06/stage" + b"\x22\x06/mount" + b"\x30\x01"
UNPUBLISHED = b"\x0a\x05vol-1" + b"\x12\x06/mount"


class Machine:
    """Mounts of a machine that nobody touches."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.mounted: set[str] = set()
        self.refuses = ""

    def run(self, command: Sequence[str]) -> None:
        self.commands.append(list(command))
        if self.refuses and self.refuses in command:
            raise subprocess.CalledProcessError(32, list(command), stderr="permission denied")
        if command[0] == "umount":
            self.mounted.remove(command[-1])
        else:
            self.mounted.add(command[-1])


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine."""
    made = Machine()
    monkeypatch.setattr(csi_node, "is_mounted", lambda path: str(path) in made.mounted)
    return made


@pytest.fixture
def service(machine: Machine, tmp_path: Path) -> NodeService:
    """The driver on it."""
    return NodeService("real-1", tmp_path / "volumes", machine.run)


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A directory with a short name: names of sockets are short."""
    directory = Path(tempfile.mkdtemp(prefix="moka-"))
    yield directory
    shutil.rmtree(directory)


def publish(target: Path, *, readonly: bool = False) -> Any:
    return messages.PUBLISH(volume_id="vol-1", target_path=str(target), readonly=readonly)


def unpublish(target: Path) -> Any:
    return messages.UNPUBLISH(volume_id="vol-1", target_path=str(target))


def asked(socket: Path, method: str, request: bytes = b"") -> bytes:
    """What a server on a socket answers to bytes."""
    with grpc.insecure_channel(f"unix://{socket}") as channel:
        return channel.unary_unary(method)(request, timeout=10)


def test_messages_are_read_and_written_under_the_numbers_of_the_specification() -> None:
    read = messages.PUBLISH.FromString(PUBLISHED)
    assert (read.volume_id, read.target_path, read.readonly) == ("vol-1", "/mount", True)
    read = messages.UNPUBLISH.FromString(UNPUBLISHED)
    assert (read.volume_id, read.target_path) == ("vol-1", "/mount")
    assert messages.NODE_INFO(node_id="real-1").SerializeToString() == b"\x0a\x06real-1"
    plugin = messages.PLUGIN(type="T", name="n", endpoint="/e", supported_versions=["1", "2"])
    assert plugin.SerializeToString() == b"\x0a\x01T\x12\x01n\x1a\x02/e\x22\x011\x22\x012"


def test_a_volume_is_mounted_once_however_often_it_is_asked_for(
    service: NodeService, machine: Machine, tmp_path: Path
) -> None:
    target = tmp_path / "pods" / "mount"
    for _ in range(2):
        service.publish(publish(target))
    source = tmp_path / "volumes" / "vol-1"
    assert machine.commands == [["mount", "--bind", str(source), str(target)]]
    assert source.is_dir()
    assert target.is_dir()


def test_what_a_pod_only_reads_it_can_not_write_even_where_that_failed_at_first(
    service: NodeService, machine: Machine, tmp_path: Path
) -> None:
    target, machine.refuses = tmp_path / "mount", "remount,bind,ro"
    remounts = ["mount", "-o", "remount,bind,ro", str(target)]
    with pytest.raises(subprocess.CalledProcessError):
        service.publish(publish(target, readonly=True))
    machine.refuses = ""
    service.publish(publish(target, readonly=True))
    assert [command[:2] for command in machine.commands] == [["mount", "--bind"], ["mount", "-o"], ["mount", "-o"]]
    assert machine.commands[-1] == remounts


def test_a_volume_goes_from_its_pod_and_stays_what_it_is(
    service: NodeService, machine: Machine, tmp_path: Path
) -> None:
    target = tmp_path / "mount"
    service.publish(publish(target))
    for _ in range(2):
        service.unpublish(unpublish(target))
    assert machine.commands[1:] == [["umount", str(target)]]
    assert not target.exists()
    assert (tmp_path / "volumes" / "vol-1").is_dir()


def test_a_kubelet_gets_its_answers_over_a_socket(service: NodeService, machine: Machine, sockets: Path) -> None:
    socket = sockets / "driver" / "csi.sock"
    server = serve(socket, "csi.v1.Node", service.handlers)
    try:
        assert asked(socket, "/csi.v1.Node/NodeGetInfo") == b"\x0a\x06real-1"
        # No stage, no statistics, no growth: a kubelet that hears of none asks for none.
        assert asked(socket, "/csi.v1.Node/NodeGetCapabilities") == b""
        target = str(sockets / "mount").encode()
        request = b"\x0a\x05vol-1\x22" + bytes([len(target)]) + target
        assert asked(socket, "/csi.v1.Node/NodePublishVolume", request) == b""
        assert machine.mounted == {target.decode()}
        with pytest.raises(grpc.RpcError) as unknown:
            asked(socket, "/csi.v1.Node/NodeStageVolume")
        assert unknown.value.code() == grpc.StatusCode.UNIMPLEMENTED
    finally:
        server.stop(grace=None).wait()


def test_a_mount_that_fails_is_told_to_the_kubelet_with_its_reason(
    service: NodeService, machine: Machine, sockets: Path
) -> None:
    socket, machine.refuses = sockets / "csi.sock", "--bind"
    server = serve(socket, "csi.v1.Node", service.handlers)
    try:
        with pytest.raises(grpc.RpcError) as refused:
            asked(socket, "/csi.v1.Node/NodePublishVolume", publish(sockets / "mount").SerializeToString())
    finally:
        server.stop(grace=None).wait()
    assert refused.value.code() == grpc.StatusCode.INTERNAL
    told = refused.value.details() or ""
    assert "mount" in told
    assert "permission denied" in told


def test_a_socket_that_a_killed_driver_left_is_in_nobodys_way(service: NodeService, sockets: Path) -> None:
    socket = sockets / "csi.sock"
    socket.touch()
    server = serve(socket, "csi.v1.Node", service.handlers)
    try:
        assert asked(socket, "/csi.v1.Node/NodeGetInfo") == b"\x0a\x06real-1"
    finally:
        server.stop(grace=None).wait()


def test_the_kubelets_registry_learns_which_driver_answers_where(sockets: Path) -> None:
    socket = sockets / "reg.sock"
    server = serve(socket, "pluginregistration.Registration", registration(Path("/plugins/csi.sock")))
    try:
        told = messages.PLUGIN.FromString(asked(socket, "/pluginregistration.Registration/GetInfo"))
        # A kubelet says so on field 1 when it took the driver.
        assert asked(socket, "/pluginregistration.Registration/NotifyRegistrationStatus", b"\x08\x01") == b""
    finally:
        server.stop(grace=None).wait()
    assert (told.type, told.name, told.endpoint) == ("CSIPlugin", DRIVER, "/plugins/csi.sock")
    assert list(told.supported_versions) == ["1.0.0"]


def test_a_directory_of_the_same_file_system_counts_as_mounted_whatever_its_name(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "25 1 8:1 / / rw shared:1 - ext4 /dev/root rw\n26 25 8:1 /vol-1 /pods/a\\040b rw,relatime - ext4 /dev/root rw\n"
    )
    assert is_mounted(Path("/pods/a b"), mounts)
    assert not is_mounted(Path("/pods/a"), mounts)
    assert not is_mounted(Path("/vol-1"), mounts)


@needs_containers
def test_a_volume_goes_from_its_pod_on_a_real_machine(tmp_path: Path) -> None:
    target = tmp_path / "pods" / "a b"
    script = f"""\
import subprocess
from pathlib import Path
from local_cluster.volumes import csi_messages as messages
from local_cluster.volumes.csi_node import NodeService
service = NodeService("real-1", Path({str(tmp_path)!r}), lambda command: subprocess.run(command, check=True))
for _ in range(2):
    service.publish(messages.PUBLISH(volume_id="vol-1", target_path={str(target)!r}))
(Path({str(target)!r}) / "file").touch()
for _ in range(2):
    service.unpublish(messages.UNPUBLISH(volume_id="vol-1", target_path={str(target)!r}))
"""
    apart = ["unshare", "--mount", "--propagation", "private", sys.executable, "-c", script]
    subprocess.run(apart, check=True, cwd=STACKS.parent)
    assert not target.exists()
    assert (tmp_path / "vol-1" / "file").exists()
