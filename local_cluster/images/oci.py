"""Images as OCI writes them down, packed into one archive that containerd imports.

Models an image of one architecture, that of this machine. Leaves out history, annotations and indexes of several
architectures. Source: opencontainers/image-spec, image-layout.md and config.md.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from local_cluster.images.layer import Layer
from offline.release_download import this_platform

CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
# Where containerd finds the name under which it keeps an image (containerd, images/annotations.go).
NAME = "io.containerd.image.name"


@dataclass(frozen=True)
class Defaults:
    """What a container of the image does where its manifest says nothing.

    Args:
        entrypoint: the command.
        command: its arguments.
        environment: variables.
        user: number of the user, and after a colon of the group.
        directory: where it runs.
    """

    entrypoint: Sequence[str] = ()
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = "0"
    directory: str = "/"


@dataclass(frozen=True)
class OciImage:
    """An image.

    Args:
        reference: its name with registry and tag.
        config: the config, as JSON.
        layers: lowest first.
        config_type: of the config, as OCI names it.
        media_type: of the manifest.
    """

    reference: str
    config: bytes
    layers: tuple[Layer, ...]
    config_type: str = CONFIG_TYPE
    media_type: str = MANIFEST_TYPE

    @property
    def manifest(self) -> bytes:
        """The manifest, as JSON."""
        return _json(
            {
                "schemaVersion": 2,
                "mediaType": self.media_type,
                "config": _descriptor(self.config_type, self.config),
                "layers": [
                    {"mediaType": layer.media_type, "digest": f"sha256:{layer.digest}", "size": layer.size}
                    for layer in self.layers
                ],
            }
        )

    @property
    def digest(self) -> str:
        """What the image is known by."""
        return f"sha256:{hashlib.sha256(self.manifest).hexdigest()}"


def image(reference: str, layers: Sequence[Layer], defaults: Defaults) -> OciImage:
    """An image of this machine's architecture, made of layers."""
    _, architecture = this_platform()
    config = {
        "architecture": architecture,
        "os": "linux",
        "config": {
            "User": defaults.user,
            "Env": [f"{name}={value}" for name, value in defaults.environment.items()],
            "Entrypoint": list(defaults.entrypoint),
            "Cmd": list(defaults.command),
            "WorkingDir": defaults.directory,
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.contents}" for layer in layers]},
    }
    return OciImage(reference, _json(config), tuple(layers))


def write_archive(images: Sequence[OciImage], stream: IO[bytes]) -> None:
    """Write an archive of the images; layers that several share are in it once."""
    written: set[str] = set()
    with tarfile.open(fileobj=stream, mode="w|") as archive:
        _add(archive, "oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
        for each in images:
            for layer in each.layers:
                if layer.digest not in written:
                    entry = tarfile.TarInfo(f"blobs/sha256/{layer.digest}")
                    entry.size = layer.size
                    with layer.path.open("rb") as file:
                        archive.addfile(entry, file)
                    written.add(layer.digest)
            for blob in (each.config, each.manifest):
                digest = hashlib.sha256(blob).hexdigest()
                if digest not in written:
                    _add(archive, f"blobs/sha256/{digest}", blob)
                    written.add(digest)
        _add(archive, "index.json", index(images))


def index(images: Sequence[OciImage]) -> bytes:
    """The archive's table of contents, as JSON."""
    manifests = [
        _descriptor(each.media_type, each.manifest) | {"annotations": {NAME: each.reference}} for each in images
    ]
    return _json({"schemaVersion": 2, "manifests": manifests})


def _descriptor(media_type: str, blob: bytes) -> dict[str, object]:
    return {"mediaType": media_type, "digest": f"sha256:{hashlib.sha256(blob).hexdigest()}", "size": len(blob)}


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
