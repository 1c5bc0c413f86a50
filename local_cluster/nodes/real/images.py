"""Gives real nodes the images of the pods that may run there, before anybody asks for them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local_cluster.directory import ClusterDirectory
from local_cluster.images.load import load, present
from local_cluster.images.plan import Builder, PlannedImage, builders, name_on_node, plan
from local_cluster.launch import way_inside
from local_cluster.nodes.real.containerd import PAUSE, ctr
from local_cluster.nodes.real.roster import Role, images_of
from local_cluster.nodes.real.runtime import find_runtime
from offline.checks.kubernetes.objects import PodTemplate
from offline.errors import MissingToolError
from offline.progress import Say

# Names a program of Fluent Bit, which no registry of packages carries.
FLUENT_BIT_VARIABLE = "FLUENT_BIT"


def wanted(roster: Iterable[Role], pods: Sequence[PodTemplate]) -> dict[str, set[str]]:
    """Images of the pods that may run on each real node, by its name."""
    return {role.node: {PAUSE}.union(*(images_of(each) for each in pods if role.may_run(each))) for role in roster}


def fluent_bit_program() -> Path | None:
    """The program that the user gives.

    Raises:
        MissingToolError: when what is named is no program.
    """
    given = os.environ.get(FLUENT_BIT_VARIABLE)
    if not given:
        return None
    program = Path(given).resolve()
    if not os.access(program, os.X_OK) or not program.is_file():
        raise MissingToolError(
            f"{FLUENT_BIT_VARIABLE}={given} is no program that can be run. Name a fluent-bit, or leave it out: its "
            "pods are simulated then"
        )
    return program


def provide(
    directory: ClusterDirectory, references: Mapping[str, set[str]], spark: Sequence[str], report: Say
) -> list[PlannedImage]:
    """Pull or build images, and import them where they are wanted.

    Args:
        directory: of the cluster, which runs.
        references: wanted images by the name of the node.
        spark: which of them are images of Spark applications.
        report: where signs of life go.

    Raises:
        MissingToolError: when a node's container runtime refuses one.
    """
    runtime, inside = find_runtime(report), way_inside(directory)
    environment = ["env", *(f"{name}={value}" for name, value in runtime.environment.items())]
    clients = {node: [*inside, *environment, *ctr(node, runtime)] for node in references}
    there = {node: set(present(client)) for node, client in clients.items()}
    known: Mapping[str, Builder] = builders(spark=spark, fluent_bit=fluent_bit_program())
    every = set[str]().union(*references.values())
    everywhere = {
        name_on_node(each)
        for each in every
        if all(name_on_node(each) in there[node] for node, images in references.items() if each in images)
    }
    planned = plan(every, known, report, present=everywhere)
    made = {each.reference: each.image for each in planned if each.image is not None}

    def give(node: str) -> None:
        load(clients[node], [made[each] for each in sorted(references[node]) if each in made], report)

    with ThreadPoolExecutor() as pool:
        list(pool.map(give, references))
    return planned
