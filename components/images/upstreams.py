"""The registries that images are published in, and which of them Amazon ECR can keep a cache of.

Source: Amazon ECR user guide, "Sync an upstream registry with an Amazon ECR private registry".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from components.images.image import Image

CredentialRegistry = Literal["docker.io", "ghcr.io"]


@dataclass(frozen=True)
class Upstream:
    """A registry that a pull-through cache rule can name.

    Args:
        host: as images name it, which is also the prefix of what is cached.
        url: as the rule names it.
        asks_for_credential: whether the rule needs a secret with a user name and a token.
    """

    host: str
    url: str
    asks_for_credential: bool = False


UPSTREAMS = {
    each.host: each
    for each in (
        Upstream("public.ecr.aws", "public.ecr.aws"),
        Upstream("quay.io", "quay.io"),
        Upstream("registry.k8s.io", "registry.k8s.io"),
        Upstream("ghcr.io", "ghcr.io", asks_for_credential=True),
        Upstream("docker.io", "registry-1.docker.io", asks_for_credential=True),
    )
}


def cached_upstreams(images: Iterable[Image], credentials: Collection[str]) -> list[Upstream]:
    """The registries of some images that get a cache, by name.

    Args:
        images: as the table has them.
        credentials: hosts whose secret is given.
    """
    hosts = {each.upstream for each in images}
    return [
        each
        for host, each in sorted(UPSTREAMS.items())
        if host in hosts and (not each.asks_for_credential or host in credentials)
    ]
