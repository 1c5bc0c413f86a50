"""Measures and prints: `python -m tests.bench [NAME ...]`, everything without a name.

Nothing here fails a build: machines differ, ratios of one run hardly do. A module of this package measures one thing,
and its `lines` say what came out.
"""

import sys
from collections.abc import Callable, Iterable, Mapping

from tests.bench import (
    blueprints,
    cluster,
    differences,
    elastic_nodes,
    growth,
    judges,
    log_agent,
    many_nodes,
    queues,
    spark,
)

MEASURES: Mapping[str, Callable[[], Iterable[str]]] = {
    "judges": judges.lines,
    "differences": differences.lines,
    "blueprints": blueprints.lines,
    "growth": growth.lines,
    "cluster": cluster.lines,
    "nodes": many_nodes.lines,
    "queues": queues.lines,
    "elastic-nodes": elastic_nodes.lines,
    "spark": spark.lines,
    "log-agent": log_agent.lines,
}


def main(names: list[str]) -> None:
    """Measure and print."""
    if unknown := set(names) - set(MEASURES):
        sys.exit(f"nothing is called {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    for name in names or MEASURES:
        for line in MEASURES[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
