"""The table of images: pinned, each once, and the only place where a version stands."""

import ast
import re
from pathlib import Path

import pytest

import components
from components.images import table
from components.images.image import ARCHITECTURES, Image
from components.images.table import IMAGES
from components.images.upstreams import UPSTREAMS

NAMES = [each for each in vars(table) if isinstance(getattr(table, each), Image)]


def test_every_image_of_the_module_is_in_the_table() -> None:
    assert sorted(map(id, IMAGES)) == sorted(id(getattr(table, each)) for each in NAMES)


@pytest.mark.parametrize("image", IMAGES, ids=lambda each: each.reference)
def test_an_image_has_a_version_that_does_not_move_and_both_architectures(image: Image) -> None:
    assert re.search(r"\d", image.tag)
    assert image.architectures == ARCHITECTURES


@pytest.mark.parametrize("image", IMAGES, ids=lambda each: each.reference)
def test_a_published_image_names_its_registry_and_one_that_amazon_ecr_can_cache(image: Image) -> None:
    assert image.upstream is None or image.upstream in UPSTREAMS
    # The name of a repository in Amazon ECR.
    assert re.fullmatch(r"[a-z0-9]+([._/-]+[a-z0-9]+)*", image.repository)


def test_no_other_module_makes_an_image_or_names_a_registry() -> None:
    """Else a version would stand in two places, and the table would not be all that nodes pull."""
    root = Path(components.__file__).parent
    allowed = {root / "images" / "table.py", root / "images" / "image.py"}
    hosts = re.compile("|".join(re.escape(each) for each in UPSTREAMS))
    known = {
        # Buckets of registries, charts, and what the settings' documentation says.
        root / "images" / "upstreams.py",
        root / "charts" / "versions.py",
        root / "regions.py",
    }
    for path in sorted(root.rglob("*.py")):
        if path in allowed:
            continue
        tree = ast.parse(path.read_text())
        made = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and ast.unparse(each.func) == "Image"]
        assert not made, path
        documented = {
            id(each.value)
            for each in ast.walk(tree)
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        }
        named = [
            each.value
            for each in ast.walk(tree)
            if isinstance(each, ast.Constant)
            and isinstance(each.value, str)
            and id(each) not in documented
            and hosts.search(each.value)
        ]
        assert path in known or not named, (path, named)
