"""The part of the EBS CSI driver that runs on each real node: it mounts volumes, which are directories here.

All real nodes see every volume's directory, so a volume follows its pod within the zone that the scheduler keeps it to.
Leaves out file systems and sizes: nobody keeps a volume to its capacity.

Sources: container-storage-interface/spec, spec.md, "Node Service RPC"; Kubernetes documentation, "Device Plugins", on
registration with the kubelet; kubernetes-sigs/aws-ebs-csi-driver, deploy/kubernetes/base/csidriver.yaml.
"""

import argparse
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real.namespace import inside
from local_cluster.process import Process
from local_cluster.python_process import python_process
from local_cluster.rpc_server import Handlers, serve
from local_cluster.volumes import csi_messages as messages
from local_cluster.volumes.provisioner import DRIVER

# Where the kubelet looks for drivers, and where drivers keep their sockets.
REGISTRY = Path("/var/lib/kubelet/plugins_registry")
PLUGINS = Path("/var/lib/kubelet/plugins")


def csi_driver() -> dict[str, Any]:
    """The object that tells Kubernetes how the driver works."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "CSIDriver",
        "metadata": {"name": DRIVER},
        "spec": {"attachRequired": True, "podInfoOnMount": False, "fsGroupPolicy": "File"},
    }


def csi_node(directory: ClusterDirectory, node: str) -> Process:
    """The process, which sees the node's mounts."""
    made = python_process(f"csi-{node}", "local_cluster.volumes.csi_node", directory, "--node", node)
    return Process(made.name, [*inside(node), *made.command], environment=made.environment)


class NodeService:
    """What the kubelet asks of the driver.

    Args:
        node: name of the node.
        volumes: directory of all volumes.
        run: runs a command, and raises when it fails.
    """

    def __init__(self, node: str, volumes: Path, run: Callable[[Sequence[str]], None]) -> None:
        self._node, self._volumes, self._run = node, volumes, run

    def info(self, _asked: Any) -> Any:
        """Who the node is to the driver."""
        return messages.NODE_INFO(node_id=self._node)

    def capabilities(self, _asked: Any) -> Any:
        """None: a volume is mounted for each pod at once, without a stage before."""
        return messages.EMPTY()

    def publish(self, asked: Any) -> Any:
        """Mount a volume where a pod's containers find it; again, it changes nothing."""
        source, target = self._volumes / asked.volume_id, Path(asked.target_path)
        source.mkdir(parents=True, exist_ok=True)
        target.mkdir(parents=True, exist_ok=True)
        if not is_mounted(target):
            self._run(["mount", "--bind", str(source), str(target)])
        if asked.readonly:
            # It may have failed when it was mounted, and then whoever asks again must not be told that all is well.
            self._run(["mount", "-o", "remount,bind,ro", str(target)])
        return messages.EMPTY()

    def unpublish(self, asked: Any) -> Any:
        """Take it from there; again, it changes nothing."""
        target = Path(asked.target_path)
        if is_mounted(target):
            self._run(["umount", str(target)])
        if target.is_dir():
            target.rmdir()
        return messages.EMPTY()

    @property
    def handlers(self) -> Handlers:
        """What answers, and what it is asked with, by the name of the call."""
        return {
            "NodeGetInfo": (messages.EMPTY, self.info),
            "NodeGetCapabilities": (messages.EMPTY, self.capabilities),
            "NodePublishVolume": (messages.PUBLISH, self.publish),
            "NodeUnpublishVolume": (messages.UNPUBLISH, self.unpublish),
        }


def registration(endpoint: Path) -> Handlers:
    """What the kubelet's registry of drivers asks."""
    plugin = messages.PLUGIN(type="CSIPlugin", name=DRIVER, endpoint=str(endpoint), supported_versions=["1.0.0"])
    return {
        "GetInfo": (messages.EMPTY, lambda _: plugin),
        "NotifyRegistrationStatus": (messages.EMPTY, lambda _: messages.EMPTY()),
    }


def is_mounted(target: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether something is mounted on a directory, be it another directory of the same file system.

    Args:
        target: the directory.
        mounts: what the kernel says of this process's mounts.

    Source: proc_pid_mountinfo(5), the fifth field.
    """
    places = (line.split(" ", 5)[4] for line in mounts.read_text().splitlines())
    # Such as a space, which separates fields; nothing else of a path is written otherwise.
    escaped = re.compile(r"\\([0-7]{3})")
    return str(target) in (escaped.sub(lambda found: chr(int(found[1], 8)), place) for place in places)


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--node", required=True)
    options = parser.parse_args()
    directory = ClusterDirectory(options.directory, options.stack)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    endpoint = PLUGINS / DRIVER / "csi.sock"
    servers = [
        serve(endpoint, "csi.v1.Node", NodeService(options.node, directory.volumes, _run).handlers),
        serve(REGISTRY / f"{DRIVER}-reg.sock", "pluginregistration.Registration", registration(endpoint)),
    ]
    ended.wait()
    for server in servers:
        server.stop(grace=None).wait()


if __name__ == "__main__":
    main()
