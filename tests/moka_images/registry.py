"""A registry on this machine, and small images to push to it."""

import hashlib
import json
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from moka_images.crane import Crane
from tests.telemetry.process import wait_until

_INDEX = "application/vnd.oci.image.index.v1+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"


class Registry:
    """The registry.

    Args:
        program: crane, which has one in it.
        address: host and port.
        crane: asks it.
    """

    def __init__(self, program: Path, address: str, crane: Crane) -> None:
        self._program, self.address, self.crane = program, address, crane

    def push(self, name: str, architectures: Sequence[str] = ("amd64", "arm64"), content: str = "") -> str:
        """Push an index of empty images, or a single one where there is one architecture; returns its reference.

        Args:
            name: with a tag, without the registry.
            architectures: that it has.
            content: tells one image from another.
        """
        reference = f"{self.address}/{name}"
        with tempfile.TemporaryDirectory() as directory:
            _write_layout(Path(directory), architectures, content)
            words = ["push", *(["--index"] if len(architectures) > 1 else []), directory, reference]
            subprocess.run([str(self._program), *words], check=True, capture_output=True)
        return reference


@contextmanager
def serving(program: Path, disk: Path | None = None) -> Iterator[Registry]:
    """A registry while the context lasts.

    Args:
        program: crane.
        disk: directory for what is pushed, which is kept in memory otherwise.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [str(program), "registry", "serve", "--address", address]
    command += ["--disk", str(disk)] if disk else []
    with tempfile.TemporaryDirectory() as configuration:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until("the registry", 20.0, lambda: _answers(address), lambda: str(process.poll()))
            yield Registry(program, address, Crane(program, Path(configuration)))
        finally:
            process.terminate()
            process.wait()


def _answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://{address}/v2/", timeout=1) as answer:
        return answer.status == 200
    return False


def _write_layout(place: Path, architectures: Sequence[str], content: str) -> None:
    """An OCI image layout of images without layers."""
    blobs = place / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def blob(kind: str, document: Any) -> dict[str, Any]:
        text = json.dumps(document).encode()
        digest = hashlib.sha256(text).hexdigest()
        (blobs / digest).write_bytes(text)
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(text)}

    manifests = []
    for each in architectures:
        labels = {"config": {"Labels": {"content": content}}}
        system = {"architecture": each, "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}
        config = blob(_CONFIG, {**system, **labels})
        manifest = {"schemaVersion": 2, "mediaType": _MANIFEST, "config": config, "layers": []}
        manifests.append({**blob(_MANIFEST, manifest), "platform": {"architecture": each, "os": "linux"}})
    index = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": manifests}
    (place / "index.json").write_text(json.dumps(index))
    (place / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
