"""Carries an image of the project's own from one environment's registry to the next one's: the same bytes."""

from dataclasses import dataclass

from moka_images.check import problem_of
from moka_images.crane import Crane, MissingImageError

# The order in which environments get a new image.
ORDER = ("test", "dev", "staging", "production")


class PromotionError(Exception):
    """An image that may not be carried on."""


@dataclass(frozen=True)
class Promotion:
    """What is carried where.

    Args:
        source: reference by tag in the registry that it comes from.
        target: reference by the same tag in the registry that it goes to.
    """

    source: str
    target: str


def require_order(source: str, target: str) -> None:
    """Make sure that nothing skips an environment.

    Raises:
        PromotionError: when the second is not the one after the first.
    """
    place = ORDER.index(source)
    after = ORDER[place + 1] if place + 1 < len(ORDER) else None
    if target != after:
        way = f"goes to {after}" if after else "goes nowhere"
        raise PromotionError(
            f"an image of {source} {way}, not to {target}: environments get it in the order {', '.join(ORDER)}"
        )


def promote(crane: Crane, promotion: Promotion) -> str:
    """Carry the image on, and return its digest; nothing is done where it is there already.

    Args:
        crane: asks registries; it is logged in to both.
        promotion: what is carried where.

    Raises:
        PromotionError: when the image lacks an architecture, or the tag names another image there.
        RegistryError: when a registry refuses, or the source has no such image.
    """
    found = crane.find(promotion.source)
    if problem := problem_of(found, None):
        raise PromotionError(f"{promotion.source} {problem}")
    try:
        there = crane.find(promotion.target)
    except MissingImageError:
        repository = promotion.source.rpartition(":")[0]
        crane.copy(f"{repository}@{found.digest}", promotion.target)
        there = crane.find(promotion.target)
    require_one_image(promotion.target, there.digest, promotion.source, found.digest)
    return found.digest


def require_one_image(target: str, there: str, source: str, digest: str) -> None:
    """Make sure that a tag names one image wherever it is.

    Args:
        target: where it is.
        there: its digest there.
        source: what it should be.
        digest: of that.

    Raises:
        PromotionError: when the digests differ.
    """
    if there != digest:
        raise PromotionError(
            f"{target} is {there}, and {source} is {digest}: one tag names two images. Release the newer one under a "
            "tag of its own"
        )
