"""The table of images gets the digests that registries say, and nothing else in it changes."""

import ast
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from components.images.image import Image
from components.images.table import IMAGES, PROMETHEUS
from moka_images import cli
from moka_images.crane import MissingImageError
from moka_images.pin import PinError, at_its_publisher, digest_of, pinned, published
from moka_images.refresh import TABLE
from moka_logs.exit_codes import FOUND, NONE
from tests.moka_images.registry import Registry
from tests.workflows.dry_run.checkout import Checkout

DIGESTS = {name: f"sha256:{hashlib.sha256(name.encode()).hexdigest()}" for name in published()}


def images_of(text: str) -> dict[str, Image]:
    """Images that a table holds, by their constants."""
    values: dict[str, object] = {}
    exec(compile(ast.parse(text), "table", "exec"), values)
    return {name: value for name, value in values.items() if isinstance(value, Image)}


def test_every_image_that_others_publish_is_named_by_its_digest_and_keeps_its_version() -> None:
    before = images_of(TABLE.read_text())
    after = images_of(pinned(TABLE.read_text(), DIGESTS))
    assert {name: image.digest for name, image in after.items() if image.upstream} == DIGESTS
    assert [(each.repository, each.tag) for each in after.values()] == [
        (each.repository, each.tag) for each in before.values()
    ]
    assert {each for each in IMAGES if each.upstream} == set(published().values())


def test_comments_and_everything_else_stay(tmp_path: Path) -> None:
    text = pinned(TABLE.read_text(), DIGESTS)
    comments = [line for line in TABLE.read_text().splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == comments
    assert pinned(text, DIGESTS) == text
    (tmp_path / "table.py").write_text(text)
    command = [sys.executable, "-m", "ruff", "format", "--check", "--config", str(TABLE.parents[2] / "pyproject.toml")]
    subprocess.run([*command, str(tmp_path / "table.py")], check=True)


def test_an_image_that_the_table_lacks_is_named() -> None:
    with pytest.raises(PinError, match="the table has no image MINIO"):
        pinned(TABLE.read_text(), {"MINIO": "sha256:0"})


def test_a_moved_tag_is_not_taken_over_unless_it_is_asked_for(registry: Registry) -> None:
    reference = registry.push("pins/moved:1", content="first")
    image = Image(f"{registry.address}/pins/moved", "1")
    named = Image(image.repository, image.tag, digest_of(registry.crane, image, reference))
    assert digest_of(registry.crane, named, reference) == named.digest
    registry.push("pins/moved:1", content="second")
    with pytest.raises(PinError, match=f"not {named.digest}: its tag was moved"):
        digest_of(registry.crane, named, reference)
    assert digest_of(registry.crane, named, reference, anew=True) != named.digest


def test_the_digest_is_that_of_an_index_of_every_architecture_that_the_table_says(registry: Registry) -> None:
    reference = registry.push("pins/single:1", ("amd64",))
    with pytest.raises(PinError, match="is no index of architectures"):
        digest_of(registry.crane, Image(f"{registry.address}/pins/single", "1"), reference)
    with pytest.raises(MissingImageError):
        digest_of(registry.crane, PROMETHEUS, f"{registry.address}/pins/none:1")


def test_the_publisher_is_asked_for_the_tag_alone() -> None:
    image = Image("quay.io/prometheus/prometheus", "v3", "sha256:1")
    assert at_its_publisher(image) == "quay.io/prometheus/prometheus:v3"


def test_the_command_writes_what_it_found_and_says_what_it_did_not(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.py"
    table.write_text(TABLE.read_text())
    monkeypatch.setattr(cli, "TABLE", table)
    monkeypatch.setattr(cli, "at_its_publisher", lambda image: f"{registry.address}/pinned/{at_its_publisher(image)}")
    for image in published().values():
        if image != PROMETHEUS:
            registry.push(f"pinned/{at_its_publisher(image)}", content=image.reference)
    assert cli.main(["pin"]) == NONE
    assert f"{at_its_publisher(PROMETHEUS)} could not be named: " in capsys.readouterr().out
    found = {name: image.digest for name, image in images_of(table.read_text()).items() if image.upstream}
    assert {name for name, digest in found.items() if digest is None} == {"PROMETHEUS"}
    assert len(set(found.values())) == len(found)
    registry.push(f"pinned/{at_its_publisher(PROMETHEUS)}", content="prometheus")
    assert cli.main(["pin"]) == FOUND
    assert None not in {image.digest for image in images_of(table.read_text()).values() if image.upstream}


def test_with_digests_everything_that_a_stack_starts_is_pulled_by_them(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    table = checkout.root / TABLE.relative_to(TABLE.parents[2])
    table.write_text(pinned(table.read_text(), DIGESTS))
    command = [sys.executable, "-m", "offline", "images", "production"]
    done = subprocess.run(command, cwd=checkout.root, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    references = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    others = [each for each in references if "/moka/" not in each]
    # Every one by a digest, and by that of its own version.
    by_reference = {f"{at_its_publisher(image)}@{DIGESTS[name]}" for name, image in published().items()}
    assert {each.partition("/")[2] for each in others} <= by_reference
    assert f"{at_its_publisher(PROMETHEUS)}@{DIGESTS['PROMETHEUS']}" in {each.partition("/")[2] for each in others}
