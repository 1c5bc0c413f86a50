"""What each real node stands for: a node of a node group, with the group's labels and taints, and the images it has.

The kubelets start before the stack is looked at, so a node is told afterwards what it stands for. The roster is kept in
a file, for those who send pods to nodes.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from components.workloads.scheduling import SYSTEM, WORKLOAD_KEY
from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private
from offline.checks.kubernetes.crowd import requests
from offline.checks.kubernetes.objects import PodTemplate, known_text
from offline.checks.kubernetes.placement import Nodes, may_run_on, nodes_of
from offline.providers.resource import Resource
from offline.providers.values import is_unknown
from offline.release_download import this_platform

ARCHITECTURE = "kubernetes.io/arch"


@dataclass(frozen=True)
class Role:
    """What one real node stands for.

    Args:
        node: its name.
        group: logical name of the node group; empty when it stands for none.
        labels: of the group's nodes, as far as they are known before the group is made.
        taints: key, value and effect of each.
        images: names of the images that its container runtime has.
    """

    node: str
    group: str = ""
    labels: dict[str, str] | None = None
    taints: tuple[dict[str, str], ...] = ()
    images: tuple[str, ...] = ()

    def admits(self, pods: PodTemplate) -> bool:
        """Whether labels and taints let pods be placed here."""
        return bool(self.group) and may_run_on(pods, Nodes(self.labels or {}, self.taints, Resource("", {})))

    def may_run(self, pods: PodTemplate) -> bool:
        """Whether pods may be placed here and find room, whatever images the node has."""
        asked = requests(pods)
        is_large_enough = asked.cpu <= (os.cpu_count() or 1) * 1000 and asked.memory <= _machine_memory_bytes()
        return is_large_enough and self.admits(pods)

    def runs(self, pods: PodTemplate) -> bool:
        """Whether the containers of pods run here."""
        return self.may_run(pods) and images_of(pods) <= set(self.images)


def names(count: int) -> list[str]:
    """Names of real nodes."""
    return [f"real-{number}" for number in range(1, count + 1)]


def assigned(groups: Iterable[Resource], count: int) -> list[Role]:
    """What each of the real nodes stands for.

    Each kind of workload gets one before any gets two, and system nodes come first. Where a kind has groups of several
    architectures, that of this machine goes before the others; the architecture of a real node is the machine's.
    """
    _, architecture = this_platform()
    known = [(group, nodes_of(group)) for group in groups]
    by_workload: dict[str, list[tuple[Resource, Nodes]]] = {}
    for group, nodes in sorted(
        known, key=lambda each: (each[1].labels.get(ARCHITECTURE) != architecture, each[0].name)
    ):
        by_workload.setdefault(str(nodes.labels.get(WORKLOAD_KEY)), []).append((group, nodes))
    kinds = sorted(by_workload.items(), key=lambda each: (each[0] != SYSTEM, each[0]))
    rounds = max((len(members) for _, members in kinds), default=0)
    order = [members[number] for number in range(rounds) for _, members in kinds if number < len(members)]
    return [
        _role(node, *order[number % len(order)], architecture) if order else Role(node)
        for number, node in enumerate(names(count))
    ]


def _role(node: str, group: Resource, nodes: Nodes, architecture: str) -> Role:
    labels = {key: str(value) for key, value in nodes.labels.items() if not is_unknown(value)}
    taints = tuple({key: str(value) for key, value in taint.items()} for taint in nodes.taints)
    return Role(node, group.name, labels | {ARCHITECTURE: architecture}, taints)


def images_of(pods: PodTemplate) -> set[str]:
    """Every image that pods need."""
    return {known_text(container.get("image")) for _, container in pods.containers()}


def with_images(roster: Iterable[Role], has: Mapping[str, set[str]]) -> list[Role]:
    """The roster with the images of each node, by the node's name."""
    return [replace(role, images=tuple(sorted(has[role.node]))) for role in roster]


def write_roster(directory: ClusterDirectory, roster: Iterable[Role]) -> None:
    """Keep it."""
    write_private(directory.roster, json.dumps([asdict(each) for each in roster], indent=2))


def read_roster(directory: ClusterDirectory) -> list[Role]:
    """What was kept; nothing before a stack was looked at."""
    if not directory.roster.exists():
        return []
    return [_read(each) for each in json.loads(directory.roster.read_text())]


def _read(content: dict[str, Any]) -> Role:
    return Role(**{**content, "taints": tuple(content["taints"]), "images": tuple(content["images"])})


def _machine_memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
