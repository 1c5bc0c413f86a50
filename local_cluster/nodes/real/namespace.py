"""The namespaces that a cluster with real nodes stands in, so that it takes nothing of the machine and leaves nothing.

Network, mounts, processes and host name are the cluster's own: bridge, rules, mounts and programs go when the first
process in it does, whatever ended it. Within it, each node has mounts of its own over /run and /var, so that every node
keeps its things where nodes do, and agents on it find them there. Control groups are the machine's: `control_groups`.
Leaves out a user namespace: real nodes need root.

Source: unshare(1), namespaces(7), mount_namespaces(7).
"""

import shlex
import socket
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from components.cluster.node_config import EVENT_LOG_DIRECTORY
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real import control_groups
from local_cluster.nodes.real.network import PodNetwork, make_network, run
from offline.errors import MissingToolError

# In the cluster's own /run, which goes with it.
PLACES = Path("/run/moka")

_VAR = Path("/var")
_DIRECTORIES = ("lib/kubelet", "lib/containerd", "lib/cni", "log/pods", "log/containers", "cache")
# For all users, as on any node.
_OPEN = ("tmp", str(Path(EVENT_LOG_DIRECTORY).relative_to(_VAR)))

_MADE = "made"

# A link leads to /run, which is another one on a node: then there is none, and no DNS is asked.
_RESOLVER = (Path("/etc/hosts"), Path("/etc/resolv.conf"))

# The kubelet sets these for the whole machine, and leaves them so. It sees what it wants instead.
# Source: kubernetes, pkg/kubelet/cm/container_manager_linux.go, setupKernelTunables.
_TUNABLES = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1000000,
    "kernel/keys/root_maxbytes": 25000000,
}


def namespace_command() -> list[str]:
    """What goes before a command that is to run as the first process of the cluster's namespaces."""
    kinds = ["--net", "--mount", "--pid", "--uts"]
    return ["unshare", *kinds, "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]


def leader(outer: int) -> int:
    """The first process of the namespaces, as seen from outside.

    Args:
        outer: the process that the whole command became.

    Raises:
        ProcessLookupError: when it has ended.
    """
    try:
        children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
    except FileNotFoundError:
        children = []
    if not children:
        raise ProcessLookupError(outer)
    return int(children[0])


def entering(process: int) -> list[str]:
    """What goes before a command that is to run in the namespaces from outside.

    Args:
        process: the first one in them.
    """
    return ["nsenter", f"--target={process}", "--net", "--mount", "--pid", "--uts"]


def prepare(directory: ClusterDirectory, network: PodNetwork) -> None:
    """Set up the namespaces, from within; the process is counted as the cluster's from then on.

    Raises:
        MissingToolError: when a program that it takes is missing or refused.
    """
    control_groups.join(directory)
    hostname = f"moka-{directory.stack}"
    socket.sethostname(hostname)
    write_resolver(directory.nodes, hostname, network.address, network.address)
    for command in resolver_mounts(directory.nodes):
        run(command)
    # Sockets, locks and namespaces of programs lie under /run, and there only.
    run(["mount", "-t", "tmpfs", "-o", "mode=755", "moka", "/run"])
    PLACES.mkdir()
    make_network(network)


def make_node(directory: ClusterDirectory, name: str, address: str, dns: str, kept: Iterable[Path]) -> None:
    """Make the mounts of a node, which last until the cluster's namespaces end.

    Args:
        directory: the cluster's.
        name: of the node.
        address: of the node.
        dns: address of the DNS that it asks.
        kept: files and directories of the machine that the node's programs need, such as those programs.

    Raises:
        MissingToolError: when a mount is refused.
    """
    control_groups.make(directory, name)
    var, tunables = directory.nodes / name / "var", directory.nodes / name / "tunables"
    for path in _DIRECTORIES:
        (var / path).mkdir(parents=True, exist_ok=True)
    for path in _OPEN:
        (var / path).mkdir(parents=True, exist_ok=True)
        (var / path).chmod(0o1777)
    if not (var / "run").is_symlink():
        (var / "run").symlink_to("/run")
    for path, value in _TUNABLES.items():
        (tunables / path).parent.mkdir(parents=True, exist_ok=True)
        (tunables / path).write_text(f"{value}\n")
    write_resolver(directory.nodes / name, name, address, dns)
    script = "\n".join(shlex.join(step) for step in mounts(directory.nodes / name, (directory.root, *kept)))
    # A process holds the mounts. A file bound to the namespace would too, but Linux 6.18 refuses some of those: it
    # compares numbers that each processor gives out for itself, to tell which namespace is older.
    holder = subprocess.Popen(
        [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-euc",
            f"{script}\necho {_MADE}\nexec sleep infinity",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    output, errors = holder.stdout, holder.stderr
    assert output is not None
    assert errors is not None
    if output.readline().strip() != _MADE:
        raise MissingToolError(f"the mounts of node {name} can't be made: {errors.read().strip()}")
    (PLACES / name).unlink(missing_ok=True)
    (PLACES / name).symlink_to(f"/proc/{holder.pid}/ns/mnt")


def mounts(place: Path, kept: Iterable[Path]) -> Sequence[Sequence[str]]:
    """What makes a node's mounts, in order.

    Args:
        place: the node's directory; its `var` becomes /var.
        kept: what must be seen still, where it lies under /var.
    """
    var = place / "var"
    steps = [*resolver_mounts(place)]
    for path in sorted({_below_var(each) for each in kept if each.is_relative_to(_VAR)}):
        own = var / path.relative_to(_VAR)
        steps += [["mkdir", "-p", str(own)], ["mount", "--rbind", str(path), str(own)]]
    steps.append(["mount", "--rbind", str(var), str(_VAR)])
    steps.append(["mount", "-t", "tmpfs", "-o", "mode=755", "moka", "/run"])
    steps += [
        ["mount", "--bind", str(place / "tunables" / path), f"/proc/sys/{path}"]
        for path in _TUNABLES
        if Path("/proc/sys", path).exists()
    ]
    # What the kubelet mounts for a pod is seen in containers that ask for it.
    steps.append(["mount", "--make-rshared", "/"])
    return steps


def write_resolver(place: Path, name: str, address: str, dns: str) -> None:
    """Write how names are looked up: many a program asks for its own, and the machine's DNS is out of reach.

    Args:
        place: directory that the files go to.
        name: of the host.
        address: of the host.
        dns: address of its DNS.
    """
    (place / "etc").mkdir(parents=True, exist_ok=True)
    (place / "etc" / "hosts").write_text(f"127.0.0.1 localhost\n{address} {name}\n")
    (place / "etc" / "resolv.conf").write_text(f"nameserver {dns}\n")


def resolver_mounts(place: Path) -> list[list[str]]:
    """What puts these files in their place."""
    files = [file for file in _RESOLVER if file.exists() and not file.is_symlink()]
    return [["mount", "--bind", str(place / "etc" / file.name), str(file)] for file in files]


def inside(name: str) -> list[str]:
    """What goes before a command that is to see a node's mounts."""
    return ["nsenter", f"--mount={PLACES / name}"]


def root_of(name: str) -> Path:
    """A node's file system, as the cluster's programs see it."""
    return (PLACES / name).readlink().parent.parent / "root"


def _below_var(path: Path) -> Path:
    """The directory two below /var that a path lies in, such as /var/lib/build."""
    return Path(*path.parts[:4])
