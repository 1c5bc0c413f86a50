"""On which nodes drivers and executors run, by the workload labels of an environment's node groups."""

from collections.abc import Collection
from typing import Literal

from components.workloads.scheduling import WORKLOAD_KEY

Role = Literal["driver", "executor"]
# Small environments keep one kind of node for both.
SHARED = "spark"


def workload_of(role: Role, workloads: Collection[str]) -> str:
    """The workload whose nodes a role asks for: its own where there are such nodes, else the shared one.

    Args:
        role: driver or executor.
        workloads: workloads of the environment's node groups.
    """
    own = f"{SHARED}-{role}"
    return own if own in workloads else SHARED


def node_selectors(workloads: Collection[str]) -> dict[str, str]:
    """Spark's settings that send each role to its nodes.

    Source: Apache Spark, "Running Spark on Kubernetes", spark.kubernetes.driver.node.selector.
    """
    roles: tuple[Role, ...] = ("driver", "executor")
    return {f"spark.kubernetes.{role}.node.selector.{WORKLOAD_KEY}": workload_of(role, workloads) for role in roles}
