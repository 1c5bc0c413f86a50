"""What one environment decides about a node group."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from components.change import OnChange, in_place, replaces
from components.cluster.instance_type import Architecture, InstanceType, instance_type
from components.cluster.instance_type_rules import rules_of_known_types, rules_of_pods, rules_of_types
from components.cluster.pod_density import RECOMMENDED_PODS, RECOMMENDED_PODS_OF_MANY_VCPUS
from components.model import Model, Violation

# A release of the EKS-optimised Amazon Linux 2023 AMI, such as 1.35.7-20260827.
NodeRelease = Annotated[str, Field(pattern=r"^1\.\d{2}\.\d+-\d{8}$")]
Workload = Literal["system", "spark-driver", "spark-executor", "spark", "shuffle"]

# Spot capacity is taken back by instance pool; Amazon EKS best practices ask for ten or more pools, of which each
# type is one per zone: six types over two zones are twelve.
FEWEST_SPOT_TYPES_FOR_EXECUTORS = 6
# Amazon EKS quota "Nodes per managed node group".
MOST_NODES = 450


NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NEW_BEFORE_OLD = "a new group comes up before the nodes of the old one are drained"


class NodeGroupSettings(Model):
    """One managed node group of fixed capacity: what it runs, on which instances, on how many."""

    workload: Annotated[Workload, OnChange(in_place("changes label and taint and rolls the group's nodes"))]
    """What may run here: `system` is untainted, nodes of every other value are tainted with it. `shuffle` is for the
    workers of the shuffle service, one a node."""

    architecture: Annotated[
        Architecture,
        OnChange(replaces(NODE_GROUP, how=NEW_BEFORE_OLD)),
    ]
    """Processors of every instance type of the group."""

    instance_types: Annotated[
        tuple[str, ...],
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
        int,
        Field(ge=16, le=RECOMMENDED_PODS_OF_MANY_VCPUS),
        OnChange(in_place("rolls the group's nodes, see docs/upgrades.md")),
    ] = RECOMMENDED_PODS
    """Most pods on a node; the smallest instance type must carry them."""

    root_volume_gib: Annotated[
        int, Field(ge=20, le=16384), OnChange(in_place("rolls the group's nodes, see docs/upgrades.md"))
    ] = 100
    """Size of each node's encrypted gp3 root volume."""

    def rules(self) -> Iterable[Violation]:
        """Types that fit the architecture and each other, enough types for spot executors."""
        yield from self._rules_of_types()
        if self.capacity == "spot" and self.workload in ("system", "spark-driver", "shuffle"):
            yield Violation(
                "capacity",
                self.capacity,
                f"must be on-demand for workload {self.workload}",
                "a spot interruption would end every application whose driver, controller or shuffle is there",
                "write on-demand, or workload spark in an environment that can lose applications",
            )

    def _rules_of_types(self) -> Iterable[Violation]:
        unknown = tuple(rules_of_known_types(self.instance_types))
        yield from unknown
        if unknown:
            return
        yield from rules_of_types(self.types, self.architecture)
        yield from rules_of_pods(self.types, self.max_pods)
        if self.capacity == "spot" and self.workload == "spark-executor":
            yield from self._rules_of_spot_executors()

    @property
    def types(self) -> list[InstanceType]:
        """What EC2 says of each of the group's instance types."""
        return [instance_type(name) for name in self.instance_types]

    @property
    def has_nvme(self) -> bool:
        """Whether every node carries local NVMe volumes; types with and without don't share a group."""
        return self.types[0].has_nvme

    def _rules_of_spot_executors(self) -> Iterable[Violation]:
        if len(set(self.instance_types)) < FEWEST_SPOT_TYPES_FOR_EXECUTORS:
            yield Violation(
                "instance_types",
                list(self.instance_types),
                f"must name at least {FEWEST_SPOT_TYPES_FOR_EXECUTORS} types for spot executors",
                "each type and zone is one spot pool, and few pools are reclaimed together",
                "add types of neighbouring families and sizes",
            )
