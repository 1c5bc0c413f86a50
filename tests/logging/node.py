"""A node's log files as the kubelet and containerd make them.

Leaves out what reads them. Source: Kubernetes, "Logging Architecture"; containerd, internal/cri/io/logger.go, which
cuts a line after 16 KiB; the kubelet's BuildPodLogsDirectory and legacyLogSymlink.
"""

import itertools
import shutil
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

PIECE_BYTES = 16 * 1024
LONGEST_FILE_NAME = 255


@dataclass
class Container:
    """One container and its log file.

    Args:
        logs: the node's /var/log.
        pod: name of the pod.
        name: name of the container.
        namespace: namespace of the pod.
        labels: labels of the pod, as the kubelet tells them.
    """

    logs: Path
    pod: str
    name: str
    namespace: str = "spark"
    labels: dict[str, str] = field(default_factory=dict[str, str])
    uid: str = field(default_factory=lambda: str(uuid.uuid4()))
    restart: int = 0

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True)
        self._open()
        names = self.logs / "containers"
        names.mkdir(exist_ok=True)
        name = f"{self.pod}_{self.namespace}_{self.name}-{uuid.uuid4().hex * 2}"[: LONGEST_FILE_NAME - 4]
        link = names / f"{name}.log"
        if not link.is_symlink():
            link.symlink_to(self.path)

    @property
    def pod_directory(self) -> Path:
        """Where the pod's logs lie."""
        return self.logs / "pods" / f"{self.namespace}_{self.pod}_{self.uid}"

    @property
    def directory(self) -> Path:
        """Where the container's logs lie."""
        return self.pod_directory / self.name

    @property
    def path(self) -> Path:
        """The file that is written now."""
        return self.directory / f"{self.restart}.log"

    def _open(self) -> None:
        self._file = self.path.open("ab", buffering=0)

    def write(self, lines: Iterable[bytes], pause: Callable[[], object] | None = None) -> None:
        """Write lines as containerd does, several at once.

        Args:
            lines: without line breaks.
            pause: what to do after each piece of a long line but its last.
        """
        entries = bytearray()
        for line in lines:
            pieces = [line[at : at + PIECE_BYTES] for at in range(0, len(line), PIECE_BYTES)] or [b""]
            for piece in pieces[:-1]:
                entries += entry(b"P", piece)
                if pause:
                    self._file.write(entries)
                    entries.clear()
                    pause()
            entries += entry(b"F", pieces[-1])
        self._file.write(entries)

    def rotate(self) -> None:
        """Rename the file, as the kubelet does, and go on in a new one of the same name."""
        self.path.rename(self.path.with_suffix(f".log.{time.strftime('%Y%m%d-%H%M%S')}.{time.monotonic_ns()}"))
        self._open()

    def start_again(self) -> None:
        """The container ends and starts once more, which makes a file of the next number."""
        self.restart += 1
        self._open()

    def delete(self) -> None:
        """The pod is deleted, and the kubelet takes its logs away."""
        self._file.close()
        shutil.rmtree(self.pod_directory)

    def description(self) -> dict[str, object]:
        """The pod as the kubelet lists it."""
        return {
            "metadata": {"name": self.pod, "namespace": self.namespace, "uid": self.uid, "labels": self.labels},
            "spec": {"nodeName": "node-1", "containers": [{"name": self.name}]},
            "status": {"phase": "Running"},
        }


_nanoseconds = itertools.count()


def entry(tag: bytes, piece: bytes) -> bytes:
    """One line of a log file."""
    stamp = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime())}.{next(_nanoseconds) % 10**9:09d}Z".encode()
    return b"%s stdout %s %s\n" % (stamp, tag, piece)
