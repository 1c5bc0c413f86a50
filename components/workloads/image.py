"""A container image by repository, version and digest."""

from dataclasses import dataclass

DOCKER_HUB = "docker.io"
_NAMES_OF_DOCKER_HUB = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io"})


def registry_of(reference: str) -> str:
    """Host of the registry that an image comes from; Docker Hub where the image names none.

    Args:
        reference: the image, with or without tag.

    Source: distribution/reference, normalize.go: the first part is a host when it has a dot or a colon.
    """
    host, slash, _ = reference.partition("/")
    named = slash and ("." in host or ":" in host or host == "localhost")
    return DOCKER_HUB if not named or host in _NAMES_OF_DOCKER_HUB else host


@dataclass(frozen=True)
class Image:
    """A pinned container image that exists for both architectures.

    Args:
        repository: registry host and path, without a tag.
        tag: version tag; never `latest` or `stable`.
        digest: `sha256:...` of the multi-architecture index, or None where it could not be looked up.
    """

    repository: str
    tag: str
    digest: str | None = None

    @property
    def reference(self) -> str:
        """What a pod spec names: repository:tag, and the digest when it is known."""
        return f"{self.repository}:{self.tag}" + (f"@{self.digest}" if self.digest else "")
