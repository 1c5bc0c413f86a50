"""A cluster of real nodes as a test has it: started, asked, killed, and looked for afterwards."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local_cluster.directory import ClusterDirectory
from local_cluster.images.load import load
from local_cluster.images.oci import OciImage
from local_cluster.nodes.real.clean_up import clean_up
from local_cluster.nodes.real.containerd import ctr
from local_cluster.nodes.real.namespace import entering, leader, namespace_command
from local_cluster.nodes.real.runtime import Runtime
from local_cluster.supervisor import FAILED, READY
from offline.progress import say

ROOT = Path(__file__).resolve().parents[3]
_START_SECONDS = 120.0
_LOOK_SECONDS = 0.2


class RealCluster:
    """A cluster of real nodes in a directory.

    Args:
        place: the directory.
        programs: all programs, by name.
        runtime: the container runtime.
    """

    def __init__(self, place: Path, programs: Mapping[str, Path], runtime: Runtime) -> None:
        self.directory = ClusterDirectory(place, "test")
        self._programs, self._runtime = programs, runtime
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, nodes: int) -> None:
        """Start it, or go on from what it stored."""
        self.directory.status.unlink(missing_ok=True)
        named = [word for name, path in self._programs.items() for word in ("--program", f"{name}={path}")]
        module = [sys.executable, "-m", "tests.local_cluster.nodes.running"]
        command = [*namespace_command(), *module, "--directory", str(self.directory.root), "--nodes", str(nodes)]
        self._process = subprocess.Popen([*command, *named], cwd=ROOT)
        self.until(lambda: self._state() in {READY, FAILED}, _START_SECONDS)
        assert self._state() == READY, self.directory.status.read_text()

    def kubectl(self, *arguments: str, given: str | None = None) -> str:
        """What `kubectl` answers."""
        kubeconfig = self.directory.pki / "administrator.kubeconfig"
        command = [*self.entering, str(self._programs["kubectl"]), f"--kubeconfig={kubeconfig}", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def apply(self, *objects: Mapping[str, Any]) -> None:
        """Make objects."""
        self.kubectl("apply", "-f", "-", given=json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))

    def phase(self, pod: str) -> str:
        """How far a pod is."""
        return self.kubectl("get", "pod", pod, "--output=jsonpath={.status.phase}")

    def load(self, node: str, images: Sequence[OciImage]) -> None:
        """Give a node images."""
        load([*self.entering, "env", *self._environment, *ctr(node, self._runtime)], images, say)

    def until(self, is_so: Any, seconds: float = 60.0) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, f"not so after {seconds:.0f} s"
            time.sleep(_LOOK_SECONDS)

    def kill(self) -> None:
        """End it as a crash does, and take away what it left."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        clean_up(self.directory)

    def stop(self) -> None:
        """End it in order, and take away what it left."""
        assert self._process is not None
        self.directory.stop_request.touch()
        assert self._process.wait(60) == 0
        clean_up(self.directory)

    @property
    def entering(self) -> list[str]:
        """What goes before a command that is to run in it."""
        assert self._process is not None
        return entering(leader(self._process.pid))

    @property
    def _environment(self) -> list[str]:
        return [f"{name}={value}" for name, value in self._runtime.environment.items()]

    def _state(self) -> str:
        assert self._process is not None
        assert self._process.poll() is None or self.directory.status.exists()
        return json.loads(self.directory.status.read_text())["state"] if self.directory.status.exists() else ""
