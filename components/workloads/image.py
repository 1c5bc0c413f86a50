"""A container image by repository, version and digest."""

from dataclasses import dataclass


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
