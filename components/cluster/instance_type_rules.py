"""Which instance types a node group may name: rules that ask what EC2 says of each."""

from collections.abc import Iterable, Sequence

from components.cluster.instance_type import (
    Architecture,
    InstanceType,
    alternatives,
    known_types,
)
from components.cluster.pod_density import carried_pods, most_pods
from components.model import Violation


def rules_of_known_types(names: Sequence[str]) -> Iterable[Violation]:
    """Every name is an instance type's that the nodes' image is made for, and stands once.

    Args:
        names: of instance types; field paths start at the node group.
    """
    for index, name in enumerate(names):
        if name not in known_types():
            yield Violation(
                f"instance_types.{index}",
                name,
                "must be an EC2 instance type without accelerators",
                "EC2 has no such type, or it needs drivers that the standard AMI lacks",
                f"for example {', '.join(alternatives(name)) or 'r7gd.4xlarge'}",
            )
    if len(set(names)) < len(names):
        yield Violation(
            "instance_types",
            list(names),
            "must not repeat a type",
            "Amazon EKS refuses duplicates",
            "remove the repeated type",
        )


def rules_of_types(types: Sequence[InstanceType], architecture: Architecture) -> Iterable[Violation]:
    """Types of one architecture, one kind of storage, and with interfaces that take prefixes of addresses.

    Args:
        types: of the group; field paths start at the node group.
        architecture: the group's.
    """
    for index, each in enumerate(types):
        if each.architecture != architecture:
            yield Violation(
                f"instance_types.{index}",
                each.name,
                f"must be a type of architecture {architecture}",
                f"it is {each.architecture}, and one AMI cannot boot both",
                "take a type of the group's architecture, or change the group's architecture",
            )
        if not each.is_nitro:
            yield Violation(
                f"instance_types.{index}",
                each.name,
                "must be built on the Nitro System",
                f"others take no prefixes of addresses: this one carries {carried_pods(each)} pods, and the rest hang",
                "take a newer generation of the family",
            )
    if len({each.has_nvme for each in types}) > 1:
        yield Violation(
            "instance_types",
            [each.name for each in types],
            "must all have local NVMe storage, or none of them",
            "shuffle space would depend on which type a node happens to get",
            "take families of one kind, such as r7gd and m7gd",
        )


def rules_of_pods(types: Sequence[InstanceType], max_pods: int) -> Iterable[Violation]:
    """The smallest type carries as many pods as the group puts on each node.

    Args:
        types: of the group; field paths start at the node group.
        max_pods: the group's.
    """
    smallest = min(types, key=most_pods)
    if max_pods > most_pods(smallest):
        yield Violation(
            "max_pods",
            max_pods,
            f"must be at most {most_pods(smallest)}, which {smallest.name} carries",
            f"its {smallest.interfaces} interfaces address {carried_pods(smallest)} pods, and Amazon EKS recommends no "
            f"more than 110 on a node of up to 30 vCPUs and 250 on others; a pod beyond that would never start",
            f"write {most_pods(smallest)} or less, or leave {smallest.name} out",
        )
