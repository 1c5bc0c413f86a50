"""Which registries images may not come from."""

from collections.abc import Iterable, Mapping

from components.model import Violation
from components.workloads.image import DOCKER_HUB, registry_of


def rules_of_registries(images: Mapping[str, str | None], fix: str) -> Iterable[Violation]:
    """No image comes from Docker Hub.

    Args:
        images: field path to the image or its repository; None where a default stands.
        fix: what to do instead.
    """
    for field, image in images.items():
        if image is not None and registry_of(image) == DOCKER_HUB:
            yield Violation(
                field,
                image,
                "must not come from Docker Hub",
                "it limits anonymous pulls by address, which all nodes share, and sends some of them to a bucket "
                "of its own that the VPC's endpoint for Amazon S3 refuses",
                fix,
            )
