"""Images go from one environment to the next as they are."""

from itertools import pairwise

import pytest

from moka_images.crane import MissingImageError
from moka_images.promote import ORDER, Promotion, PromotionError, promote, require_order
from tests.moka_images.registry import Registry


def names(registry: Registry, name: str) -> Promotion:
    return Promotion(*(f"{registry.address}/{stack}/{name}:1" for stack in ("test", "dev")))


def test_the_same_bytes_arrive_and_a_second_time_nothing_changes(registry: Registry) -> None:
    promotion = names(registry, "same")
    registry.push("test/same:1", content="first")
    digest = promote(registry.crane, promotion)
    assert registry.crane.find(promotion.target) == registry.crane.find(promotion.source)
    assert promote(registry.crane, promotion) == digest


def test_a_tag_never_names_two_images(registry: Registry) -> None:
    promotion = names(registry, "two")
    registry.push("test/two:1", content="first")
    there = promote(registry.crane, promotion)
    registry.push("test/two:1", content="second")
    with pytest.raises(PromotionError, match="one tag names two images"):
        promote(registry.crane, promotion)
    assert registry.crane.find(promotion.target).digest == there


def test_an_image_of_one_architecture_goes_nowhere(registry: Registry) -> None:
    promotion = names(registry, "half")
    registry.push("test/half:1", ("amd64",))
    with pytest.raises(PromotionError, match="is no index of architectures"):
        promote(registry.crane, promotion)
    with pytest.raises(MissingImageError):
        registry.crane.find(promotion.target)


def test_an_image_that_is_not_there_is_named(registry: Registry) -> None:
    with pytest.raises(MissingImageError, match="test/none:1"):
        promote(registry.crane, names(registry, "none"))


def test_environments_get_it_one_after_the_other() -> None:
    for source, target in pairwise(ORDER):
        require_order(source, target)


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("test", "production", "goes to dev"),
        ("test", "staging", "goes to dev"),
        ("production", "test", "goes nowhere"),
        ("dev", "dev", "goes to staging"),
    ],
)
def test_none_is_skipped_and_nothing_goes_back(source: str, target: str, said: str) -> None:
    with pytest.raises(PromotionError, match=said):
        require_order(source, target)
