"""How fast Karpenter makes nodes for executors that wait, with the pools of production.

Executors are so large that each takes most of a node. The same executors are placed twice: while nodes come for them,
and again on the nodes that are there then. Nodes are simulated and join at once, so what is measured is what Karpenter
and YuniKorn take, without EC2's minutes. Nodes of groups take none of the executors.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from components.workloads.scheduling import WORKLOAD_KEY
from local_cluster.controllers.beside import beside
from local_cluster.controllers.karpenter import copy_pools, find_karpenter, karpenter
from local_cluster.controllers.yunikorn import find_yunikorn, yunikorn
from local_cluster.settings import ports_of
from offline.progress import say
from tests.local_cluster.drills.running_stack import RunningStack
from tests.local_cluster.spark_drills.application import Application, has_node, new_id
from tests.local_cluster.spark_drills.elastic_nodes import ElasticNodes
from tests.stack_files import settings_tree

STACK, TEAM = "production", "analytics"
EXECUTORS = 100
# Of the 32 of a node; agents have the rest.
CPUS, MEMORY_MIB = 28, 64 * 1024

_PATIENCE_SECONDS = 900.0
_LOOK_SECONDS = 0.5
_MERGE = "application/merge-patch+json"


def grow(application: Application) -> float:
    """Ask for all executors; returns the seconds until each has a node.

    Raises:
        TimeoutError: when executors wait for too long.
    """
    started = time.monotonic()
    application.grow(EXECUTORS)
    while len(application.running()) < EXECUTORS:
        if time.monotonic() - started > _PATIENCE_SECONDS:
            raise TimeoutError(f"{len(application.waiting())} executors wait after {_PATIENCE_SECONDS:.0f} s")
        time.sleep(_LOOK_SECONDS)
    return time.monotonic() - started


def close_groups(stack: RunningStack) -> None:
    """Close the nodes of groups to executors."""
    for node in stack.listed("Node", label_selector=f"{WORKLOAD_KEY}=spark-executor"):
        stack.cluster.api.resource("Node").patch(
            name=node["metadata"]["name"], body={"spec": {"unschedulable": True}}, content_type=_MERGE
        )


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    programs = find_yunikorn(say), find_karpenter(say)
    with tempfile.TemporaryDirectory(prefix="moka-") as place:
        stack = RunningStack(STACK, Path(place) / STACK)
        try:
            print(f"bringing {STACK} up", file=sys.stderr, flush=True)
            stack.up()
            close_groups(stack)
            directory, api = stack.cluster.directory, stack.cluster.api
            ports, region = ports_of(directory), settings_tree(STACK)["region"]
            placing = yunikorn(programs[0], directory, ports)
            making = karpenter(programs[1], directory, ports, api, region)
            with beside(directory, placing, making):
                copy_pools(api)
                application = Application(api, TEAM, new_id(TEAM), cpus=CPUS, memory_mib=MEMORY_MIB)
                application.submit()
                while not has_node(application.driver()):
                    time.sleep(_LOOK_SECONDS)
                before = len(ElasticNodes(api).nodes())
                print(f"{EXECUTORS} executors wait for nodes", file=sys.stderr, flush=True)
                with_new = grow(application)
                made = len(ElasticNodes(api).nodes()) - before
                application.shrink(EXECUTORS)
                while application.executors():
                    time.sleep(_LOOK_SECONDS)
                without = grow(application)
            yield (
                f"{made} nodes made by Karpenter for {EXECUTORS} executors in {with_new:.0f} s: "
                f"{made * 60 / with_new:.0f} a minute"
            )
            yield (
                f"the same executors on nodes that are there: {without:.0f} s; waiting for nodes takes a factor of "
                f"{with_new / without:.1f}"
            )
        finally:
            stack.end()
