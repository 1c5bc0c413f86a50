"""Which registries get a cache."""

import pytest

from components.images.image import Image
from components.images.upstreams import cached_upstreams

OPEN, ASKING, UNKNOWN, OWN = (Image(f"{each}a/b", "v1") for each in ("quay.io/", "ghcr.io/", "registry.example/", ""))
IMAGES = (OPEN, ASKING, UNKNOWN, OWN)


@pytest.mark.parametrize(
    ("credentials", "cached"),
    [((), ["quay.io"]), (("ghcr.io",), ["ghcr.io", "quay.io"])],
)
def test_a_registry_is_cached_if_it_asks_for_no_account_or_one_is_given(
    credentials: tuple[str, ...], cached: list[str]
) -> None:
    assert [each.host for each in cached_upstreams(IMAGES, credentials)] == cached


def test_no_cache_is_made_of_a_registry_that_nothing_comes_from() -> None:
    assert [each.host for each in cached_upstreams([OPEN], ("ghcr.io", "docker.io"))] == ["quay.io"]
