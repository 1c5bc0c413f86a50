"""The tables of docs/metrics-cost.md, made from the model: `python -m components.monitoring.cost_table FILE`.

Leaves out the text around them.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from components.monitoring.cardinality import Cardinality, NodeScale
from components.monitoring.price import monthly_dollars
from components.monitoring.sources import SOURCES, UNITS
from components.page import with_part

BEGIN = "<!-- tables: made by components/monitoring/cost_table.py -->"
END = "<!-- end of tables -->"

# Pinterest's estate had 14,000 nodes; kinds and sizes of nodes are production's.
ESTATES = (100, 1_000, 5_000, 14_000)
INTERVALS = (30, 60)
POD_LIFETIME_MINUTES = 120
# One node of twenty runs drivers, and one in a hundred the platform.
DRIVER_SHARE = 20
SYSTEM_SHARE = 100


def estate(nodes: int, scrape_interval_seconds: int) -> Cardinality:
    """An estate of production's kinds of nodes, full of pods.

    Args:
        nodes: all of its nodes.
        scrape_interval_seconds: seconds between two scrapes.
    """
    drivers, system = nodes // DRIVER_SHARE, nodes // SYSTEM_SHARE
    groups = (
        NodeScale(nodes - drivers - system, vcpus=32, max_pods=42, executors=True),
        NodeScale(drivers, vcpus=16, max_pods=58, drivers=True),
        NodeScale(system, vcpus=8, max_pods=110),
    )
    return Cardinality.of(groups, scrape_interval_seconds, POD_LIFETIME_MINUTES)


def tables() -> str:
    """All tables as Markdown."""
    return "\n\n".join((_sources(), _estates()))


def with_tables(document: str) -> str:
    """A document with its tables as they are now.

    Raises:
        ValueError: when the marks around them are missing.
    """
    return with_part(document, BEGIN, f"\n{tables()}\n", END)


def _sources() -> str:
    rows = [
        [source.job, source.program, *(_number(source.series_a(unit)) for unit in UNITS), source.counted]
        for source in SOURCES
    ]
    totals = [_number(sum(source.series_a(unit) for source in SOURCES)) for unit in UNITS]
    return _table(
        ["Job", "Program", *(f"a {unit}" for unit in UNITS), "Counted"],
        [*rows, ["all", "", *totals, ""]],
    )


def _estates() -> str:
    rows: list[list[str]] = []
    for nodes in ESTATES:
        for interval in INTERVALS:
            metrics = estate(nodes, interval)
            rows.append(
                [
                    f"{nodes:,}",
                    f"{interval} s",
                    f"{metrics.units['pod']:,}",
                    f"{metrics.units['executor']:,}",
                    f"{metrics.series / 1e6:,.2f}",
                    f"{metrics.head_series / 1e6:,.2f}",
                    f"{metrics.active_series / 1e6:,.2f}",
                    f"{metrics.samples_a_second:,.0f}",
                    f"{metrics.memory_gib:,.0f}",
                    f"{metrics.disk_gib(1):,.0f}",
                    f"{monthly_dollars(metrics):,.0f}",
                ]
            )
    return _table(
        [
            "Nodes",
            "Scrape every",
            "Pods",
            "Executors",
            "Million series",
            "in memory",
            "active",
            "Samples/s",
            "GiB of memory",
            "GiB a day",
            "USD a month, managed",
        ],
        rows,
    )


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0") if value else ""


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_tables(path.read_text()))
