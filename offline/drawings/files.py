"""The pictures of a stack as files."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from offline.drawings.cluster import cluster
from offline.drawings.data_flow import data_flow
from offline.drawings.network import network
from offline.drawings.picture import Picture
from offline.drawings.svg import svg
from offline.progress import Say
from offline.providers.resource import Resource

PICTURES: Mapping[str, Callable[[Sequence[Resource]], Picture]] = {
    "network": network,
    "cluster": cluster,
    "data-flow": data_flow,
}


def drawn(resources: Sequence[Resource], report: Say) -> dict[str, str]:
    """Name of each picture's file to its text.

    Args:
        resources: of the stack, with what its Helm releases bring.
        report: told when Graphviz has to be installed.

    Raises:
        OfflineError: when a picture can't be drawn.
    """
    return {f"{name}.svg": svg(picture(resources), report) for name, picture in PICTURES.items()}


def draw_to(directory: Path, resources: Sequence[Resource], report: Say) -> None:
    """Write every picture.

    Args:
        directory: where they go.
        resources: of the stack, with what its Helm releases bring.
        report: told when Graphviz has to be installed.

    Raises:
        OfflineError: when a picture can't be drawn.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in drawn(resources, report).items():
        (directory / name).write_text(text, encoding="utf-8")
