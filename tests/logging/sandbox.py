"""The file system that the agent sees, and the agent itself.

Paths inside are those of the DaemonSet's mounts; the host's own are untouched, because everything is mounted in a
namespace of this process and goes with it.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

INSIDE = "MOKA_LOG_HARNESS"
HOSTS = {
    "127.0.0.1": ("localhost", "s3.us-east-1.amazonaws.com"),
    "127.0.0.2": ("kubernetes.default.svc",),
}
# Where Fluent Bit looks for authorities on every Linux.
CERTIFICATE_BUNDLE = "etc/ssl/certs/ca-bundle.crt"
ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount"
# What a node has under /var/log, or may lack.
NODE_DIRECTORIES = ("pods", "containers", "journal", "spark-events")


def enter_namespaces() -> None:
    """Start this program again with mounts and a network of its own, unless that has happened."""
    if os.environ.get(INSIDE):
        _loopback_up()
        return
    command = ["unshare", "--mount", "--net", "--propagation", "private", "--", sys.executable, "-m", *_module()]
    os.execvpe(command[0], command, {**os.environ, INSIDE: "1"})


def _module() -> list[str]:
    return ["tests.logging", *sys.argv[1:]]


def _loopback_up() -> None:
    up, flags, address, mask = 0x1, 0x8914, 0x8916, 0x891C
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, flags, struct.pack("16sh14s", b"lo", up, b""))
        for request, value in ((address, "127.0.0.1"), (mask, "255.0.0.0")):
            packed = struct.pack("16sHH4s8s", b"lo", socket.AF_INET, 0, socket.inet_aton(value), b"")
            fcntl.ioctl(any_socket, request, packed)


class Sandbox:
    """A root file system over a base, with the agent's files, logs and state in their places.

    Args:
        scratch: an empty directory that everything is kept in.
        base: what lies below: this machine's root, or an unpacked image's.
        files: configuration files, mounted at /fluent-bit/etc.
        authority: certificate that the agent trusts.
        made_if_missing: directories that the kubelet makes before the agent's container starts.
    """

    def __init__(
        self, scratch: Path, base: Path, files: Sequence[Path], authority: Path, made_if_missing: Sequence[str]
    ) -> None:
        self.root = scratch / "root"
        self._made_if_missing = made_if_missing
        self._scratch = scratch
        upper, work = scratch / "upper", scratch / "work"
        # Overlays cannot lie on an overlay, as a container's root is one: memory can.
        _mount("-t", "tmpfs", "tmpfs", scratch / "memory")
        upper, work = scratch / "memory" / "upper", scratch / "memory" / "work"
        for path in (self.root, upper, work):
            path.mkdir(parents=True)
        _mount("-t", "overlay", "overlay", "-o", f"lowerdir={base},upperdir={upper},workdir={work}", self.root)
        for name in ("proc", "dev"):
            _mount("--rbind", f"/{name}", self.root / name)
        self.logs = self._directory("var/log", scratch / "logs")
        self.state = self._directory("var/fluent-bit/state", scratch / "state")
        etc = self._directory("fluent-bit/etc", scratch / "etc")
        for file in files:
            shutil.copyfile(file, etc / file.name)
        self._write("etc/hosts", "".join(f"{ip} {' '.join(names)}\n" for ip, names in HOSTS.items()))
        self._write(f"{ACCOUNT}/token", "a-token")
        self._write(f"{ACCOUNT}/namespace", "logging")
        self._write(f"{ACCOUNT}/ca.crt", authority.read_text())
        self._write(CERTIFICATE_BUNDLE, authority.read_text())

    def clean(self, without: Collection[str] = ()) -> None:
        """Empty logs and state.

        Args:
            without: directories that this node has not made when it booted.
        """
        for directory in (self.logs, self.state):
            for path in directory.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in NODE_DIRECTORIES:
            if name not in without:
                (self.logs / name).mkdir()

    def mount_volumes(self) -> None:
        """What the kubelet does for the volumes of a pod before its container starts."""
        for path in self._made_if_missing:
            (self.root / path.lstrip("/")).mkdir(parents=True, exist_ok=True)

    def _directory(self, inside: str, outside: Path) -> Path:
        outside.mkdir()
        _mount("--bind", outside, self.root / inside)
        return outside

    def _write(self, path: str, text: str) -> None:
        # In a process whose root is the sandbox's: links in an image lead to absolute paths.
        child = os.fork()
        if child == 0:
            try:
                os.chroot(self.root)
                target = Path("/", path)
                if target.is_symlink():
                    target.unlink()
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
                os._exit(0)
            finally:
                os._exit(1)
        if os.waitpid(child, 0)[1] != 0:
            raise RuntimeError(f"/{path} could not be written in the sandbox")


def _mount(*arguments: object) -> None:
    target = Path(str(arguments[-1]))
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *map(str, arguments)], check=True)


class Agent:
    """One Fluent Bit process at a time in a sandbox.

    Args:
        sandbox: where it runs.
        binary: its path in the sandbox.
        file: name of its configuration file.
        environment: variables of its container.
        output: where it writes about itself.
    """

    def __init__(self, sandbox: Sandbox, binary: Path, file: str, environment: Mapping[str, str], output: Path) -> None:
        self._sandbox = sandbox
        self._command = ["chroot", str(sandbox.root), str(binary), "-c", f"/fluent-bit/etc/{file}"]
        self._environment = {
            **environment,
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "AWS_ACCESS_KEY_ID": "writer",
            "AWS_SECRET_ACCESS_KEY": "writer",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers.

        Raises:
            RuntimeError: with the end of its output, when it ends instead.
        """
        self._sandbox.mount_volumes()
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=output, stderr=output)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"Fluent Bit ended: {self._output.read_text(errors='replace')[-3000:]}")
            try:
                urllib.request.urlopen("http://127.0.0.1:2020/", timeout=1).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError("Fluent Bit doesn't answer on port 2020")

    def kill(self) -> None:
        """kill -9."""
        self._end(9)

    def terminate(self) -> None:
        """What the kubelet does first when it stops a pod."""
        self._end(15)

    def cpu_seconds(self) -> float:
        """Processor time that the running process has used."""
        assert self._process
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _end(self, signal: int) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal)
            self._process.wait(timeout=120)
        self._process = None
