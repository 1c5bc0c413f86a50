"""Pulls an image from its registry into the cache, as anybody may.

It runs outside of the cluster's namespaces, which have no way to the world. Leaves out credentials: an image that needs
some is one of a registry that does not answer. Source: opencontainers/distribution-spec, and Docker's token protocol.
"""

import hashlib
import json
import re
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from components.images.image import DOCKER_HUB, registry_of
from local_cluster.images.layer import Layer
from local_cluster.images.oci import OciImage
from offline.errors import MissingToolError
from offline.progress import Say, step
from offline.release_download import this_platform
from offline.tool_cache import cache_directory

# Long enough for a slow line, short enough for a network that answers nothing.
ANSWER_SECONDS = 5.0
_READ_SECONDS = 60.0
_BLOCK = 1 << 20
_DIGITS = 16
_MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_HUB_HOST = "registry-1.docker.io"
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Name:
    """Parts of an image's name.

    Args:
        registry: its host.
        path: of the repository.
        version: tag, or digest where there is one.
    """

    registry: str
    path: str
    version: str

    @property
    def address(self) -> str:
        """URL of the repository."""
        return f"https://{_HUB_HOST if self.registry == DOCKER_HUB else self.registry}/v2/{self.path}"


def parse(reference: str) -> Name:
    """The parts of an image's name as a manifest says it."""
    registry = registry_of(reference)
    rest, _, digest = reference.partition("@")
    host, slash, path = rest.partition("/")
    if not slash or registry_of(f"{host}/x") != registry or host == reference:
        path = rest
    path, colon, tag = path.rpartition(":")
    if not colon:
        path, tag = tag, "latest"
    if registry == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    return Name(registry, path, digest or tag)


def answers(registry: str) -> bool:
    """Whether a registry answers at all, if only that it wants to know who asks."""
    host = _HUB_HOST if registry == DOCKER_HUB else registry
    try:
        with urllib.request.urlopen(f"https://{host}/v2/", timeout=ANSWER_SECONDS):
            return True
    except urllib.error.HTTPError as error:
        return error.code in {401, 403}
    except (OSError, HTTPException):
        return False


def pull(reference: str, report: Say) -> OciImage:
    """An image out of the cache, or from its registry.

    Args:
        reference: its name.
        report: where signs of life go.

    Raises:
        MissingToolError: when the registry refuses, or what it sends does not match its checksum.
    """
    place = cache_directory() / f"image-pulled-{hashlib.sha256(reference.encode()).hexdigest()[:_DIGITS]}"
    try:
        if not place.is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=place.parent) as scratch, step(f"pulling {reference}", report):
                made = Path(scratch) / "made"
                made.mkdir()
                _Pull(parse(reference), made).run()
                made.rename(place)
        return _read(reference, place)
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise MissingToolError(f"{reference} can't be pulled: {error}") from error


def _read(reference: str, place: Path) -> OciImage:
    manifest, config = json.loads((place / "manifest").read_text()), (place / "config").read_bytes()
    contents = json.loads(config)["rootfs"]["diff_ids"]
    layers = [
        Layer(place / _hex(each["digest"]), _hex(each["digest"]), _hex(content), each["mediaType"])
        for each, content in zip(manifest["layers"], contents, strict=True)
    ]
    return OciImage(reference, config, tuple(layers), manifest["config"]["mediaType"], manifest["mediaType"])


class _Pull:
    """One image on its way.

    Args:
        name: what is pulled.
        place: where it goes.
    """

    def __init__(self, name: Name, place: Path) -> None:
        self._name, self._place = name, place
        self._token = ""

    def run(self) -> None:
        """Fetch manifest, config and layers."""
        manifest = self._manifest(self._name.version)
        if "manifests" in manifest:
            manifest = self._manifest(_of_this_machine(manifest["manifests"]))
        (self._place / "manifest").write_text(json.dumps(manifest))
        self._blob(manifest["config"]["digest"], "config")
        for layer in manifest["layers"]:
            self._blob(layer["digest"], _hex(layer["digest"]))

    def _manifest(self, version: str) -> dict[str, Any]:
        with self._get(f"manifests/{version}") as answer:
            content = answer.read()
            kind = answer.headers.get("Content-Type", "")
        if version.startswith("sha256:"):
            _verify(version, hashlib.sha256(content).hexdigest())
        return {"mediaType": kind, **json.loads(content)}

    def _blob(self, digest: str, file: str) -> None:
        found = hashlib.sha256()
        with self._get(f"blobs/{digest}") as answer, (self._place / file).open("wb") as target:
            while block := answer.read(_BLOCK):
                found.update(block)
                target.write(block)
        _verify(digest, found.hexdigest())

    def _get(self, path: str) -> Any:
        try:
            return self._ask(path)
        except urllib.error.HTTPError as error:
            if error.code != 401:
                raise
            self._token = _token(error.headers.get("WWW-Authenticate", ""))
            return self._ask(path)

    def _ask(self, path: str) -> Any:
        request = urllib.request.Request(f"{self._name.address}/{path}", headers={"Accept": ", ".join(_MANIFESTS)})
        if self._token:
            # Not sent on to the store that a registry redirects to.
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        return urllib.request.urlopen(request, timeout=_READ_SECONDS)


def _token(challenge: str) -> str:
    values = dict(_CHALLENGE.findall(challenge))
    question = urllib.parse.urlencode({key: values[key] for key in ("service", "scope") if key in values})
    with urllib.request.urlopen(f"{values['realm']}?{question}", timeout=_READ_SECONDS) as answer:
        tokens = json.loads(answer.read())
    return tokens.get("token") or tokens["access_token"]


def _of_this_machine(manifests: list[dict[str, Any]]) -> str:
    _, architecture = this_platform()
    for each in manifests:
        platform = each.get("platform", {})
        if (platform.get("os"), platform.get("architecture")) == ("linux", architecture):
            return each["digest"]
    raise ValueError(f"it has none for {architecture}")


def _verify(expected: str, found: str) -> None:
    if expected != f"sha256:{found}":
        raise ValueError(f"{expected} is what it should be, and sha256:{found} is what came")


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")
