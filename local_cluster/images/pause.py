"""The image of the process that holds a pod's namespaces, built from `tools/pause`."""

import hashlib
from pathlib import Path

from local_cluster.images.layer import LayerWriter, cached_layer
from local_cluster.images.oci import Defaults, OciImage, image
from offline.go_build import MODULES, GoProgram, build
from offline.progress import Say, silent

MODULE = MODULES / "pause"

_PROGRAM = GoProgram("pause", MODULE)
# As in the image of Kubernetes.
_USER = "65535:65535"


def pause_image(reference: str, report: Say) -> OciImage:
    """The image.

    Args:
        reference: the name that it gets.
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no Go.
    """

    def write(layer: LayerWriter, place: Path) -> None:
        build(_PROGRAM, place / "pause", silent)
        layer.file("pause", place / "pause" / "bin" / "pause", 0o755)

    source = hashlib.sha256((MODULE / "main.go").read_bytes()).hexdigest()
    layer = cached_layer("pause", source, write, report)
    return image(reference, [layer], Defaults(entrypoint=["/pause"], user=_USER))
