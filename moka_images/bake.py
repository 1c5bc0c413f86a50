"""What a bake file lacks: the tags of the project's own images, by the table, in an environment's registry.

`docker buildx bake` takes it beside the file: `--file images/docker-bake.hcl --file -`.
"""

from collections.abc import Mapping
from typing import Any

from components.images.image import Image
from components.images.table import HISTORY_SERVER, SPARK, SPARK_WITH_CELEBORN

# By target of images/docker-bake.hcl.
TARGETS: Mapping[str, Image] = {
    "spark": SPARK,
    "spark-history-server": HISTORY_SERVER,
    "spark-celeborn": SPARK_WITH_CELEBORN,
}


def definition(place: str) -> dict[str, Any]:
    """The tags, as buildx reads JSON.

    Args:
        place: registry, or prefix in one, that nodes of the environment pull from.

    Source: Docker documentation, "Bake file reference", target.tags.
    """
    return {"target": {name: {"tags": [image.below(place).reference]} for name, image in TARGETS.items()}}
