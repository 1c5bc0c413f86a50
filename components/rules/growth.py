"""How far an environment's pools may grow before something of it is in the way: the table of docs/capacity.md.

`python -m components.rules.growth FILE` writes it anew from the stack files. Each limit is the one that a rule refuses
settings by; the pools are grown all alike until it does. Leaves out quotas of the account and the capacity that EC2
has, which nobody can read from settings.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from components.capacity.settings import NodePoolSettings
from components.model import Violation
from components.page import with_part
from components.rules.addresses import rules_of_addresses
from components.rules.metrics_budget import rules_of_cardinality, scale_of
from components.settings import STACKS, Settings

BEGIN = "<!-- table: made by components/rules/growth.py -->"
END = "<!-- end of table -->"
MOST_PERCENT = 100_000

Pools = Mapping[str, NodePoolSettings]
# What is in the way -> whether a violation says so.
LIMITS: dict[str, Callable[[Violation], bool]] = {
    "addresses": lambda each: each.field.startswith("network.zones."),
    "prometheus_memory_gib": lambda each: each.field == "monitoring.prometheus_memory_gib",
    "volume_gib": lambda each: each.field == "monitoring.volume_gib",
    "cluster_collector_memory_mib": lambda each: each.field == "monitoring.cluster_collector_memory_mib",
    "active_series_quota": lambda each: each.field == "monitoring.active_series_quota",
}


def grown(pools: Pools, percent: int) -> Pools:
    """Pools whose limits are a part or a multiple of what they are.

    Args:
        pools: node pools by name.
        percent: of their limits.
    """
    return {
        name: pool.model_copy(
            update={
                "limits": pool.limits.model_copy(
                    update={
                        "vcpus": pool.limits.vcpus * percent // 100,
                        "memory_gib": pool.limits.memory_gib * percent // 100,
                        "nodes": None if pool.limits.nodes is None else pool.limits.nodes * percent // 100,
                    }
                )
            }
        )
        for name, pool in pools.items()
    }


def holds(settings: Settings, pools: Pools, limit: str) -> bool:
    """Whether one limit holds pools, whatever the others say."""
    violations = [
        *rules_of_addresses(settings.network.zones, settings.node_groups, pools),
        *rules_of_cardinality(settings.monitoring, settings.node_groups.values(), pools.values()),
    ]
    return not any(LIMITS[limit](each) for each in violations)


def most_percent(settings: Settings, limit: str) -> int:
    """How far the pools may grow before a limit is in the way, in per cent of what their limits are."""
    least, most = 0, MOST_PERCENT
    while least < most:
        middle = (least + most + 1) // 2
        if holds(settings, grown(settings.node_pools, middle), limit):
            least = middle
        else:
            most = middle - 1
    return least


def stacks() -> dict[str, Settings]:
    """Every stack's settings by its name, smallest first."""
    found: dict[str, Settings] = {}
    for file in STACKS.glob("Pulumi.*.yaml"):
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))["config"]["moka:settings"]
        found[file.name.split(".")[1]] = Settings.model_validate_json(json.dumps(tree))
    return dict(sorted(found.items(), key=lambda each: sum(_nodes(each[1]))))


def table(environments: Mapping[str, Settings] | None = None) -> str:
    """What each environment has, and how far each limit lets its pools grow, as Markdown.

    Args:
        environments: settings by stack; those of the stack files by default.
    """
    head = ["Stack", "Nodes of groups", "Nodes of pools", "vCPUs of pools", *(f"`{each}`" for each in LIMITS)]
    rows = [head, ["---"] * len(head)]
    for stack, settings in (environments or stacks()).items():
        fixed, elastic = _nodes(settings)
        vcpus = sum(each.limits.vcpus for each in settings.node_pools.values())
        growth = (f"{_times(settings, most_percent(settings, limit))}" for limit in LIMITS)
        rows.append([stack, f"{fixed:,}", f"{elastic:,}", f"{vcpus:,}", *growth])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _nodes(settings: Settings) -> tuple[int, int]:
    groups = (scale_of(each).nodes for each in settings.node_groups.values())
    pools = (each.most_nodes for each in settings.node_pools.values())
    return sum(groups), sum(pools)


def _times(settings: Settings, percent: int) -> str:
    if percent == MOST_PERCENT:
        return "not in the way"
    nodes = sum(each.most_nodes for each in grown(settings.node_pools, percent).values())
    return f"{percent / 100:.1f} times, {nodes:,} nodes"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_part(page.read_text(encoding="utf-8"), BEGIN, f"\n{table()}\n", END), encoding="utf-8")
