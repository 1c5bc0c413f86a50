"""What one environment decides about a node pool: elastic capacity that Karpenter adds and removes."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from components.change import OnChange, in_place
from components.cluster.instance_type import Architecture
from components.cluster.node_settings import NodeSettings, following
from components.cluster.usual_nodes import Capacity, Workload, pool_capacity, pool_types
from components.model import Model, Violation

Reason = Literal["drifted", "underutilized", "empty"]
BudgetName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")]

NEXT_TIME = "holds from Karpenter's next look on"
NEXT_NODE = "nodes are replaced as drifted within the pool's disruption budgets, because each keeps what it began with"
# Graviton before Intel, with room for a pool of one's own before and between.
WEIGHTS: dict[Architecture, int] = {"arm64": 60, "x86_64": 30}


def usual_weight(architecture: Architecture) -> int:
    """Graviton runs most of Spark for less money, so its pools come first."""
    return WEIGHTS[architecture]


def usual_grace_minutes(workload: Workload) -> int | None:
    """An hour for executors that no drain may evict; for ever for drivers."""
    return 60 if workload == "spark-executor" else None


class PoolLimits(Model):
    """How far a pool grows."""

    vcpus: Annotated[int, Field(ge=1, le=1_000_000), OnChange(in_place(NEXT_TIME))]
    """vCPUs of all its nodes together."""

    memory_gib: Annotated[int, Field(ge=1, le=10_000_000), OnChange(in_place(NEXT_TIME))]
    """Memory of all its nodes together."""

    nodes: Annotated[int | None, Field(ge=1, le=10_000), OnChange(in_place(NEXT_TIME))] = None
    """Most nodes; null for as many of the smallest instance type as the vCPUs are."""


class DisruptionBudget(Model):
    """How many nodes of a pool Karpenter may take at a time by its own will: always, or in some hours.

    Source: Karpenter documentation, "Disruption", NodePool Disruption Budgets.
    """

    nodes: Annotated[str, Field(pattern=r"^((100|[0-9]{1,2})%|[0-9]{1,5})$"), OnChange(in_place(NEXT_TIME))]
    """Nodes that may be going at once, as a number or as a part of the pool's, such as "10%"; "0" for none."""

    reasons: Annotated[tuple[Reason, ...], Field(max_length=3), OnChange(in_place(NEXT_TIME))] = ()
    """What it bounds: nodes of another AMI or other settings, nodes that others could stand in for, empty nodes; empty
    for all three."""

    schedule: Annotated[
        Annotated[str, Field(pattern=r"^[\w*/,-]+( [\w*/,-]+){4}$")] | None, OnChange(in_place(NEXT_TIME))
    ] = None
    """When it begins to hold, as five fields of cron in UTC, which knows no summer time; null for always."""

    duration_minutes: Annotated[int | None, Field(ge=1, le=44_640), OnChange(in_place(NEXT_TIME))] = None
    """How long it holds from each beginning; null beside no schedule."""

    def rules(self) -> Iterable[Violation]:
        """A beginning has an end."""
        if (self.schedule is None) != (self.duration_minutes is None):
            yield Violation(
                "duration_minutes",
                self.duration_minutes,
                "must be set with schedule, and only then",
                "Karpenter refuses a budget that begins and never ends, or that ends and never begins",
                "set both for some hours, or neither for always",
            )


# A tenth at a time; in working hours of Europe and America nothing goes that somebody may notice.
USUAL_BUDGETS = {
    "always": DisruptionBudget(nodes="10%"),
    "working-hours": DisruptionBudget(
        nodes="0", reasons=("drifted", "underutilized"), schedule="0 6 * * mon-fri", duration_minutes=16 * 60
    ),
}


