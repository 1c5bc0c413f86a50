"""What one environment decides about nodes, whether their number is fixed or grows: the part of groups and pools alike.

Leaves out how many there are, and when they are replaced: `node_group_settings.py`, `capacity/settings.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from components.change import OnChange, in_place
from components.cluster.instance_type import Architecture, InstanceType, instance_type
from components.cluster.instance_type_rules import rules_of_known_types, rules_of_pods, rules_of_types
from components.cluster.pod_density import RECOMMENDED_PODS, RECOMMENDED_PODS_OF_MANY_VCPUS
from components.cluster.usual_nodes import PODS, WITH_DRIVERS, Capacity, Workload
from components.model import Model, Violation

# A release of the EKS-optimised Amazon Linux 2023 AMI, such as 1.35.7-20260827.
NodeRelease = Annotated[str, Field(pattern=r"^1\.\d{2}\.\d+-\d{8}$")]

# Spot capacity is taken back by instance pool; Amazon EKS best practices ask for ten or more pools, of which each
# type is one per zone: six types over two zones are twelve.
FEWEST_SPOT_TYPES_FOR_EXECUTORS = 6
ANOTHER_NODE = "replaces its nodes: a group rolls them, a pool's drift within its disruption budgets"


def following(value: Callable[..., Any], *fields: str, words: str) -> Any:
    """A field's default that follows from fields before it.

    Args:
        value: makes it of theirs.
        fields: names of these.
        words: what the settings reference says of it.
    """

    def default(known: Mapping[str, Any]) -> Any:
        # A field that is missing is an error of its own, and whatever follows from it is never seen.
        return value(*(known[field] for field in fields)) if known.keys() >= {*fields} else None

    return Field(default_factory=default, json_schema_extra={"x-default": words})


def usual_pods(workload: Workload) -> int:
    """Most pods on a node of a workload."""
    return PODS[workload]


class NodeSettings(Model):
    """Nodes of one kind: what they run, on which instances, bought how, booted from what."""

    workload: Annotated[Workload, OnChange(in_place(f"changes label and taint, and {ANOTHER_NODE}"))]
    """What may run here: `system` is untainted, nodes of every other value are tainted with it. `shuffle` is for the
    workers of the shuffle service, one a node."""

    architecture: Annotated[Architecture, OnChange(in_place(ANOTHER_NODE))]
    """Processors of every instance type."""

    capacity: Annotated[Capacity, OnChange(in_place(ANOTHER_NODE))] = "on-demand"
    """How instances are bought."""

    instance_types: Annotated[
        tuple[str, ...], Field(min_length=1), OnChange(in_place("nodes of a type that is no longer named are replaced"))
    ]
    """EC2 instance types; which of them is taken, price and spare capacity decide."""

    zones: Annotated[tuple[str, ...] | None, Field(min_length=1), OnChange(in_place(ANOTHER_NODE))] = None
    """Availability zones of the nodes; null for all of network.zones."""

    node_release: Annotated[NodeRelease | None, OnChange(in_place(f"{ANOTHER_NODE}; see docs/upgrades.md"))] = None
    """AMI release of these nodes while it differs from cluster.node_release, as in an upgrade; else null."""

    max_pods: Annotated[
        int,
        Field(ge=16, le=RECOMMENDED_PODS_OF_MANY_VCPUS),
        OnChange(in_place(f"{ANOTHER_NODE}; see docs/upgrades.md")),
    ] = following(
        usual_pods,
        "workload",
        words=f"{PODS['spark-driver']} for drivers, {PODS['spark-executor']} for executors, {PODS['shuffle']} for "
        f"shuffles, else {RECOMMENDED_PODS}",
    )
    """Most pods on a node; the smallest instance type must carry them."""

    root_volume_gib: Annotated[
        int, Field(ge=20, le=16384), OnChange(in_place(f"{ANOTHER_NODE}; see docs/upgrades.md"))
    ] = 100
    """Size of each node's encrypted gp3 root volume."""

    fast_image_pull: Annotated[bool, OnChange(in_place(ANOTHER_NODE))] = False
    """Download and unpack the layers of an image in parallel, on types with local NVMe volumes; see docs/images.md."""

    @property
    def types(self) -> list[InstanceType]:
        """What EC2 says of each of the instance types."""
        return [instance_type(name) for name in self.instance_types]

    @property
    def has_nvme(self) -> bool:
        """Whether every node carries local NVMe volumes; types with and without don't stand together."""
        return self.types[0].has_nvme

    @property
    def takes_drivers(self) -> bool:
        """Whether Spark drivers may run here."""
        return self.workload in WITH_DRIVERS

    @property
    def takes_executors(self) -> bool:
        """Whether Spark executors may run here."""
        return self.workload in ("spark", "spark-executor")

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
        if self.fast_image_pull and not self.has_nvme:
            yield Violation(
                "fast_image_pull",
                True,
                "must be false for types without local NVMe volumes",
                "below 600 MiB/s of disk it makes pulls slower, and a gp3 root volume has 125",
                "write false, or types such as r7gd",
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
