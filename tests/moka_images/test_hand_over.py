"""Images go from environment to environment through a directory, where no job has the rights of both."""

from pathlib import Path

import pytest

from moka_images.crane import MissingImageError
from moka_images.hand_over import put, take, taken_in
from moka_images.promote import PromotionError
from tests.moka_images.registry import Registry


def taken(registry: Registry, name: str, place: Path, stack: str = "test") -> str:
    reference = registry.push(f"{stack}/{name}:1", content=name)
    return take(registry.crane, reference, place / "image", image=name, tag="1", stack=stack)


def test_the_same_bytes_arrive_and_a_second_time_nothing_changes(registry: Registry, tmp_path: Path) -> None:
    reference = taken(registry, "handed", tmp_path)
    target = f"{registry.address}/dev/handed:1"
    arrived = put(registry.crane, tmp_path / "image", "dev", target)
    assert arrived.rpartition("@")[2] == reference.rpartition("@")[2] == registry.crane.find(target).digest
    assert registry.crane.find(target).architectures == ("amd64", "arm64")
    assert put(registry.crane, tmp_path / "image", "dev", target) == arrived


def test_the_directory_says_what_it_holds(registry: Registry, tmp_path: Path) -> None:
    reference = taken(registry, "named", tmp_path)
    found = taken_in(tmp_path / "image")
    assert (found.image, found.tag, found.stack) == ("named", "1", "test")
    assert reference.endswith(f"@{found.digest}")


def test_no_environment_is_skipped(registry: Registry, tmp_path: Path) -> None:
    taken(registry, "skipping", tmp_path)
    target = f"{registry.address}/production/skipping:1"
    with pytest.raises(PromotionError, match="goes to dev, not to production"):
        put(registry.crane, tmp_path / "image", "production", target)
    with pytest.raises(MissingImageError):
        registry.crane.find(target)


def test_a_tag_that_is_another_image_there_is_left_as_it_is(registry: Registry, tmp_path: Path) -> None:
    taken(registry, "other", tmp_path)
    target = registry.push("dev/other:1", content="something else")
    before = registry.crane.find(target).digest
    with pytest.raises(PromotionError, match="one tag names two images"):
        put(registry.crane, tmp_path / "image", "dev", target)
    assert registry.crane.find(target).digest == before


def test_an_image_of_one_architecture_is_not_taken(registry: Registry, tmp_path: Path) -> None:
    reference = registry.push("test/single:1", ("amd64",))
    with pytest.raises(PromotionError, match="is no index of architectures"):
        take(registry.crane, reference, tmp_path / "image", image="single", tag="1", stack="test")
    assert not (tmp_path / "image").exists()


def test_a_directory_that_is_there_is_not_written_over(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "image").mkdir()
    with pytest.raises(PromotionError, match="is there already"):
        taken(registry, "twice", tmp_path)


def test_a_directory_of_something_else_is_named(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(PromotionError, match=f"{tmp_path} holds no image that `take` put there"):
        put(registry.crane, tmp_path, "dev", f"{registry.address}/dev/none:1")
