"""How images that others publish come into the registry."""

from collections.abc import Callable

import pytest

from components.account import Account
from components.images.image import Image
from components.images.table import HISTORY_SERVER, IMAGES, SPARK, YUNIKORN_SCHEDULER
from moka_images.crane import Crane, Found, MissingImageError
from moka_images.fill import PATIENCE_SECONDS, FillError, fill
from moka_images.wanted import WantedImage, Way, wanted_images
from tests.moka_images.registry import Registry
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
DIGEST = "sha256:" + "a" * 64
WHOLE = Found(DIGEST, ("amd64", "arm64"))


class Cache(Crane):
    """A registry that has an image some time after its manifest was asked for by tag, as Amazon ECR's caches do.

    Args:
        looks: how often it is looked for in vain after that; for ever where it is negative.
        found: what is there then.
    """

    def __init__(self, looks: int, found: Found = WHOLE) -> None:
        self._looks, self._found, self._is_asked = looks, found, False

    def manifest(self, reference: str) -> None:
        assert "@" not in reference, "a cache fetches nothing that is asked for by digest"
        self._is_asked = True

    def find(self, reference: str) -> Found:
        if self._is_asked:
            self._looks -= 1
        if not self._is_asked or self._looks >= 0 or self._looks < -100:
            raise MissingImageError(f"digest {reference}: NAME_UNKNOWN")
        return self._found


def wanted(image: Image, reference: str, way: Way = "copied", digest: str | None = None) -> WantedImage:
    return WantedImage(image, way, reference, digest)


def ticking() -> Callable[[], float]:
    """A clock that goes on by a minute with each look."""
    ticks = iter(range(0, 10_000, 60))
    return lambda: float(next(ticks))


def test_an_image_is_copied_with_all_its_architectures_and_once(registry: Registry) -> None:
    source = registry.push("upstream/a:1")
    image = Image(f"{registry.address}/upstream/a", "1")
    target = wanted(image, f"{registry.address}/own/a:1")
    assert fill(registry.crane, target) == "was copied"
    assert registry.crane.find(target.reference) == registry.crane.find(source)
    assert fill(registry.crane, target) == "is there"


def test_another_image_under_the_same_tag_is_left_and_named(registry: Registry) -> None:
    meant = registry.crane.find(registry.push("upstream/b:1", content="meant"))
    registry.push("own/b:1", content="other")
    image = Image(f"{registry.address}/upstream/b", "1")
    target = wanted(image, f"{registry.address}/own/b:1", digest=meant.digest)
    with pytest.raises(FillError, match="its tag was moved"):
        fill(registry.crane, target)
    assert registry.crane.find(target.reference).digest != meant.digest


def test_an_upstream_image_that_lacks_an_architecture_is_not_copied(registry: Registry) -> None:
    registry.push("upstream/c:1", ("amd64",))
    target = wanted(Image(f"{registry.address}/upstream/c", "1"), f"{registry.address}/own/c:1")
    with pytest.raises(FillError, match="is no index of architectures"):
        fill(registry.crane, target)
    with pytest.raises(MissingImageError):
        registry.crane.find(target.reference)


def test_a_cache_is_asked_by_tag_and_waited_for() -> None:
    pauses: list[float] = []
    image = wanted(Image("quay.io/a/b", "1"), "own/quay.io/a/b:1", "cached", DIGEST)
    assert fill(Cache(looks=3), image, sleep=pauses.append, clock=lambda: 0.0) == "was fetched"
    assert len(pauses) == 3


def test_a_cache_that_brings_nothing_is_named_with_where_to_look() -> None:
    image = wanted(Image("quay.io/a/b", "1"), "own/quay.io/a/b:1", "cached")
    with pytest.raises(FillError, match="validate-pull-through-cache-rule") as refused:
        fill(Cache(looks=10_000), image, sleep=lambda _: None, clock=ticking())
    assert f"{PATIENCE_SECONDS:.0f} s" in str(refused.value)


def test_a_cache_that_brings_another_image_is_named() -> None:
    image = wanted(Image("quay.io/a/b", "1"), "own/quay.io/a/b:1", "cached", "sha256:" + "b" * 64)
    with pytest.raises(FillError, match="its tag was moved"):
        fill(Cache(looks=0), image, sleep=lambda _: None, clock=lambda: 0.0)


def test_every_image_of_the_table_comes_in_one_of_three_ways() -> None:
    found = {each.image: each for each in wanted_images(ACCOUNT, {})}
    assert found.keys() == set(IMAGES)
    assert {each.way for each in found.values()} == {"cached", "copied", "pushed"}
    assert found[YUNIKORN_SCHEDULER].way == "copied"
    assert found[HISTORY_SERVER].way == "pushed"
    assert all(each.reference.startswith(f"{ACCOUNT.registry}/{image.repository}:") for image, each in found.items())


def test_a_credential_makes_a_cache_of_what_would_be_copied() -> None:
    settings = {"images": {"credentials": {"docker.io": "arn"}}}
    found = {each.image: each.way for each in wanted_images(ACCOUNT, settings)}
    assert found[YUNIKORN_SCHEDULER] == "cached"


def test_the_image_that_the_stacks_file_names_must_have_the_digest_that_it_says() -> None:
    named = f"{ACCOUNT.registry}/moka/spark:4.1.2-7"
    settings = {"spark": {"image": f"{named}@{DIGEST}"}}
    (found,) = [each for each in wanted_images(ACCOUNT, settings) if each.image is SPARK]
    assert (found.reference, found.digest, found.way) == (named, DIGEST, "pushed")
