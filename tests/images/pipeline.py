"""The jobs of .github/workflows/images.yaml, with this machine's BuildKit as their Docker."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from local_cluster.programs.project import Programs
from tests.images.build import ARCHIVE, BUILDER, Builder
from tests.images.sigstore import Sigstore
from tests.workflows.dry_run.checkout import Checkout, Done
from tests.workflows.dry_run.steps import steps

REPOSITORY, WORKFLOW, BRANCH = "example/moka", ".github/workflows/images.yaml", "refs/heads/main"
_STEPS = {each.key: each for each in steps()}
_BUILDX_VARIABLES = ("BUILDX_CONFIG", "SBOM_GENERATOR")


@dataclass(frozen=True)
class Pipeline:
    """A checkout of the project, whose test environment has its images in a registry of this machine.

    Args:
        checkout: of the project.
        variables: of buildx.
        place: where images are released to: a registry, and a prefix in it.
    """

    checkout: Checkout
    variables: Mapping[str, str]
    place: str

    def run(self, key: str, **variables: str) -> Done:
        """Run a step as the workflow does.

        Args:
            key: of the step.
            variables: what the workflow sets for it.

        Raises:
            AssertionError: when it fails.
        """
        done = self.checkout.run(_STEPS[key], {"BUILDKIT": "moby/buildkit", **self.variables, **variables})
        assert done.code == 0, done.printed[-6000:]
        return done


def pipeline_of(
    place: Path, programs: Programs, builder: Builder, sigstore: Sigstore, *, base: str | None, registry: str
) -> Pipeline:
    """Make one.

    Args:
        place: directory of its own.
        programs: buildx among them.
        builder: whose BuildKit builds.
        sigstore: what signs.
        base: what stands for Debian's image; None for what the Dockerfile names.
        registry: host and port.
    """
    checkout, released = Checkout(place), f"{registry}/released"
    _pull_from(checkout.root / "stacks" / "Pulumi.test.yaml", released)
    if base is not None:
        _begin_from(checkout.root / "images" / "spark" / "Dockerfile", {"DEBIAN": base, **ARCHIVE})
    docker = checkout.programs / "docker"
    # What would make a builder finds this one.
    docker.write_text(f'#!/bin/sh\nshift\ntest "$1" = create && exit 0\nexec {programs["buildx"]} "$@"\n')
    docker.chmod(0o755)
    cosign = checkout.root / "cosign"
    sigstore.as_of_a_job(cosign, sigstore.tokens.token_of(REPOSITORY, WORKFLOW, BRANCH))
    (checkout.root / "cosign.txt").write_text(f"{cosign}\n")
    variables = {name: value for name, value in builder.environment.items() if name in _BUILDX_VARIABLES}
    return Pipeline(checkout, {**variables, "BUILDX_BUILDER": BUILDER}, released)


def _pull_from(settings: Path, place: str) -> None:
    tree = yaml.safe_load(settings.read_text())
    (configured,) = (value for name, value in tree["config"].items() if name.endswith(":settings"))
    configured.setdefault("images", {})["mirror"] = place
    settings.write_text(yaml.safe_dump(tree))


def _begin_from(dockerfile: Path, arguments: Mapping[str, str]) -> None:
    text = dockerfile.read_text()
    for name, value in arguments.items():
        text, times = re.subn(rf"^ARG {name}=.*$", f"ARG {name}={value}", text, flags=re.MULTILINE)
        assert times == 1, f"{name} stands in {dockerfile.name} {times} times"
    dockerfile.write_text(text)
