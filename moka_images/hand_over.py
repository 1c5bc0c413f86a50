"""Carries an image from one environment to the next through a directory, where nobody may log in to both registries.

A job of the one environment takes it and a job of the other puts it: the same bytes, by digest. `promote` does the same
in one go for whoever has both accounts.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from moka_images.check import problem_of
from moka_images.crane import Crane, MissingImageError
from moka_images.promote import PromotionError, require_one_image, require_order

_ORIGIN = "moka.json"


@dataclass(frozen=True)
class Taken:
    """What a directory holds beside the image.

    Args:
        image: such as spark.
        tag: of the image.
        stack: the environment that it comes from.
        digest: of its index.
    """

    image: str
    tag: str
    stack: str
    digest: str


def take(crane: Crane, reference: str, directory: Path, *, image: str, tag: str, stack: str) -> str:
    """Put an image into a directory, and return its reference by digest.

    Args:
        crane: asks the registry.
        reference: of the image, by tag.
        directory: that is made; it must not be there.
        image: such as spark.
        tag: of the image.
        stack: the environment that has it.

    Raises:
        PromotionError: when the image lacks an architecture, or the directory is there.
        RegistryError: when the registry refuses, or has no such image.
    """
    if directory.exists():
        raise PromotionError(f"{directory} is there already: name a directory that is not")
    found = crane.find(reference)
    if problem := problem_of(found, None):
        raise PromotionError(f"{reference} {problem}")
    by_digest = f"{reference.rpartition(':')[0]}@{found.digest}"
    crane.pull(by_digest, directory)
    (directory / _ORIGIN).write_text(json.dumps(asdict(Taken(image, tag, stack, found.digest)), indent=2))
    return by_digest


def taken_in(directory: Path) -> Taken:
    """What a directory holds.

    Raises:
        PromotionError: when `take` did not make it.
    """
    try:
        return Taken(**json.loads((directory / _ORIGIN).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise PromotionError(f"{directory} holds no image that `take` put there: {error}") from error


def put(crane: Crane, directory: Path, stack: str, target: str) -> str:
    """Push the image of a directory, and return its reference by digest; nothing is done where it is there already.

    Args:
        crane: asks the registry.
        directory: that `take` made.
        stack: the environment that it goes to.
        target: reference by tag.

    Raises:
        PromotionError: when the environment is not the next one, or the tag names another image there.
        RegistryError: when the registry refuses.
    """
    taken = taken_in(directory)
    require_order(taken.stack, stack)
    try:
        there = crane.find(target)
    except MissingImageError:
        crane.push(directory, target)
        there = crane.find(target)
    require_one_image(target, there.digest, f"what was taken from {taken.stack}", taken.digest)
    return f"{target.rpartition(':')[0]}@{there.digest}"
