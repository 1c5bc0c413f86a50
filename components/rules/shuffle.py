"""The shuffle service against the nodes that are kept for it, and the zones of its masters."""

from collections.abc import Iterable, Mapping
from math import ceil

from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation
from components.network.settings import NetworkSettings
from components.shuffle.addresses import MASTERS
from components.shuffle.capacity import MIB_PER_GIB, SMALLEST_NODE_GIB, Workers, workers_on
from components.shuffle.settings import CelebornSettings
from components.workloads.scheduling import SHUFFLE

FIELD = "shuffle.celeborn"


def rules_of_shuffle(
    settings: CelebornSettings | None, network: NetworkSettings, groups: Mapping[str, NodeGroupSettings]
) -> Iterable[Violation]:
    """Celeborn has nodes that hold the shuffles, and nodes for it have Celeborn.

    Args:
        settings: Celeborn's; None where there is none.
        network: the environment's network.
        groups: node groups by name.
    """
    kept = {name: group for name, group in groups.items() if group.workload == SHUFFLE}
    yield from _rules_of_nodes(kept)
    if settings is None:
        yield from _rules_of_idle_nodes(kept)
        return
    if len(network.zones) < MASTERS:
        yield Violation(
            FIELD,
            "on",
            f"needs {MASTERS} zones in network.zones, of which there are {len(network.zones)}",
            f"each of its {MASTERS} masters stands in a zone of its own, so that most are left when a zone fails",
            "add zones, or write null: shuffles then lie on executors' nodes",
        )
    workers = workers_on(groups.values())
    if workers is None:
        yield Violation(
            FIELD,
            "on",
            "needs a node group with workload shuffle and a size above 0",
            "a worker runs on each of its nodes, and nothing else does",
            "add such a group, of types with local NVMe volumes such as im4gn.4xlarge, or write null",
        )
    elif not list(_rules_of_nodes(kept)):
        yield from _rules_of_capacity(settings, workers)


def _rules_of_idle_nodes(kept: Mapping[str, NodeGroupSettings]) -> Iterable[Violation]:
    for name, group in kept.items():
        yield Violation(
            f"node_groups.{name}.workload",
            group.workload,
            "must not be shuffle where shuffle.celeborn is null",
            "its nodes take nothing but Celeborn's workers, and would stand idle",
            "remove the group, or configure shuffle.celeborn",
        )


def _rules_of_nodes(kept: Mapping[str, NodeGroupSettings]) -> Iterable[Violation]:
    for name, group in kept.items():
        if not group.has_nvme:
            yield Violation(
                f"node_groups.{name}.instance_types",
                list(group.instance_types),
                "must have local NVMe volumes for workload shuffle",
                "workers keep shuffles there; a root volume is neither large nor fast enough",
                "take types of a family such as im4gn, i4i or i8g",
            )
        smallest = min(each.memory_mib for each in group.types) / MIB_PER_GIB
        if smallest < SMALLEST_NODE_GIB:
            yield Violation(
                f"node_groups.{name}.instance_types",
                list(group.instance_types),
                f"must have {SMALLEST_NODE_GIB} GiB of memory for workload shuffle, of which the smallest has "
                f"{smallest:g}",
                "buffers of everything that is written at the same time lie in memory",
                "take larger types",
            )


def _rules_of_capacity(settings: CelebornSettings, workers: Workers) -> Iterable[Violation]:
    fewest = settings.copies + 1
    if workers.count < fewest:
        yield Violation(
            FIELD,
            "on",
            f"needs {fewest} nodes with workload shuffle, of which there are {workers.count}",
            f"each piece is kept {settings.copies} times, and a worker may be away",
            "add nodes to the group, or write replicate: false",
        )
        return
    held = workers.holds_gib(settings.copies)
    if settings.peak_shuffle_gib > held:
        needed = ceil(settings.peak_shuffle_gib * settings.copies / max(1, workers.disk_gib)) + 1
        yield Violation(
            f"{FIELD}.peak_shuffle_gib",
            settings.peak_shuffle_gib,
            f"must be at most {held}, which {workers.count} workers hold while one is away",
            f"each has {workers.disk_gib} GiB of its array for shuffles, and keeps {settings.copies} of each piece",
            f"take {needed} nodes, types with larger NVMe volumes, or a smaller peak",
        )
