"""What one environment decides about a node group."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from components.change import OnChange, in_place, replaces
from components.cluster.instance_type import Architecture, parse_instance_type
from components.model import Model, Violation


def follow_naming(name: str) -> str:
    """Refuse a string that is not an instance type's name."""
    return parse_instance_type(name).name


InstanceTypeName = Annotated[str, AfterValidator(follow_naming)]
# A release of the EKS-optimised Amazon Linux 2023 AMI, such as 1.35.7-20260827.
NodeRelease = Annotated[str, Field(pattern=r"^1\.\d{2}\.\d+-\d{8}$")]
Workload = Literal["system", "spark-driver", "spark-executor", "spark"]

# Spot capacity is taken back by instance pool; Amazon EKS best practices ask for ten or more pools, of which each
# type is one per zone: six types over two zones are twelve.
FEWEST_SPOT_TYPES_FOR_EXECUTORS = 6
# Amazon EKS quota "Nodes per managed node group".
MOST_NODES = 450
# Amazon EKS user guide, "Maximum pods": 110 below 30 vCPUs, 250 above; a /28 holds the prefix of sixteen pods.
MOST_PODS = 250


NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NEW_BEFORE_OLD = "a new group comes up before the nodes of the old one are drained"


class NodeGroupSettings(Model):
    """One managed node group of fixed capacity: what it runs, on which instances, on how many."""

    workload: Annotated[Workload, OnChange(in_place("changes label and taint and rolls the group's nodes"))]
    """What may run here: `system` is untainted, every Spark value is tainted with it."""

    architecture: Annotated[
        Architecture,
        OnChange(replaces(NODE_GROUP, how=NEW_BEFORE_OLD)),
    ]
    """Processors of every instance type of the group."""

    instance_types: Annotated[
        tuple[InstanceTypeName, ...],
        Field(min_length=1, max_length=20),
        OnChange(replaces(NODE_GROUP, how=NEW_BEFORE_OLD)),
    ]
    """EC2 instance types, in order of preference for on-demand groups."""

    capacity: Annotated[
        Literal["on-demand", "spot"],
        OnChange(replaces(NODE_GROUP, how=NEW_BEFORE_OLD)),
    ] = "on-demand"
    """How the group buys its instances."""

    size: Annotated[
        int,
        Field(ge=0, le=MOST_NODES),
        OnChange(
            in_place("adds nodes"),
            smaller=in_place("drains nodes that Amazon EC2 Auto Scaling picks, which ends what runs on them"),
        ),
    ]
    """Nodes that the group has; `pulumi up` sets it and nothing else changes it."""

    zones: Annotated[
        tuple[str, ...] | None,
        Field(min_length=1),
        OnChange(replaces(NODE_GROUP, how=NEW_BEFORE_OLD)),
    ] = None
    """Availability zones of its nodes; null for all of network.zones."""

    node_release: Annotated[NodeRelease | None, OnChange(in_place("rolls the group's nodes, see docs/upgrades.md"))] = (
        None
    )
    """AMI release of the group's nodes while it differs from cluster.node_release, as in an upgrade; else null."""

    max_pods: Annotated[
        int, Field(ge=16, le=MOST_PODS), OnChange(in_place("rolls the group's nodes, see docs/upgrades.md"))
    ] = 110
    """Most pods on a node."""

    root_volume_gib: Annotated[
        int, Field(ge=20, le=16384), OnChange(in_place("rolls the group's nodes, see docs/upgrades.md"))
    ] = 100
    """Size of each node's encrypted gp3 root volume."""

    def rules(self) -> Iterable[Violation]:
        """Types that fit the architecture and each other, enough types for spot executors."""
        yield from self._rules_of_types()
        if self.capacity == "spot" and self.workload in ("system", "spark-driver"):
            yield Violation(
                "capacity",
                self.capacity,
                f"must be on-demand for workload {self.workload}",
                "a spot interruption would end every application whose driver, or controller, runs there",
                "write on-demand, or workload spark in an environment that can lose applications",
            )

    def _rules_of_types(self) -> Iterable[Violation]:
        types = [parse_instance_type(name) for name in self.instance_types]
        for index, instance_type in enumerate(types):
            if instance_type.architecture != self.architecture:
                yield Violation(
                    f"instance_types.{index}",
                    instance_type.name,
                    f"must be a type of architecture {self.architecture}",
                    f"it is {instance_type.architecture}, and one AMI cannot boot both",
                    "take a type of the group's architecture, or change the group's architecture",
                )
        if len({instance_type.has_instance_store for instance_type in types}) > 1:
            yield Violation(
                "instance_types",
                list(self.instance_types),
                "must all have local NVMe storage, or none of them",
                "shuffle space would depend on which type a node happens to get",
                "take families of one kind, such as r7gd and m7gd",
            )
        if len(set(self.instance_types)) < len(self.instance_types):
            yield Violation(
                "instance_types",
                list(self.instance_types),
                "must not repeat a type",
                "Amazon EKS refuses duplicates",
                "remove the repeated type",
            )
        if self.capacity == "spot" and self.workload == "spark-executor":
            yield from self._rules_of_spot_executors()

    def _rules_of_spot_executors(self) -> Iterable[Violation]:
        if len(set(self.instance_types)) < FEWEST_SPOT_TYPES_FOR_EXECUTORS:
            yield Violation(
                "instance_types",
                list(self.instance_types),
                f"must name at least {FEWEST_SPOT_TYPES_FOR_EXECUTORS} types for spot executors",
                "each type and zone is one spot pool, and few pools are reclaimed together",
                "add types of neighbouring families and sizes",
            )
