"""Workflows are valid and give nothing away, by the programs that know: actionlint and zizmor."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from local_cluster.programs.buildkit import VERSION
from local_cluster.programs.project import find
from offline.progress import say
from tests.stack_files import ENVIRONMENTS
from tests.workflows.programs import ACTIONLINT

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
IMAGES = GITHUB / "workflows" / "images.yaml"

Check = Callable[[Path], subprocess.CompletedProcess[str]]


def actionlint(directory: Path) -> subprocess.CompletedProcess[str]:
    program = find([ACTIONLINT], say)["actionlint"]
    files = sorted((directory / "workflows").glob("*.yaml"))
    # It would run what else it finds on PATH.
    command = [str(program), "-shellcheck=", "-pyflakes=", *map(str, files)]
    return subprocess.run(command, cwd=directory.parent, capture_output=True, text=True, check=False)


def zizmor(directory: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).parent / "zizmor"),
        "--offline",
        "--no-progress",
        "--persona=auditor",
        str(directory),
    ]
    return subprocess.run(command, cwd=directory.parent, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository of its own with the same workflows."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return Path(shutil.copytree(GITHUB, tmp_path / ".github"))


def change(directory: Path, old: str, new: str) -> None:
    file = directory / "workflows" / "images.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_actionlint_and_zizmor_find_nothing() -> None:
    for check in (actionlint, zizmor):
        done = check(GITHUB)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("check", "old", "new", "said"),
    [
        (actionlint, "needs: [verify, scan]", "needs: [verify, scans]", 'job "build" needs job "scans"'),
        (actionlint, "inputs.target }}", "inputs.targets }}", '"targets" is not defined'),
        (zizmor, "@ed142fd0673e97e23eac54620cfb913e5ce36c25 # v0.36.0", "@v0.36.0", "unpinned-uses"),
        (zizmor, 'take "$IMAGE"', "take ${{ github.head_ref }}", "template-injection"),
        (zizmor, 'take "$IMAGE"', "take ${{ inputs.image }}", "template-injection"),
        (zizmor, "persist-credentials: false", "persist-credentials: true", "artipacked"),
        (zizmor, "  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"),
        (zizmor, "permissions: {}", "permissions: write-all", "excessive-permissions"),
        (zizmor, " # pushes the branch of the next images", "", "undocumented-permissions"),
    ],
)
def test_a_planted_mistake_is_found(copy: Path, check: Check, old: str, new: str, said: str) -> None:
    change(copy, old, new)
    done = check(copy)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr


def test_images_are_built_by_the_buildkit_that_tests_run() -> None:
    reference, _, digest = yaml.safe_load(IMAGES.read_text())["env"]["BUILDKIT"].partition("@")
    assert reference == f"moby/buildkit:v{VERSION}"
    assert re.fullmatch(r"(sha256:[0-9a-f]{64})?", digest)


def test_only_jobs_that_push_take_or_sign_may_ask_for_a_token() -> None:
    asking: dict[str, dict[str, Any]] = {}
    for path in (GITHUB / "workflows").iterdir():
        for name, job in yaml.safe_load(path.read_text())["jobs"].items():
            if "id-token" in job["permissions"]:
                asking[f"{path.stem} {name}"] = job
    previews = {"preview preview", "drift drift", "deploy-stack preview"}
    deployments = {f"deploy {stack}" for stack in ENVIRONMENTS}
    images = {f"images {job}" for job in ("build", "release", "take", "put")}
    assert set(asking) == {*previews, *deployments, *images, "deploy-stack deploy", "release publish", "site publish"}
    # An environment's protection rules decide who may start them, and its role trusts no other.
    in_environments = {name for name, job in asking.items() if "environment" in job}
    assert in_environments == {*images, "deploy-stack deploy", "release publish", "site publish"}
    assert all(asking[each]["uses"] == "./.github/workflows/deploy-stack.yaml" for each in deployments)


def test_nothing_runs_as_a_role_for_forks_or_before_somebody_said_that_there_is_one() -> None:
    def condition(workflow: str, job: str) -> str:
        return yaml.safe_load((GITHUB / "workflows" / f"{workflow}.yaml").read_text())["jobs"][job]["if"]

    assert condition("preview", "preview") == (
        "vars.MOKA_PREVIEWS == 'on' && !github.event.pull_request.head.repo.fork"
    )
    assert condition("drift", "drift") == "vars.MOKA_PREVIEWS == 'on'"
    assert condition("deploy", "test") == "vars.MOKA_DEPLOYMENTS == 'on'"
    assert condition("site", "build") == "vars.MOKA_SITE == 'on'"


def test_environments_are_deployed_one_after_the_other() -> None:
    jobs = yaml.safe_load((GITHUB / "workflows" / "deploy.yaml").read_text())["jobs"]
    assert [(name, job.get("needs"), job["with"]["stack"]) for name, job in jobs.items()] == [
        (stack, before, stack) for stack, before in zip(ENVIRONMENTS, (None, *ENVIRONMENTS), strict=False)
    ]


@pytest.mark.parametrize("workflow", ["release", "site"])
def test_what_publishes_runs_nothing_of_the_repository(workflow: str) -> None:
    steps = yaml.safe_load((GITHUB / "workflows" / f"{workflow}.yaml").read_text())["jobs"]["publish"]["steps"]
    assert not [step for step in steps if "checkout" in step.get("uses", "") or "cache" in step.get("uses", "")]
    assert not [step for step in steps if re.search(r"\b(make|python|pip)\b", step.get("run", ""))]


def test_pulumi_runs_in_the_version_that_tests_run() -> None:
    used = [
        step.get("with", {}).get("pulumi-version")
        for path in (GITHUB / "workflows").iterdir()
        for job in yaml.safe_load(path.read_text())["jobs"].values()
        for step in job.get("steps", ())
        if step.get("uses", "").startswith("pulumi/actions@")
    ]
    assert used
    assert set(used) == {"${{ steps.stack.outputs.pulumi_version }}"}
