"""Control groups of a cluster: the one thing of real nodes that belongs to the machine, and that must be taken away.

All of a cluster lies below one group in each hierarchy: `supervisor` holds its programs, each node's group its pods.
Both versions of control groups are known, and the mixture of them. Leaves out machines where systemd alone may make
groups.

Source: Linux kernel documentation, "Control Group v2" and "cgroup-v1/cpusets"; cgroups(7).
"""

import contextlib
import hashlib
import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from local_cluster.directory import ClusterDirectory

SUPERVISOR = "supervisor"

_MOUNTS = Path("/proc/self/mounts")
_KINDS = ("cgroup", "cgroup2")
# A new cpuset has neither processors nor memory, and takes no process.
_CPUSET = ("cpuset.cpus", "cpuset.mems")
_PROCESSES = "cgroup.procs"
_DIGITS = 8
_WAIT_SECONDS = 10.0
_LOOK_SECONDS = 0.05


def root_name(directory: ClusterDirectory) -> str:
    """Name of the group that a cluster lies in."""
    place = hashlib.sha256(str(directory.root.resolve()).encode()).hexdigest()[:_DIGITS]
    return f"moka-{directory.stack}-{place}"


def node_group(directory: ClusterDirectory, name: str) -> str:
    """Path of a node's group, from the top of each hierarchy."""
    return f"/{root_name(directory)}/{name}"


def hierarchies(mounts: Path = _MOUNTS) -> list[Path]:
    """Where the machine's hierarchies are mounted, each once."""
    found: dict[str, Path] = {}
    for line in mounts.read_text().splitlines():
        _, place, kind, options, *_ = line.split()
        if kind in _KINDS:
            found.setdefault(f"{kind} {options.removeprefix('rw,').removeprefix('ro,')}", Path(place))
    return list(found.values())


def join(directory: ClusterDirectory) -> None:
    """Put this process, and so all that it starts, into the cluster's group."""
    make(directory, SUPERVISOR)
    for top in hierarchies():
        (top / root_name(directory) / SUPERVISOR / _PROCESSES).write_text(str(os.getpid()))


def make(directory: ClusterDirectory, name: str) -> None:
    """Make a group below the cluster's in every hierarchy."""
    for top in hierarchies():
        group = top
        for part in (root_name(directory), name):
            _hand_controllers_down(group)
            group = group / part
            group.mkdir(exist_ok=True)
            _fill_cpuset(group)


def remove(directory: ClusterDirectory) -> None:
    """Kill what is left in the cluster's groups, and take them away; nothing happens where there are none."""
    roots = [top / root_name(directory) for top in hierarchies()]
    deadline = time.monotonic() + _WAIT_SECONDS
    while any(root.exists() for root in roots) and time.monotonic() < deadline:
        for root in roots:
            for group in _deepest_first(root):
                _kill(group)
                with contextlib.suppress(OSError):
                    group.rmdir()
        time.sleep(_LOOK_SECONDS)


def processes(directory: ClusterDirectory) -> set[int]:
    """Processes in the cluster's groups."""
    roots = (top / root_name(directory) for top in hierarchies())
    return {process for root in roots for group in _deepest_first(root) for process in _members(group)}


def _hand_controllers_down(group: Path) -> None:
    """Let groups below have the controllers that this one has; version 1 does so by itself."""
    known = group / "cgroup.controllers"
    if not known.exists():
        return
    for controller in known.read_text().split():
        # One that the machine keeps to itself is one that the kubelet does without.
        with contextlib.suppress(OSError):
            (group / "cgroup.subtree_control").write_text(f"+{controller}")


def _fill_cpuset(group: Path) -> None:
    if (group / "cgroup.controllers").exists():
        return
    for name in _CPUSET:
        own = group / name
        if own.exists() and not own.read_text().strip():
            own.write_text((group.parent / name).read_text())


def _deepest_first(root: Path) -> Iterator[Path]:
    for directory, _, _ in os.walk(root, topdown=False):
        yield Path(directory)


def _kill(group: Path) -> None:
    for process in _members(group):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _members(group: Path) -> Iterable[int]:
    try:
        numbers = (group / _PROCESSES).read_text().split()
    except OSError:
        return ()
    # 0 is a process that this namespace can't see.
    return [int(number) for number in numbers if number != "0"]
