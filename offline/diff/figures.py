"""What an environment comes to in numbers: nodes, vCPUs, pod addresses, metric series and dollars, before and after.

Each is worked out by the rule that its settings are judged by. Leaves out what runs at the moment, which no settings
say: pools count at their limits.
"""

from collections.abc import Iterator, Sequence

from components.network.capacity import ADDRESSES_PER_PREFIX, blocks_of_subnet
from components.rules.addresses import blocks_of_groups, blocks_of_pools
from components.rules.metrics_budget import cardinality_of, scale_of
from components.settings import Settings
from offline.diff.cost import monthly_cost
from offline.diff.figure import Figure
from offline.diff.prices import origin
from offline.providers.resource import Resource


def figures_between(
    before: tuple[Settings, Sequence[Resource]], after: tuple[Settings, Sequence[Resource]]
) -> Iterator[Figure]:
    """Every number that differs between two deployments, each given by its settings and resources."""
    old, new = (dict(_numbers(*each)) for each in (before, after))
    for key in [*old, *(each for each in new if each not in old)]:
        name, unit, note = key
        was, now = round(old.get(key, 0)), round(new.get(key, 0))
        if was != now:
            yield Figure(name, unit, was, now, note)


def _numbers(settings: Settings, resources: Sequence[Resource]) -> Iterator[tuple[tuple[str, str, str], float]]:
    groups, pools = settings.node_groups, settings.node_pools
    scales = [scale_of(each) for each in groups.values()]
    yield ("nodes of node groups", "", ""), sum(each.nodes for each in scales)
    yield ("vCPUs of node groups", "", ""), sum(each.nodes * each.vcpus for each in scales)
    yield ("nodes of node pools at their limits", "", ""), sum(each.most_nodes for each in pools.values())
    yield ("vCPUs of node pools at their limits", "", ""), sum(each.limits.vcpus for each in pools.values())
    yield ("memory of node pools at their limits", "GiB", ""), sum(each.limits.memory_gib for each in pools.values())
    for zone, block in settings.network.zones.items():
        of_groups, of_pools = blocks_of_groups(settings.network.zones, groups), blocks_of_pools(zone, pools)
        taken = sum(of_groups.values()) + sum(of_pools.values())
        held = blocks_of_subnet(block)
        yield (f"pod addresses taken at most in {zone}", "", ""), taken * ADDRESSES_PER_PREFIX
        yield (f"pod addresses that {zone} holds", "", ""), held * ADDRESSES_PER_PREFIX
    metrics = cardinality_of(settings.monitoring, [*groups.values(), *pools.values()])
    yield ("metric series at most", "", ""), metrics.series
    yield ("metric samples at most", "a second", ""), metrics.samples_a_second
    cost = monthly_cost(settings, resources)
    left_out = " and ".join(("what is billed by use", *cost.unpriced))
    rests_on = f"estimate. {origin()}; without {left_out}"
    yield ("cost of what always stands", "USD a month", rests_on), cost.standing
    yield ("cost with every pool at its limits", "USD a month", rests_on), cost.most
