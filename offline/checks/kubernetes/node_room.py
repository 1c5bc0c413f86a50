"""What a node of a managed node group offers to pods: its instance type's, less what the kubelet keeps.

Leaves out what a look-up on a running node would tell better: the share of memory that firmware and kernel take is
Karpenter's default for all types.

Sources: Amazon EC2 API, DescribeInstanceTypes; Kubernetes documentation, "Reserve Compute Resources for System
Daemons"; awslabs/amazon-eks-ami, nodeadm, kubelet defaults; Karpenter documentation, "Settings",
vmMemoryOverheadPercent.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from math import ceil
from typing import Any

import yaml

from offline.checks.kubernetes.objects import known_text, mapping
from offline.checks.kubernetes.placement import Nodes, nodes_of
from offline.checks.kubernetes.quantities import thousandths, units
from offline.checks.kubernetes.room import MIB, Room
from offline.providers.aws.recorded import described
from offline.providers.resource import Resource
from offline.providers.values import Properties, is_unknown

GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

_MEMORY_OVERHEAD_PER_THOUSAND = 75
_DEFAULT_PODS = 110
_NODE_CONFIG = "application/node.eks.aws"


@dataclass(frozen=True)
class Group:
    """A managed node group as the scheduler sees it.

    Args:
        name: logical name.
        size: number of nodes.
        zones: number of zones that they are spread over.
        room: what each node offers.
        cpus: CPUs of the largest instance type.
        nodes: labels and taints.
    """

    name: str
    size: int
    zones: int
    room: Room
    cpus: int
    nodes: Nodes


def group_of(resource: Resource, resources: Sequence[Resource]) -> Group | None:
    """A node group; None where something that matters is not known.

    Args:
        resource: the node group.
        resources: of the stack, the group's launch template among them.
    """
    inputs = resource.plain_inputs
    size, subnets = mapping(inputs.get("scalingConfig")).get("desiredSize"), inputs.get("subnetIds")
    room = room_of_a_node(resource, resources)
    if room is None or not isinstance(size, int) or not isinstance(subnets, list):
        return None
    return Group(
        resource.name, size, max(len(subnets), 1), room, max(map(_cpus, instance_types(resource))), nodes_of(resource)
    )


def room_of_a_node(group: Resource, resources: Sequence[Resource]) -> Room | None:
    """What each node of a group offers, of its smallest instance type; None where that can't be known.

    Args:
        group: the node group.
        resources: of the stack, its launch template among them.
    """
    types = instance_types(group)
    return room_of(types, _kubelet(group, resources)) if types else None


def room_of(types: Sequence[Mapping[str, Any]], kubelet: Properties) -> Room:
    """What a node of the smallest of some instance types offers to pods.

    Args:
        types: Amazon EC2's descriptions.
        kubelet: its settings.
    """
    whole = whole_node(types, kubelet)
    cpus, pods = whole.cpu // 1000, whole.pods
    kube, system, least = (mapping(kubelet.get(part)) for part in ("kubeReserved", "systemReserved", "evictionHard"))
    kept_cpu = thousandths(kube.get("cpu")) or _kube_reserved_cpu(cpus)
    kept_memory = units(kube.get("memory")) or (255 + 11 * pods) * MIB
    kept_cpu += thousandths(system.get("cpu"))
    kept_memory += units(system.get("memory")) + (units(least.get("memory.available")) or 100 * MIB)
    return whole - Room(kept_cpu, kept_memory)


def whole_node(types: Sequence[Mapping[str, Any]], kubelet: Properties) -> Room:
    """What the kubelet finds on the smallest of some instance types, before it keeps anything.

    Args:
        types: Amazon EC2's descriptions.
        kubelet: its settings.
    """
    memory = min(each["MemoryInfo"]["SizeInMiB"] for each in types) * MIB
    usable = memory * (1000 - _MEMORY_OVERHEAD_PER_THOUSAND) // 1000
    return Room(min(map(_cpus, types)) * 1000, usable, int(kubelet.get("maxPods", _DEFAULT_PODS)))


def instance_types(group: Resource) -> list[Mapping[str, Any]]:
    """Amazon EC2's descriptions of a group's instance types; none where one is unknown, or is no type of EC2's."""
    names = group.inputs.get("instanceTypes")
    found = [described(known_text(each)) for each in names] if isinstance(names, list) else []
    types = [each for each in found if each is not None]
    return types if len(types) == len(found) else []


def _cpus(instance_type: Mapping[str, Any]) -> int:
    return int(instance_type["VCpuInfo"]["DefaultVCpus"])


def _kube_reserved_cpu(cpus: int) -> int:
    """What nodeadm keeps for the kubelet: 6 % of one CPU, 1 % of another, 0.5 % of two more and 0.25 % of the rest."""
    shares = [60, 10, 5, 5]
    return sum(shares[:cpus]) + ceil(max(cpus - len(shares), 0) * 2.5)


def _kubelet(group: Resource, resources: Sequence[Resource]) -> Properties:
    """The kubelet's settings in the user data of a group's launch template."""
    return mapping(mapping(node_settings(group, resources).get("kubelet")).get("config"))


def template_of(group: Resource, resources: Sequence[Resource]) -> Resource | None:
    """A group's launch template; None where it has none."""
    named = mapping(group.plain_inputs.get("launchTemplate")).get("id")
    templates = [each for each in resources if each.type == TEMPLATE]
    # In a first preview no id is known, but which template the group waits for.
    own = [
        each for each in templates if (each.urn in group.waits_for if is_unknown(named) else each.identifier == named)
    ]
    return own[0] if own else None


def node_settings(group: Resource, resources: Sequence[Resource]) -> Properties:
    """The specification of the NodeConfig in the user data of a group's launch template; empty where there is none."""
    template = template_of(group, resources)
    return _node_config(known_text(template.plain_inputs.get("userData"))) if template else {}


def _node_config(user_data: str) -> Properties:
    try:
        message = message_from_bytes(base64.b64decode(user_data, validate=True))
    except binascii.Error:
        return {}
    for part in message.walk():
        if part.get_content_type() == _NODE_CONFIG:
            content: Any = yaml.safe_load(str(part.get_payload()))
            return mapping(mapping(content).get("spec"))
    return {}
