"""References of images: registry, repository, and the place that nodes pull them from."""

import pytest

from components.images.image import Image, registry_of, repository_of

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("reference", "registry", "repository"),
    [
        ("spark:4", "docker.io", "spark"),
        ("apache/spark:4", "docker.io", "apache/spark"),
        ("index.docker.io/apache/spark", "docker.io", "index.docker.io/apache/spark"),
        ("localhost/spark", "localhost", "localhost/spark"),
        ("registry.example:5000/team/spark:4", "registry.example:5000", "registry.example:5000/team/spark"),
        (f"quay.io/a/b:v1@{DIGEST}", "quay.io", "quay.io/a/b"),
    ],
)
def test_a_reference_has_a_registry_and_a_repository(reference: str, registry: str, repository: str) -> None:
    assert registry_of(reference) == registry
    assert repository_of(reference) == repository


def test_a_digest_follows_the_tag_where_it_is_known() -> None:
    assert Image("quay.io/a/b", "v1").reference == "quay.io/a/b:v1"
    assert Image("quay.io/a/b", "v1", DIGEST).reference == f"quay.io/a/b:v1@{DIGEST}"


def test_an_image_keeps_its_name_and_digest_below_a_place() -> None:
    moved = Image("quay.io/a/b", "v1", DIGEST).below("registry.example/moka")
    assert moved.reference == f"registry.example/moka/quay.io/a/b:v1@{DIGEST}"


def test_an_image_of_the_projects_own_has_no_upstream() -> None:
    assert Image("moka/spark", "4.1.2-1").upstream is None
    assert Image("quay.io/a/b", "v1").upstream == "quay.io"
