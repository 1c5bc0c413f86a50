"""The images that a stack wants in its registry, from the table and the stack's file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from components.account import Account
from components.images.image import Image
from components.images.table import IMAGES, SPARK, SPARK_WITH_CELEBORN
from components.images.upstreams import cached_upstreams

Way = Literal["cached", "copied", "pushed"]


@dataclass(frozen=True)
class WantedImage:
    """One image.

    Args:
        image: as the table has it.
        way: how it comes into the registry: a cache fetches it when it is first asked for, somebody copies it, or a
            pipeline pushes it.
        reference: where nodes pull it from, by its tag.
        digest: that it must have, where somebody has said so.
    """

    image: Image
    way: Way
    reference: str
    digest: str | None


def wanted_images(account: Account, settings: Mapping[str, Any]) -> list[WantedImage]:
    """Every image of the table, as a stack has it.

    Args:
        account: the environment's account.
        settings: what the stack's file says, unchecked.
    """
    credentials = (settings.get("images") or {}).get("credentials") or {}
    cached = {each.host for each in cached_upstreams(IMAGES, credentials)}
    own = SPARK_WITH_CELEBORN if (settings.get("shuffle") or {}).get("celeborn") else SPARK
    named = (settings.get("spark") or {}).get("image")

    def wanted(image: Image) -> WantedImage:
        located = image.below(account.images)
        if image is own and named is not None:
            # The file's own goes before that of the table.
            reference, _, digest = str(named).partition("@")
            return WantedImage(image, "pushed", reference, digest or None)
        way: Way = "pushed" if image.upstream is None else "cached" if image.upstream in cached else "copied"
        return WantedImage(image, way, f"{located.repository}:{image.tag}", image.digest)

    return [wanted(each) for each in IMAGES]
