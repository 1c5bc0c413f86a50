"""The pods of a stack find room on its nodes: all of them, while one node is away, and while one workload is rolled.

A pod that finds none stays pending, and so does the deployment that waits for it. A volume keeps its pod in one zone:
every way in which volumes may come to lie in zones is tried, and other pods come largest first and smallest first. A
pod whose volume is in a zone without a node left waits for that zone, and one of those that never share a node waits
for a node where there are fewer. A rolling update that makes the new pod before it ends the old one needs room for
both.

Leaves out priorities, other affinities, spread that is only preferred, and pods that no object of the stack makes
beside those of EKS add-ons: Spark's come and go. Nothing is said where something of a node group is not known.

Source: Kubernetes documentation, "Resource Management for Pods and Containers", "Kubernetes Scheduler".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product

from offline.checks.finding import Finding
from offline.checks.kubernetes.crowd import Crowd, crowd_of
from offline.checks.kubernetes.node_room import GROUP, Group, group_of
from offline.checks.kubernetes.objects import mapping
from offline.checks.kubernetes.room import Node, Pod, total, unplaced
from offline.checks.kubernetes.stack import Stack

_SOURCE = 'Kubernetes documentation, "Resource Management for Pods and Containers"'
_FIX = "Ask for less, or give the node group larger instance types or more nodes"


def pods_have_room(judge: str, stack: Stack) -> Iterable[Finding]:
    """Each workload's pods find room beside all others; each workload is named once, a group for all of its add-ons."""
    resources = [each for each in stack.resources if each.type == GROUP]
    groups = [group for each in resources if (group := group_of(each, stack.resources))]
    if not groups or len(groups) < len(resources):
        return
    crowd = crowd_of(stack, groups)
    used = [group for group in groups if any(group.name in pod.groups for pod in crowd.pods)]
    nodes = [
        Node(group.name, number % group.zones, group.room - crowd.agents[group.name])
        for group in used
        for number in range(group.size)
    ]
    told: set[tuple[str, str]] = set()
    for when, pod in _without_room(nodes, crowd, used):
        maker = crowd.makers.get(pod.name)
        rest = f"{when}: it asks for {pod.asks}, {_around(pod, nodes, crowd)}"
        if maker is None or maker.pods is None:
            group = next((each for each in resources if each.name in pod.groups), resources[0])
            size = mapping(group.plain_inputs.get("scalingConfig")).get("desiredSize")
            rule = f"leaves no room for {pod.name} of an add-on {rest}"
            finding = Finding.of(judge, group, "scalingConfig.desiredSize", size, rule=rule, source=_SOURCE, fix=_FIX)
        else:
            path = f"{maker.pods.path}.containers[0].resources.requests"
            finding = maker.finding(judge, path, f"finds no room for its pod {rest}", _SOURCE, _FIX)
        if (finding.type, finding.name) not in told:
            told.add((finding.type, finding.name))
            yield finding


def _around(pod: Pod, nodes: Sequence[Node], crowd: Crowd) -> str:
    """What the pod's nodes offer, and what else asks for it."""
    offers = Counter((node.group, node.free) for node in nodes if node.group in pod.groups)
    each = " and ".join(f"{count} of {group} offer {free} each" for (group, free), count in offers.items())
    asked = total(other.asks for other in crowd.pods if other.groups & pod.groups)
    return f"{each or 'there is no node for it'} beside their agents, and all such pods ask for {asked}"


def _without_room(nodes: Sequence[Node], crowd: Crowd, groups: Sequence[Group]) -> Iterator[tuple[str, Pod]]:
    zones = _zones(nodes)
    if pod := _first_without_room(nodes, crowd.pods, zones):
        yield "although every node is there", pod
        return
    for extra in crowd.surges:
        if pod := _first_without_room(nodes, [*crowd.pods, extra], zones):
            yield "in a rolling update, beside the pod that it replaces", pod
    for group in groups:
        # Where one node is all there is, nothing is left to fit.
        for zone in range(min(group.zones, group.size)) if group.size > 1 else ():
            lost = next(each for each in nodes if (each.group, each.zone) == (group.name, zone))
            left = _without(nodes, lost)
            if pod := _first_without_room(left, _with_a_node(left, crowd.pods), zones):
                yield f"when one of the {group.size} nodes of {group.name} is lost", pod


def _without(nodes: Sequence[Node], lost: Node) -> list[Node]:
    index = nodes.index(lost)
    return [*nodes[:index], *nodes[index + 1 :]]


def _with_a_node(nodes: Sequence[Node], pods: Sequence[Pod]) -> list[Pod]:
    """The pods without those that wait because there are fewer nodes than pods that never share one."""
    found: list[Pod] = []
    alone: Counter[str] = Counter()
    for pod in pods:
        alone[pod.alone] += 1
        if not pod.alone or alone[pod.alone] <= sum(node.group in pod.groups for node in nodes):
            found.append(pod)
    return found


def _first_without_room(nodes: Sequence[Node], pods: Sequence[Pod], zones: Mapping[int, frozenset[str]]) -> Pod | None:
    tied = sorted((pod for pod in pods if pod.volume), key=_size, reverse=True)
    others = sorted((pod for pod in pods if not pod.volume), key=_size)
    left, ways = _zones(nodes), _ways(tuple(tied), tuple(zones.items()))
    for zone_of in ways:
        # A zone that has no node left takes the pods of its volumes along.
        here = [pod for pod in tied if not pod.groups or left.get(zone_of[pod.name], frozenset()) & pod.groups]
        for order in (others[::-1], others):
            if pod := unplaced(nodes, [*here, *order], zone_of):
                return pod
    return None if ways else next(pod for pod in tied if pod.apart)


def _zones(nodes: Sequence[Node]) -> dict[int, frozenset[str]]:
    """Each zone that has a node, with the groups whose nodes stand in it."""
    return {
        zone: frozenset(node.group for node in nodes if node.zone == zone) for zone in {each.zone for each in nodes}
    }


def _size(pod: Pod) -> tuple[int, int]:
    return pod.asks.memory, pod.asks.cpu


@lru_cache(maxsize=64)
def _ways(tied: tuple[Pod, ...], zones: tuple[tuple[int, frozenset[str]], ...]) -> list[Mapping[str, int]]:
    """Every way in which the volumes of pods may lie in zones that have a node for them: pod name to zone.

    Pods that are alike may change places, which is the same way.
    """
    possible = [[zone for zone, groups in zones if groups & pod.groups] or [zone for zone, _ in zones] for pod in tied]
    kinds = [replace(pod, name="", volume="") for pod in tied]
    numbers = [kinds.index(kind) for kind in kinds]
    ways = {
        tuple(sorted(zip(numbers, chosen, strict=True))): chosen
        for chosen in product(*possible)
        if _are_apart(tied, chosen)
    }
    return [{pod.name: zone for pod, zone in zip(tied, chosen, strict=True)} for chosen in ways.values()]


def _are_apart(tied: Sequence[Pod], zones: Sequence[int]) -> bool:
    places = [(pod.apart, zone) for pod, zone in zip(tied, zones, strict=True) if pod.apart]
    return len(set(places)) == len(places)
