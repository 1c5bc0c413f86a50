"""Images are signed without a key by the workflow that built them, and nobody else's signature passes."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import yaml

from local_cluster.programs.crane import CRANE
from local_cluster.programs.project import find
from offline.progress import say
from tests.images.build import ROOT
from tests.images.pipeline import BRANCH, REPOSITORY, WORKFLOW
from tests.images.sigstore import Sigstore
from tests.moka_images.registry import Registry, serving

pytestmark = pytest.mark.images

GITHUB = {"github.server_url": "https://github.com", "github.repository": REPOSITORY}
_NUMBERS = count()
VERIFIES = "Take what this workflow has signed"


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    """A registry of small images."""
    with serving(find([CRANE], say)["crane"]) as served:
        yield served


@pytest.fixture
def image(registry: Registry) -> str:
    """An image of a test's own, by digest."""
    number = next(_NUMBERS)
    reference = registry.push(f"moka/image-{number}:1", content=str(number))
    return f"{reference.rpartition(':')[0]}@{registry.crane.find(reference).digest}"


def step_that_verifies() -> dict[str, Any]:
    """Of the workflow, before an image is handed on."""
    jobs = yaml.safe_load((ROOT / WORKFLOW).read_text())["jobs"]
    (step,) = [each for job in jobs.values() for each in job["steps"] if each.get("name") == VERIFIES]
    return step


def identity() -> str:
    """Whose signature the workflow asks for."""
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: GITHUB[found[1]], step_that_verifies()["env"]["SIGNER"])


def problem_of(sigstore: Sigstore, reference: str) -> str:
    """What cosign says of an image that the workflow would hand on; empty where it would."""
    done = sigstore.verify(reference, identity=identity(), issuer=sigstore.tokens.issuer)
    return "" if done.returncode == 0 else done.stderr


def test_what_the_workflow_signs_on_its_main_branch_is_what_it_hands_on(sigstore: Sigstore, image: str) -> None:
    done = sigstore.sign(image, sigstore.tokens.token_of(REPOSITORY, WORKFLOW, BRANCH))
    assert done.returncode == 0, done.stderr
    assert problem_of(sigstore, image) == ""


@pytest.mark.parametrize(
    ("repository", "workflow", "reference"),
    [
        (REPOSITORY, WORKFLOW, "refs/heads/feature"),
        (REPOSITORY, WORKFLOW, "refs/pull/7/merge"),
        (REPOSITORY, ".github/workflows/preview.yaml", BRANCH),
        ("somebody/moka", WORKFLOW, BRANCH),
    ],
)
def test_a_signature_of_another_branch_workflow_or_repository_does_not_pass(
    repository: str, workflow: str, reference: str, sigstore: Sigstore, image: str
) -> None:
    done = sigstore.sign(image, sigstore.tokens.token_of(repository, workflow, reference))
    assert done.returncode == 0, done.stderr
    assert f'got "https://github.com/{repository}/{workflow}@{reference}"' in problem_of(sigstore, image)


def test_a_signature_by_another_issuers_word_does_not_pass(sigstore: Sigstore, image: str) -> None:
    assert sigstore.sign(image, sigstore.tokens.token_of(REPOSITORY, WORKFLOW, BRANCH)).returncode == 0
    done = sigstore.verify(image, identity=identity(), issuer="https://token.actions.githubusercontent.com")
    assert f'got "{sigstore.tokens.issuer}"' in done.stderr


def test_a_token_that_somebody_else_signed_gets_no_certificate(sigstore: Sigstore, image: str) -> None:
    header, claims, _ = sigstore.tokens.token_of(REPOSITORY, WORKFLOW, BRANCH).split(".")
    _, _, signature = sigstore.tokens.token_of(REPOSITORY, WORKFLOW, "refs/heads/feature").split(".")
    done = sigstore.sign(image, ".".join((header, claims, signature)))
    assert "There was an error processing the identity token" in done.stderr
    assert "no signatures found" in problem_of(sigstore, image)


def test_an_image_that_nobody_signed_does_not_pass(sigstore: Sigstore, image: str) -> None:
    assert "no signatures found" in problem_of(sigstore, image)


def test_other_bytes_under_the_tag_of_a_signed_image_do_not_pass(sigstore: Sigstore, registry: Registry) -> None:
    reference = registry.push("moka/moved:1", content="first")
    digest = registry.crane.find(reference).digest
    token = sigstore.tokens.token_of(REPOSITORY, WORKFLOW, BRANCH)
    assert sigstore.sign(f"{reference.rpartition(':')[0]}@{digest}", token).returncode == 0
    assert problem_of(sigstore, reference) == ""
    registry.push("moka/moved:1", content="second")
    assert "no signatures found" in problem_of(sigstore, reference)


def test_the_step_asks_for_the_workflow_by_githubs_word() -> None:
    words = " ".join(step_that_verifies()["run"].split())
    assert 'verify "$reference" --certificate-identity "$SIGNER"' in words
    assert "--certificate-oidc-issuer https://token.actions.githubusercontent.com" in words
    assert "--insecure" not in words
