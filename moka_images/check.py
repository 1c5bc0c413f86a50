"""What a registry holds of the images that a stack wants."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.images.image import ARCHITECTURES
from moka_images.crane import Crane, Found, MissingImageError
from moka_images.wanted import WantedImage


@dataclass(frozen=True)
class Checked:
    """An image, and what is wrong with it.

    Args:
        image: that is wanted.
        found: what the registry holds; None where it holds nothing of that name.
        problem: what is wrong, with what to do; empty where nothing is.
    """

    image: WantedImage
    found: Found | None
    problem: str = ""


def check(crane: Crane, wanted: WantedImage) -> Checked:
    """Look for one image.

    Args:
        crane: asks the registry.
        wanted: the image.

    Raises:
        RegistryError: when the registry refuses.
    """
    try:
        found = crane.find(wanted.reference)
    except MissingImageError:
        return Checked(wanted, None, f"is not there: {_remedy(wanted)}")
    return Checked(wanted, found, problem_of(found, wanted.digest))


def problem_of(found: Found, digest: str | None, architectures: Sequence[str] = ARCHITECTURES) -> str:
    """What is wrong with an image that is there; empty where nothing is.

    Args:
        found: what the registry holds.
        digest: that it must have; None where nobody has said so.
        architectures: that it must have.
    """
    if digest is not None and found.digest != digest:
        return f"has digest {found.digest}, not {digest}: its tag was moved, or the digest is another version's"
    if not found.architectures:
        return f"is no index of architectures, and must be one of {' and '.join(architectures)}: build it with both"
    missing = [each for each in architectures if each not in found.architectures]
    return f"is not there for {' and '.join(missing)}: build it for both architectures" if missing else ""


def _remedy(wanted: WantedImage) -> str:
    if wanted.way == "pushed":
        return "push it, as docs/images.md says"
    return "python -m moka_images fill brings it"
