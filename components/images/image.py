"""A container image by repository, version and digest."""

from dataclasses import dataclass, replace
from typing import Self

DOCKER_HUB = "docker.io"
# As images and Kubernetes name them: Intel, which AMD is compatible with, and Graviton.
ARCHITECTURES = ("amd64", "arm64")
_NAMES_OF_DOCKER_HUB = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io"})


def registry_of(reference: str) -> str:
    """Host of the registry that an image comes from; Docker Hub where the image names none.

    Args:
        reference: the image, with or without tag.

    Source: distribution/reference, normalize.go: the first part is a host when it has a dot or a colon.
    """
    host = _host_of(reference)
    return DOCKER_HUB if host is None or host in _NAMES_OF_DOCKER_HUB else host


def repository_of(reference: str) -> str:
    """An image's repository: its name without tag and digest."""
    head, slash, tail = reference.partition("@")[0].rpartition("/")
    # A colon before the last slash is a registry's port.
    return f"{head}{slash}{tail.partition(':')[0]}"


def _host_of(reference: str) -> str | None:
    host, slash, _ = reference.partition("/")
    return host if slash and ("." in host or ":" in host or host == "localhost") else None


@dataclass(frozen=True)
class Image:
    """A pinned container image.

    Args:
        repository: registry host and path, without a tag; without a host for an image of the project's own.
        tag: version tag; never `latest` or `stable`.
        digest: `sha256:...` of the multi-architecture index, or None where it could not be looked up.
        architectures: that its index holds.
    """

    repository: str
    tag: str
    digest: str | None = None
    architectures: tuple[str, ...] = ARCHITECTURES

    @property
    def reference(self) -> str:
        """What a pod spec names: repository:tag, and the digest when it is known."""
        return f"{self.repository}:{self.tag}" + (f"@{self.digest}" if self.digest else "")

    @property
    def upstream(self) -> str | None:
        """Host of the registry that publishes it; None for an image of the project's own."""
        return _host_of(self.repository)

    def below(self, place: str) -> Self:
        """The same image below a registry, or a prefix in one, that keeps it under its own name.

        Args:
            place: such as registry.example/moka.
        """
        return replace(self, repository=f"{place}/{self.repository}")