class NodePoolSettings(NodeSettings):
    """One pool of elastic capacity: what it runs, on which instances, up to how many, and when its nodes are taken."""

    capacity: Annotated[Capacity, OnChange(in_place(NEXT_NODE))] = following(
        pool_capacity, "workload", words="spot for executors, else on-demand"
    )
    """How the pool buys its instances."""

    instance_types: Annotated[
        tuple[str, ...],
        Field(min_length=1, max_length=60),
        OnChange(in_place("nodes of a type that is no longer named are replaced as drifted")),
    ] = following(
        pool_types, "workload", "architecture", words="the usual families of workload and architecture, in two sizes"
    )
    """EC2 instance types. On demand the cheapest that fits is taken, on spot one of the cheap that EC2 has most of."""

    limits: PoolLimits
    """How far the pool grows; what needs more waits."""

    weight: Annotated[int, Field(ge=1, le=100), OnChange(in_place(NEXT_TIME))] = following(
        usual_weight, "architecture", words=f"{WEIGHTS['arm64']} for arm64, {WEIGHTS['x86_64']} for x86_64"
    )
    """Which pool is asked first where a pod could run on several: the highest, until its limits are reached."""

    consolidation: Annotated[
        Literal["when-empty", "balanced", "when-empty-or-underutilized"], OnChange(in_place(NEXT_TIME))
    ] = "when-empty"
    """Which nodes go to save money: empty ones, or also those whose pods would fit elsewhere. A driver's node never
    goes while the driver runs."""

    consolidate_after_minutes: Annotated[int, Field(ge=0, le=1440), OnChange(in_place(NEXT_TIME))] = 5
    """How long pods must have neither come to a node nor gone before it may go."""

    disruption_budgets: Annotated[
        dict[BudgetName, DisruptionBudget], Field(min_length=1, max_length=20), OnChange(in_place(NEXT_TIME))
    ] = USUAL_BUDGETS
    """Budget name to how many nodes may go at a time; of those that hold, the smallest counts. Interruption by EC2 and
    expiry ask none of them."""

    expire_after_hours: Annotated[int | None, Field(ge=24, le=8760), OnChange(in_place(NEXT_NODE))] = None
    """Age at which a node is drained, whatever the hour; null for never, since new AMI releases replace nodes."""

    termination_grace_minutes: Annotated[int | None, Field(ge=5, le=10_080), OnChange(in_place(NEXT_NODE))] = following(
        usual_grace_minutes, "workload", words="60 for executors, else null"
    )
    """How long a drain waits for pods that may not be evicted before it ends them; null for as long as they run."""

    @property
    def most_nodes(self) -> int:
        """How many nodes the limits allow."""
        by_vcpus = self.limits.vcpus // min(each.vcpus for each in self.types)
        return by_vcpus if self.limits.nodes is None else min(by_vcpus, self.limits.nodes)

    def rules(self) -> Iterable[Violation]:
        """What holds for nodes, no platform pods, limits that let a node in, and drains that wait for drivers."""
        broken = tuple(super().rules())
        yield from broken
        if self.workload == "system":
            yield Violation(
                "workload",
                self.workload,
                "must be spark-driver, spark-executor or spark",
                "platform pods, Karpenter's own among them, stand on node groups, whose nodes nothing takes away",
                "enlarge a system group instead",
            )
        if self.takes_drivers and self.termination_grace_minutes is not None:
            yield Violation(
                "termination_grace_minutes",
                self.termination_grace_minutes,
                f"must be null for workload {self.workload}",
                "with an end to its patience Karpenter replaces a drifted node although a driver runs there, and ends "
                "the application with it (Karpenter documentation, Disruption, TerminationGracePeriod)",
                "leave it out",
            )
        if not broken:
            yield from self._rules_of_limits()

    def _rules_of_limits(self) -> Iterable[Violation]:
        largest = max(self.types, key=lambda each: each.vcpus)
        if self.limits.vcpus < largest.vcpus:
            yield Violation(
                "limits.vcpus",
                self.limits.vcpus,
                f"must be at least {largest.vcpus}, which {largest.name} has",
                "a type that is larger than the limit never comes",
                f"write {largest.vcpus} or more, or leave {largest.name} out",
            )
        largest = max(self.types, key=lambda each: each.memory_mib)
        if self.limits.memory_gib * 1024 < largest.memory_mib:
            yield Violation(
                "limits.memory_gib",
                self.limits.memory_gib,
                f"must be at least {largest.memory_mib // 1024}, which {largest.name} has",
                "a type that is larger than the limit never comes",
                f"write {largest.memory_mib // 1024} or more, or leave {largest.name} out",
            )
