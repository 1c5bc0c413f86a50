"""The word count as it runs on this machine: whose it is, and what has to differ from a real account's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from local_cluster.errors import ClusterError
from local_cluster.people import context_of
from moka_logs.place import PlaceError, stack_settings
from moka_smoke import team
from moka_smoke.team import queue_of_team
from moka_smoke.word_count import WordCount
from offline.project import Project

# All of it has to find room on one machine.
_CORE_REQUEST = "300m"
# The image that is built here has no client of Celeborn, whatever the stack has.
_SETTINGS: Mapping[str, str] = {
    "spark.shuffle.manager": "sort",
    "spark.shuffle.sort.io.plugin.class": "org.apache.spark.shuffle.sort.io.LocalDiskShuffleDataIO",
}


@dataclass(frozen=True)
class LocalApplication:
    """An application of a stack's team.

    Args:
        word_count: what is submitted.
        queue: full name of the team's queue.
        person: the kubeconfig's context of the first of the team's owners.
    """

    word_count: WordCount
    queue: str
    person: str


def application_of(project: Path, stack: str) -> LocalApplication:
    """The word count of the first team of a stack that may write somewhere.

    Args:
        project: directory of `Pulumi.yaml`.
        stack: name of the stack.

    Raises:
        ClusterError: when there is none.
        UnknownStackError: when the project has no such stack.
    """
    known = Project(project.resolve())
    known.require(stack)
    try:
        settings = stack_settings(stack, known.root / known.stack_directory)
        found = team.word_count_of(stack, settings)
        owners = settings["teams"][found.team].get("owners")
        if not owners:
            raise PlaceError(f"teams.{found.team}.owners names nobody, and an owner submits: give it a role's ARN")
        return LocalApplication(
            replace(found, core_request=_CORE_REQUEST, settings=_SETTINGS),
            queue_of_team(found.team, settings),
            context_of(owners[0]),
        )
    except PlaceError as error:
        raise ClusterError(str(error)) from error
