"""Names of the repositories that an environment keeps images in."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.images.table import IMAGES

TEAMS = "teams"


@dataclass(frozen=True)
class TeamImages:
    """The images of a team's own.

    Args:
        names: what the team calls them.
        owners: ARNs of the roles whose people push them.
    """

    names: Sequence[str]
    owners: Sequence[str]


def own_repositories() -> list[str]:
    """Of the images that are built from this project."""
    return sorted({each.repository for each in IMAGES if each.upstream is None})


def published_repositories() -> list[str]:
    """Of the images that others publish, under the names that they have there."""
    return sorted({each.repository for each in IMAGES if each.upstream is not None})


def team_repository(team: str, image: str) -> str:
    """Of an image of a team's own.

    Args:
        team: name of the team.
        image: what the team calls it.
    """
    return f"{TEAMS}/{team}/{image}"
