"""Brings the images that others publish into an environment's registry.

A cache fetches an image when somebody asks for its tag. It does not when somebody asks for a digest that it does not
have, and the first pull through it leaves the VPC. So images are asked for here, before nodes do.

Source: Amazon ECR user guide, "Sync an upstream registry with an Amazon ECR private registry", considerations;
aws/containers-roadmap, issue 2837.
"""

import time
from collections.abc import Callable

from moka_images.check import problem_of
from moka_images.crane import Crane, Found, MissingImageError
from moka_images.wanted import WantedImage

# Amazon ECR answers with the manifest, and fetches layers and the other architecture afterwards.
PATIENCE_SECONDS = 300.0
PAUSE_SECONDS = 5.0


class FillError(Exception):
    """An image that can't be brought."""


def fill(
    crane: Crane,
    wanted: WantedImage,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Bring one image; what was done, in a word or two.

    Args:
        crane: asks registries.
        wanted: an image that is cached or copied.
        sleep: pauses.
        clock: tells the time.

    Raises:
        FillError: when what is there is another image, or upstream has none that will do.
        RegistryError: when a registry refuses.
    """
    if (found := _found(crane, wanted.reference)) is not None:
        return _kept(found, wanted, "is there")
    if wanted.way == "copied":
        return _copied(crane, wanted)
    crane.manifest(wanted.reference)
    deadline = clock() + PATIENCE_SECONDS
    while (found := _found(crane, wanted.reference)) is None:
        if clock() > deadline:
            raise FillError(
                f"{wanted.reference} was asked for, and is not in the registry after {PATIENCE_SECONDS:.0f} s: look at "
                "the cache rule with `aws ecr validate-pull-through-cache-rule`"
            )
        sleep(PAUSE_SECONDS)
    return _kept(found, wanted, "was fetched")


def _copied(crane: Crane, wanted: WantedImage) -> str:
    # By digest, so that what was looked at is what is copied.
    upstream = crane.find(wanted.image.reference)
    _kept(upstream, wanted, "")
    crane.copy(f"{wanted.image.repository}@{upstream.digest}", wanted.reference)
    return "was copied"


def _found(crane: Crane, reference: str) -> Found | None:
    try:
        return crane.find(reference)
    except MissingImageError:
        return None


def _kept(found: Found, wanted: WantedImage, done: str) -> str:
    if problem := problem_of(found, wanted.digest):
        raise FillError(f"{wanted.reference} {problem}")
    return done
