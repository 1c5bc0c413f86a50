"""The workflow's own shell builds, joins and signs the images, with the programs that it calls on GitHub."""

import subprocess

import pytest

from components.images.image import ARCHITECTURES, Image
from components.images.table import HISTORY_SERVER, SPARK
from tests.images.attestations import CONTENTS, PROVENANCE, attested
from tests.images.conftest import Built
from tests.images.pipeline import BRANCH, REPOSITORY, WORKFLOW, Pipeline
from tests.images.sigstore import Sigstore

pytestmark = pytest.mark.images

IDENTITY = f"https://github.com/{REPOSITORY}/{WORKFLOW}@{BRANCH}"


@pytest.fixture(scope="module")
def released(pipeline: Pipeline) -> dict[str, str]:
    """What a merge to main released, by image: built on a machine for each architecture, and joined."""
    for architecture in ARCHITECTURES:
        pipeline.run("images build 1")
        made = pipeline.checkout.root / "digests"
        pipeline.run("images build 2", PLATFORM=f"linux/{architecture}")
        # As one job uploads what the next one downloads.
        made.rename(pipeline.checkout.root / f"digests-{architecture}")
    (pipeline.checkout.root / "digests").mkdir()
    for architecture in ARCHITECTURES:
        for file in (pipeline.checkout.root / f"digests-{architecture}").iterdir():
            file.rename(pipeline.checkout.root / "digests" / file.name)
    done = pipeline.run("images release 2")
    return dict(line.split("@") for line in done.summary.splitlines())


@pytest.mark.parametrize("image", [SPARK, HISTORY_SERVER], ids=lambda image: image.repository)
def test_a_merge_releases_one_index_of_both_architectures_that_the_workflow_signed(
    image: Image,
    built: Built,
    pipeline: Pipeline,
    released: dict[str, str],
    sigstore: Sigstore,
) -> None:
    reference = image.below(pipeline.place).reference
    found = built.registry.crane.find(reference)
    assert (found.digest, found.architectures) == (released[reference], ARCHITECTURES)
    done = sigstore.verify(reference, identity=IDENTITY, issuer=sigstore.tokens.issuer)
    assert done.returncode == 0, done.stderr
    for architecture in ARCHITECTURES:
        assert attested(built.builder.programs, reference, architecture).keys() == {CONTENTS, PROVENANCE}


def test_what_is_released_is_what_the_tests_ran(built: Built, pipeline: Pipeline, released: dict[str, str]) -> None:
    assert set(released) == {each.below(pipeline.place).reference for each in (SPARK, HISTORY_SERVER)}
    for architecture in ARCHITECTURES:
        command = [str(built.builder.programs["crane"]), "config", "--platform", f"linux/{architecture}"]
        ours, theirs = (
            subprocess.run([*command, each], check=True, capture_output=True).stdout
            for each in (built.spark, SPARK.below(pipeline.place).reference)
        )
        assert ours == theirs


def test_an_attempt_that_failed_between_tag_and_signature_is_made_good_by_the_next(
    pipeline: Pipeline, released: dict[str, str]
) -> None:
    again = pipeline.run("images release 2")
    assert dict(line.split("@") for line in again.summary.splitlines()) == released


def test_a_release_never_moves_a_tag(built: Built, pipeline: Pipeline, released: dict[str, str]) -> None:
    digests = pipeline.checkout.root / "digests"
    kept = {each: (digests / f"spark-{each}").read_text() for each in ARCHITECTURES}
    # The same two in another order are another index.
    for each, other in zip(kept, reversed(kept), strict=True):
        (digests / f"spark-{each}").write_text(kept[other])
    try:
        done = pipeline.run("images release 2")
    finally:
        for each, text in kept.items():
            (digests / f"spark-{each}").write_text(text)
    reference = SPARK.below(pipeline.place).reference
    assert f"{reference} is released; a change needs a tag of its own" in done.summary
    assert built.registry.crane.find(reference).digest == released[reference]
