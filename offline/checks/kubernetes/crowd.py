"""Every pod that asks for room on a stack's nodes: those of its objects, and those of its EKS add-ons."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import Any

from offline.checks.kubernetes.addon_pods import addon_pods
from offline.checks.kubernetes.node_room import Group
from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, items, known_text, mapping
from offline.checks.kubernetes.placement import has_labels, may_run_on
from offline.checks.kubernetes.quantities import thousandths, units
from offline.checks.kubernetes.room import Pod, Room, total
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import Properties

_ZONE = "topology.kubernetes.io/zone"
_NODE = "kubernetes.io/hostname"


@dataclass(frozen=True)
class Crowd:
    """The pods of a stack.

    Args:
        agents: group name to what the pods ask for that run on each of its nodes.
        pods: all others.
        makers: pod name to the object that makes the pod; pods of add-ons have none.
        surges: one more pod for each workload that is rolled by making the new one first.
    """

    agents: Mapping[str, Room]
    pods: Sequence[Pod]
    makers: Mapping[str, KubernetesObject]
    surges: Sequence[Pod]


def crowd_of(stack: Stack, groups: Sequence[Group]) -> Crowd:
    """The pods of a stack.

    Args:
        stack: its objects and add-ons.
        groups: its node groups.
    """
    agents: dict[str, list[Room]] = {group.name: [] for group in groups}
    pods: list[Pod] = []
    makers: dict[str, KubernetesObject] = {}
    surges: list[Pod] = []
    for found in stack.objects:
        if found.pods is None:
            continue
        names = frozenset(group.name for group in groups if may_run_on(found.pods, group.nodes))
        asks = requests(found.pods)
        if found.kind == "DaemonSet":
            for name in names:
                agents[name].append(asks)
            continue
        volume = _volume(stack, found, found.pods)
        made = [_pod(found, found.pods, index, names, volume) for index in range(_count(found))]
        extra = [_pod(found, found.pods, len(made), names, volume)] if made and _surges(found) else []
        pods, surges = pods + made, surges + extra
        makers |= dict.fromkeys((pod.name for pod in made + extra), found)
    for name, pod in _of_addons(stack, groups):
        if name:
            agents[name].append(pod.asks)
        else:
            pods.append(pod)
    return Crowd({name: total(rooms) for name, rooms in agents.items()}, pods, makers, surges)


def requests(pods: PodTemplate) -> Room:
    """What each pod asks for: its containers together, or a container that runs before them where that is more.

    Source: Kubernetes documentation, "Init Containers", "Resource sharing within containers".
    """
    starting = items(pods.spec.get("initContainers"))
    staying = [each for each in starting if each.get("restartPolicy") == "Always"]
    together = total(map(_asked, [*items(pods.spec.get("containers")), *staying]))
    most = [_asked(each) for each in starting]
    cpu = max([together.cpu, *(each.cpu for each in most)])
    return Room(cpu, max([together.memory, *(each.memory for each in most)]), 1)


def _asked(container: Properties) -> Room:
    resources = mapping(container.get("resources"))
    # A limit without a request is the request.
    asked = mapping(resources.get("limits")) | mapping(resources.get("requests"))
    return Room(thousandths(asked.get("cpu", 0)), units(asked.get("memory", 0)))


def _volume(stack: Stack, found: KubernetesObject, pods: PodTemplate) -> str:
    """The claim whose volume ties the pods to a zone; empty without one, or where each node has the volume."""
    claims = [mapping(each.get("persistentVolumeClaim")).get("claimName") for each in items(pods.spec.get("volumes"))]
    claims += [mapping(each.get("metadata")).get("name") for each in items(found.spec.get("volumeClaimTemplates"))]
    tied = (str(each) for each in claims if each and not _is_on_every_node(stack, found.namespace, str(each)))
    return next(tied, "")


def _is_on_every_node(stack: Stack, namespace: str, claim: str) -> bool:
    """Whether a claim is bound to a volume that shows each node a directory of its own."""
    claimed = stack.find("PersistentVolumeClaim", namespace, claim)
    if claimed is None:
        return False
    volume = stack.find("PersistentVolume", "", known_text(claimed.spec.get("volumeName")))
    return volume is not None and "hostPath" in volume.spec


def _alone(pods: PodTemplate) -> str:
    """What pods share that never stand on one node."""
    affinity = mapping(mapping(pods.spec.get("affinity")).get("podAntiAffinity"))
    return "".join(
        json.dumps(each.get("labelSelector"), sort_keys=True)
        for each in items(affinity.get("requiredDuringSchedulingIgnoredDuringExecution"))
        if each.get("topologyKey") == _NODE
    )


def _pod(found: KubernetesObject, pods: PodTemplate, index: int, groups: frozenset[str], volume: str) -> Pod:
    apart = [
        json.dumps(each.get("labelSelector"), sort_keys=True)
        for each in items(pods.spec.get("topologySpreadConstraints"))
        if each.get("topologyKey") == _ZONE and each.get("whenUnsatisfiable") == "DoNotSchedule"
    ]
    name = f"{found.kind} {found.namespace}/{found.name} {index}"
    return Pod(name, requests(pods), groups, volume, "".join(apart), _alone(pods))


def _count(found: KubernetesObject) -> int:
    wanted = found.spec.get("parallelism" if found.kind == "Job" else "replicas", 1)
    return wanted if isinstance(wanted, int) else 1


def _surges(found: KubernetesObject) -> bool:
    """Whether a rolling update ends no pod before a new one runs."""
    strategy = mapping(found.spec.get("strategy"))
    if found.kind != "Deployment" or strategy.get("type") == "Recreate":
        return False
    rolling, replicas = mapping(strategy.get("rollingUpdate")), _count(found)
    most = ceil(_share(rolling.get("maxSurge", "25%"), replicas))
    return most > 0 and floor(_share(rolling.get("maxUnavailable", "25%"), replicas)) == 0


def _share(value: Any, replicas: int) -> Decimal:
    text = str(value)
    return Decimal(text[:-1]) * replicas / 100 if text.endswith("%") else Decimal(units(value))


def _of_addons(stack: Stack, groups: Sequence[Group]) -> Iterator[tuple[str, Pod]]:
    """Pods of add-ons: a group's name with a pod on each of its nodes, or none with a pod that runs once."""
    nodes, cpus = sum(group.size for group in groups), sum(group.size * group.cpus for group in groups)
    for each in addon_pods(stack.resources, nodes, cpus):
        names = frozenset(group.name for group in groups if has_labels(each.node_selector, group.nodes))
        if each.replicas is None:
            yield from ((name, Pod(each.name, each.asks, frozenset({name}))) for name in names)
        else:
            untainted = frozenset(group.name for group in groups if group.name in names and not group.nodes.taints)
            yield from (("", Pod(f"{each.name} {index}", each.asks, untainted)) for index in range(each.replicas))
