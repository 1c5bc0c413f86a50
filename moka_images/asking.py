"""A registry's answers for whoever lists images: whether each is there, whole, and the one that is meant.

Whoever asks is logged in as Docker's client is.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from components.images.image import repository_of
from local_cluster.programs.crane import CRANE
from local_cluster.programs.project import find
from moka_images.check import problem_of
from moka_images.crane import Crane, MissingImageError, RegistryError
from offline.progress import say


def asking(place: str) -> Callable[[str, Sequence[str]], str]:
    """What asks the registry of an image.

    Args:
        place: registry that has the images under the names that they have in their own; empty for that one.

    Raises:
        MissingToolError: when crane can't be had.
    """
    directory = os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker"
    crane = Crane(find([CRANE], say)["crane"], Path(directory))
    return lambda reference, architectures: ask(crane, moved(reference, place), architectures)


def moved(reference: str, place: str) -> str:
    """The same image in another registry; where it is, without one.

    Args:
        reference: with its registry.
        place: the other registry, or a prefix in it.
    """
    return f"{place}/{reference.partition('/')[2]}" if place else reference


def ask(crane: Crane, reference: str, architectures: Sequence[str]) -> str:
    """What is wrong with an image in its registry; empty where nothing is.

    Args:
        crane: asks.
        reference: with a tag, a digest, or both.
        architectures: that it must have.
    """
    name, _, digest = reference.partition("@")
    has_tag = name != repository_of(name)
    try:
        found = crane.find(name if has_tag else reference)
    except MissingImageError:
        return "is not in its registry: push it, or run python -m moka_images fill"
    except RegistryError as error:
        return f"could not be asked for: {error}"
    return problem_of(found, digest or None, architectures)
