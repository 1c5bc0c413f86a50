"""What is said of images that a real registry holds, or does not."""

import pytest

from components.images.image import Image
from moka_images.asking import ask, moved
from moka_images.check import check
from moka_images.crane import MissingImageError, RegistryError
from moka_images.wanted import WantedImage
from tests.moka_images.registry import Registry

OTHER = "sha256:" + "0" * 64


def wanted(reference: str, digest: str | None = None, way: str = "copied") -> WantedImage:
    repository, _, tag = reference.rpartition(":")
    return WantedImage(Image(repository, tag), way, reference, digest)  # pyright: ignore[reportArgumentType]


def test_a_whole_image_is_as_it_should_be_and_has_its_digest(registry: Registry) -> None:
    reference = registry.push("check/whole:1")
    checked = check(registry.crane, wanted(reference))
    assert checked.found is not None
    assert (checked.problem, checked.found.architectures) == ("", ("amd64", "arm64"))
    assert check(registry.crane, wanted(reference, checked.found.digest)).problem == ""


def test_a_moved_tag_is_named_with_both_digests(registry: Registry) -> None:
    reference = registry.push("check/moved:1", content="before")
    before = check(registry.crane, wanted(reference)).found
    assert before is not None
    registry.push("check/moved:1", content="after")
    problem = check(registry.crane, wanted(reference, before.digest)).problem
    assert before.digest in problem
    assert "its tag was moved" in problem


def test_an_index_of_one_architecture_is_named(registry: Registry) -> None:
    reference = registry.push("check/half:1", ("amd64", "riscv64"))
    assert check(registry.crane, wanted(reference)).problem.startswith("is not there for arm64")


def test_an_image_that_is_no_index_is_named(registry: Registry) -> None:
    reference = registry.push("check/single:1", ("amd64",))
    assert check(registry.crane, wanted(reference)).problem.startswith("is no index of architectures")


@pytest.mark.parametrize(("way", "remedy"), [("copied", "moka_images fill"), ("pushed", "docs/images.md")])
def test_a_missing_image_is_named_with_what_brings_it(registry: Registry, way: str, remedy: str) -> None:
    registry.push("check/other-tag:1")
    for name in ("check/missing:1", "check/other-tag:2"):
        checked = check(registry.crane, wanted(f"{registry.address}/{name}", way=way))
        assert checked.found is None
        assert remedy in checked.problem


def test_a_registry_that_does_not_answer_is_no_missing_image(registry: Registry) -> None:
    with pytest.raises(RegistryError) as refused:
        # A number in a name is no answer of a registry.
        registry.crane.find("127.0.0.1:1/a/b404:404")
    assert not isinstance(refused.value, MissingImageError)
    assert "127.0.0.1:1" in str(refused.value)


def test_an_image_is_asked_for_where_it_is_or_in_another_registry(registry: Registry) -> None:
    reference = registry.push("check/asked:1")
    there = "222222222222.dkr.ecr.us-east-1.amazonaws.com/check/asked:1"
    assert moved(there, registry.address) == reference
    assert moved(there, "") == there
    both = ("amd64", "arm64")
    digest = registry.crane.find(reference).digest
    assert ask(registry.crane, reference, both) == ""
    assert ask(registry.crane, f"{reference}@{digest}", both) == ""
    assert ask(registry.crane, f"{registry.address}/check/asked@{digest}", both) == ""
    assert "its tag was moved" in ask(registry.crane, f"{reference}@{OTHER}", both)
    assert "is not there for riscv64" in ask(registry.crane, reference, (*both, "riscv64"))
    assert "is not in its registry" in ask(registry.crane, f"{registry.address}/check/nowhere:1", both)
    assert "could not be asked for" in ask(registry.crane, "127.0.0.1:1/a/b:1", both)
