"""What a machine must be for real nodes, asked before anything is started."""

import os
import shutil
import sys

from local_cluster.errors import ClusterError
from local_cluster.nodes.real import control_groups

# Of util-linux, which no Linux is without, except inside very small containers.
PROGRAMS = ("unshare", "nsenter", "mount")


def require_real_nodes() -> None:
    """Raise unless containers can run here.

    Raises:
        ClusterError: with what is missing, and what to do.
    """
    for problem in problems():
        raise ClusterError(f"Real nodes {problem}\nSimulated nodes need none of this: leave NODES=real out.")


def problems() -> list[str]:
    """What stands in the way, most important first."""
    if sys.platform != "linux":
        return [f"run on Linux alone, and this is {sys.platform}."]
    found = []
    if os.geteuid() != 0:
        found.append("need root, for namespaces, mounts and control groups: run the command as root, or with sudo.")
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        found.append(f"need {', '.join(missing)} on PATH: install util-linux.")
    if not control_groups.hierarchies():
        found.append("need control groups, and none are mounted here: mount /sys/fs/cgroup.")
    return found
