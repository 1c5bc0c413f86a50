"""Python with the AWS SDK, in place of the base image of AWS Lambda, whose Python the log canary runs.

The SDK is the one that this project's own virtualenv holds, so nothing is downloaded for it. Leaves out what Lambda
needs to call a function.
"""

from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from local_cluster.images.debian_layer import BUNDLE, debian_layer
from local_cluster.images.layer import LayerWriter, cached_layer
from local_cluster.images.oci import Defaults, OciImage, image
from offline.progress import Say

PACKAGES = ("python3", "ca-certificates")
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "urllib3", "six")

_PLACE = "usr/lib/python3/dist-packages"
# The SDK's own list of authorities, which it prefers to the system's.
_OWN_AUTHORITIES = "botocore/cacert.pem"


def python_image(reference: str, report: Say) -> OciImage:
    """The image.

    Args:
        reference: the name that it gets.
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no apt here, or it can't download.
    """
    versions = {name: distribution(name).version for name in SDK}
    layers = [
        debian_layer("debian-python", PACKAGES, report),
        cached_layer("aws-sdk", f"1 {versions}", lambda layer, _: _write(layer), report),
    ]
    return image(reference, layers, Defaults(entrypoint=["/usr/bin/python3"]))


def _write(layer: LayerWriter) -> None:
    layer.link(f"{_PLACE}/{_OWN_AUTHORITIES}", f"/{BUNDLE}")
    for name, path in _files():
        layer.file(f"{_PLACE}/{name}", path)


def _files() -> Iterator[tuple[str, Path]]:
    for name in SDK:
        for file in distribution(name).files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                yield str(file), Path(str(file.locate()))
