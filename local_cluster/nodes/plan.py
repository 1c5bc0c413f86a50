"""The nodes of a stack's node groups: their number, zones, labels, taints and room, as EC2 and the kubelet would say.

The same code reckons with the room of nodes in a preview (`offline.checks.kubernetes.node_room`). A group of several
instance types gets nodes of the one with the least memory: what fits there fits all.

Sources: Amazon EKS user guide, "Launch an EKS managed node group" (spread over subnets); Kubernetes documentation,
"Well-Known Labels, Annotations and Taints" and "Local ephemeral storage"; awslabs/amazon-eks-ami, nodeadm, kubelet
defaults (1 GiB of ephemeral storage is kept).
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from local_cluster.nodes.node_object import PlannedNode
from offline.checks.kubernetes.node_room import instance_types, node_settings, room_of_a_node, template_of, whole_node
from offline.checks.kubernetes.objects import items, mapping
from offline.checks.kubernetes.placement import nodes_of
from offline.providers.resource import Resource
from offline.providers.values import is_unknown, plain

GROUP = "aws:eks/nodeGroup:NodeGroup"
_SUBNET = "aws:ec2/subnet:Subnet"
_GIB, _GB = 1024**3, 1000**3
_KEPT_STORAGE_BYTES = _GIB
_DEFAULT_VOLUME_GIB = 20
_DEFAULT_THRESHOLD = "10%"


def planned_nodes(group: Resource, resources: Sequence[Resource]) -> list[PlannedNode]:
    """The nodes that a node group has.

    Args:
        group: the resource.
        resources: everything that exists in the account, the group's subnets and launch template among it.
    """
    inputs = plain(group.inputs)
    room = room_of_a_node(group, resources)
    if room is None:
        return []
    smallest = min(instance_types(group), key=lambda each: each["MemoryInfo"]["SizeInMiB"])
    spec = node_settings(group, resources)
    kubelet = mapping(mapping(spec.get("kubelet")).get("config"))
    storage = _storage_bytes(group, resources, spec, smallest)
    threshold = str(mapping(kubelet.get("evictionHard")).get("nodefs.available", _DEFAULT_THRESHOLD))
    kept = storage * int(threshold.rstrip("%")) // 100 + _KEPT_STORAGE_BYTES
    zones = _zones(inputs.get("subnetIds") or [], resources)
    known = nodes_of(group)
    labels = {key: str(value) for key, value in known.labels.items() if not is_unknown(value)}
    size = mapping(inputs.get("scalingConfig")).get("desiredSize") or 0
    planned = []
    for number in range(size):
        zone = zones[number % len(zones)]
        name = _name(group, number, zone)
        placed = {
            "kubernetes.io/hostname": name,
            "topology.kubernetes.io/zone": zone,
            "topology.kubernetes.io/region": zone[:-1],
            "node.kubernetes.io/instance-type": str(smallest["InstanceType"]),
        }
        planned.append(
            PlannedNode(
                name=name,
                group=group.name,
                instance_type=str(smallest["InstanceType"]),
                zone=zone,
                labels=labels | placed,
                taints=tuple({key: str(value) for key, value in each.items()} for each in known.taints),
                capacity=whole_node([smallest], kubelet),
                allocatable=room,
                storage_bytes=storage,
                allocatable_storage_bytes=storage - kept,
            )
        )
    return planned


def _zones(subnet_ids: Sequence[str], resources: Sequence[Resource]) -> list[str]:
    """Zones of a group's subnets, in the order of its subnets."""
    zone_of = {
        each.identifier: str(plain(each.inputs)["availabilityZone"]) for each in resources if each.type == _SUBNET
    }
    return [zone_of[each] for each in subnet_ids if each in zone_of]


def _storage_bytes(
    group: Resource, resources: Sequence[Resource], spec: Mapping[str, Any], instance_type: Mapping[str, Any]
) -> int:
    """Size of the file system that images and emptyDir volumes lie on: the array of local disks, or the root volume."""
    local = mapping(mapping(spec.get("instance")).get("localStorage"))
    disks = instance_type.get("InstanceStorageInfo")
    if local.get("strategy") == "RAID0" and disks:
        return int(disks["TotalSizeInGB"]) * _GB
    template = template_of(group, resources)
    mappings = items(plain(template.inputs).get("blockDeviceMappings")) if template else []
    sizes = [mapping(each.get("ebs")).get("volumeSize") for each in mappings]
    return int(next((size for size in sizes if size), _DEFAULT_VOLUME_GIB)) * _GIB


def _name(group: Resource, number: int, zone: str) -> str:
    """A private DNS name as EC2 gives, always the same for a group's node."""
    octets = hashlib.sha256(f"{group.urn} {number}".encode()).digest()
    region = zone[:-1]
    domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return f"ip-100-{64 + octets[0] % 64}-{octets[1]}-{octets[2]}.{domain}"
