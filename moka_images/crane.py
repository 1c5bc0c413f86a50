"""Asks registries and copies between them, by crane (google/go-containerregistry).

Leaves out logging in: crane reads the configuration of Docker's client, and `login.py` writes one.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.images.image import repository_of

# Manifests that name one manifest an architecture.
# Source: OCI Image Format Specification, "Image Index"; Docker's registry API, "Image Manifest Version 2, Schema 2".
INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
# What a registry says of a name that it does not have.
_MISSING = ("MANIFEST_UNKNOWN", "NAME_UNKNOWN", "404 Not Found")


class RegistryError(Exception):
    """A registry refused, or can't be reached."""


class MissingImageError(RegistryError):
    """A registry has no such image."""


@dataclass(frozen=True)
class Found:
    """An image in a registry.

    Args:
        digest: of its index, or of its manifest where it has none.
        architectures: that its index names, such as amd64; empty where it is no index.
    """

    digest: str
    architectures: tuple[str, ...]


class Crane:
    """The program.

    Args:
        program: the executable.
        configuration: directory with a `config.json` of Docker's client.
        insecure: talk HTTP to registries that are not on this machine.
    """

    def __init__(self, program: Path, configuration: Path, *, insecure: bool = False) -> None:
        self._command = [str(program), *(["--insecure"] if insecure else [])]
        self._configuration = configuration

    def find(self, reference: str) -> Found:
        """An image by its name.

        Raises:
            MissingImageError: when the registry has none of that name.
            RegistryError: when the registry refuses.
        """
        digest = self._run("digest", reference).strip()
        manifest: Mapping[str, Any] = json.loads(self._run("manifest", f"{repository_of(reference)}@{digest}"))
        return Found(digest, _architectures(manifest))

    def manifest(self, reference: str) -> None:
        """Read an image's manifest, which a pull-through cache fetches then.

        Raises:
            MissingImageError: when there is none of that name, upstream included.
            RegistryError: when the registry refuses.
        """
        self._run("manifest", reference)

    def copy(self, source: str, target: str) -> None:
        """Copy an image with all its architectures.

        Raises:
            RegistryError: when a registry refuses.
        """
        self._run("copy", source, target)

    def pull(self, reference: str, directory: Path) -> None:
        """Put an image with all its architectures into a directory, as an OCI layout.

        Raises:
            RegistryError: when the registry refuses.
        """
        self._run("pull", "--format", "oci", reference, str(directory))

    def push(self, directory: Path, reference: str) -> None:
        """Push the image of a directory that `pull` made.

        Raises:
            RegistryError: when the registry refuses.
        """
        self._run("push", str(directory), reference)

    def tags(self, repository: str) -> list[str]:
        """The tags of a repository.

        Raises:
            RegistryError: when the registry refuses.
        """
        return self._run("ls", repository).split()

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._command, *arguments],
            env=_environment(self._configuration),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout
        said = _last_line(done.stderr)
        error = MissingImageError if any(each in said for each in _MISSING) else RegistryError
        raise error(f"{' '.join(arguments)}: {said}")


def _environment(configuration: Path) -> dict[str, str]:
    return {**os.environ, "DOCKER_CONFIG": str(configuration)}


def _architectures(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    if manifest.get("mediaType") not in INDEXES and "manifests" not in manifest:
        return ()
    platforms: Sequence[Mapping[str, str]] = [each.get("platform") or {} for each in manifest.get("manifests", [])]
    found = {each.get("architecture", "") for each in platforms}
    # Attestations are listed as a platform of their own that no node has.
    return tuple(sorted(found - {"", "unknown"}))


def _last_line(text: str) -> str:
    lines = [each for each in text.strip().splitlines() if each.strip()]
    return lines[-1] if lines else "it says nothing"
