"""What each piece of shell is run with, and what has to come of it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from components.images.table import FLUENT_BIT, HISTORY_SERVER, SPARK
from components.release import RELEASE
from moka_images.bake import definition
from moka_logs.place import account_of, stack_settings
from offline.progress import silent
from offline.pulumi_cli import find_pulumi
from tests.workflows.dry_run.checkout import Answer, Checkout

_DIGEST = f"sha256:{'1' * 64}"
_REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
_REPOSITORY = {"GITHUB_REPOSITORY": "example/moka", "GH_TOKEN": "a token"}
_BUILDKIT = {"BUILDKIT": "moby/buildkit:v0", "PLATFORM": "linux/amd64"}
_SUDO: Answer = ("sudo (mkdir /image|tar --extract --directory /image)", "", 0)
_PROGRAMS: Answer = ("python -m tests.images.programs cosign( crane)?", "", 0)
_TARGETS: tuple[Answer, ...] = (
    ("docker buildx create --use --driver-opt image=.+", "", 0),
    (
        "docker buildx bake .+ --print",
        '{"group": {"default": {"targets": ["spark", "spark-history-server"]}}}',
        0,
    ),
    ("docker buildx bake .+", "", 0),
)


@dataclass(frozen=True)
class Case:
    """One way of running a step.

    Args:
        variables: what the pipeline sets.
        answers: of stand-ins.
        before: what earlier steps have left.
        makes: whether `make` does what it is asked, or only says what it would do.
        code: with which it ends.
        calls: patterns, one for each call of a stand-in that matters, in their order.
        left: patterns of what is found in outputs, variables, summary and what was printed, together.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    before: Callable[[Checkout], object] = lambda _: None
    makes: bool = True
    code: int = 0
    calls: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def _file(name: str, text: str) -> Callable[[Checkout], object]:
    def write(checkout: Checkout) -> None:
        (checkout.root / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout.root / name).write_text(text)

    return write


def _tagged(checkout: Checkout) -> None:
    checkout.git("tag", "--force", f"v{RELEASE}")


def _released(checkout: Checkout) -> None:
    command = [sys.executable, "-m", "releases", "release", RELEASE]
    subprocess.run(command, cwd=checkout.root, check=True, capture_output=True)
    checkout.commit("A release")
    _tagged(checkout)


def _of_real_pulumi(checkout: Checkout) -> dict[str, str]:
    """An empty backend for the real CLI, which finds no stack there, but reads the command first."""
    backend = checkout.root / "build" / "backend"
    backend.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.pathsep.join([str(find_pulumi(silent) / "bin"), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{backend}",
        "PULUMI_CONFIG_PASSPHRASE": "none",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "STACK": "dev",
    }


def _digests(checkout: Checkout) -> None:
    _file("cosign.txt", str(checkout.stand_in("cosign")))(checkout)
    _file("programs.txt", f"{checkout.stand_in('crane')}\n{checkout.stand_in('cosign')}\n")(checkout)
    for image in ("spark", "spark-history-server"):
        for architecture in ("amd64", "arm64"):
            _file(f"digests/{image}-{architecture}", _DIGEST)(checkout)


def _built(*images: str) -> Callable[[Checkout], object]:
    """What building them one after the other leaves, the digest of each among it."""

    def write(checkout: Checkout) -> None:
        metadata = {image: {"containerimage.digest": _DIGEST} for image in images}
        _file("metadata.json", json.dumps(metadata))(checkout)
        _file("tags.json", json.dumps(definition(_OWN)))(checkout)

    return write


def _archived(checkout: Checkout) -> None:
    archive = checkout.root / "archive"
    archive.mkdir()
    (archive / "moka.tar.gz").write_text("sources")
    _file("notes/notes.md", "what changes")(checkout)
    _file("notes/upgrade-notes.md", "how to follow")(checkout)
    _file("bundle", "who made it")(checkout)


_ROLE = {
    "ROLE": "arn:aws:iam::123456789012:role/moka-preview",
    "AWS_REGION": "us-east-1",
    "DURATION": "3600",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.invalid/?api-version=2",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "a token",
    "GITHUB_RUN_ID": "7",
}
_TOKENS: tuple[Answer, ...] = (
    (r"curl .+ https://token\.invalid/\?api-version=2&audience=sts\.amazonaws\.com", '{"value": "identity"}', 0),
    (r"aws sts assume-role-with-web-identity .+", "KEY\tSECRET\tSESSION\n", 0),
    (r"aws ecr get-login-password", "password", 0),
    (r"docker login --username AWS --password-stdin \S+", "", 0),
)
_ASSUMED = r"aws sts .*--role-session-name moka-7 --duration-seconds 3600 --web-identity-token identity .+"
# Where the test environment has them, by its stack file.
_OWN = account_of("test", stack_settings("test")).images
_RELEASED = f"{_OWN}/{SPARK.reference}"
_TAGGED: tuple[Answer, ...] = (
    (r"docker buildx imagetools inspect --raw \S+", "", 1),
    (r"docker buildx imagetools create (--dry-run )?.+", "{}", 0),
    (r"docker buildx imagetools inspect \S+ --format .+", f'"{_DIGEST}"\n', 0),
    (r"cosign sign --yes \S+", "", 0),
)

CASES: dict[str, tuple[Case, ...]] = {
    "diff diff 1": (
        Case(
            {"BASE": "HEAD", "DESCRIPTION": "It changes nothing."},
            left=("production: no file that decides it differs", r"\| production \|"),
        ),
        Case({"BASE": "no-such-branch", "DESCRIPTION": ""}, code=1, left=("no-such-branch names no commit",)),
    ),
    "diff post 1": (
        Case(
            {**_REPOSITORY, "NUMBER": "7"},
            ((r"gh pr comment .+", "", 0),),
            _file("diff.md", "| dev | 1 update |"),
            calls=(r"gh pr comment 7 --repo example/moka --edit-last --create-if-none --body-file comment\.md",),
        ),
    ),
    "drift drift 1": (Case(code=6, left=("no stack named 'dev' found",)),),
    "drift drift 2": (
        Case(
            {**_REPOSITORY, "STACK": "dev", "OUTCOME": "failure", "RUN": "the run"},
            (("gh issue list .+", "", 0), ("gh issue create .+", "", 0)),
            _file("preview.txt", "~ update"),
            calls=("gh issue list .+", "gh issue create .+"),
        ),
    ),
    "images verify 1": (Case(makes=False, left=(r"pytest -m images tests/images",)),),
    "images scan 1": (
        Case(
            {**_BUILDKIT, "IMAGE": "spark-history-server"},
            _TARGETS,
            calls=("docker buildx create .+", "docker buildx bake .+ --print", "docker buildx bake .+-server .+"),
            left=("archive=image.tar",),
        ),
        # Its client has no checksum yet.
        Case({**_BUILDKIT, "IMAGE": "spark-celeborn"}, _TARGETS[:2]),
    ),
    "images build 1": (Case(calls=("python -m moka_images bake test",)),),
    "images build 2": (
        Case(
            _BUILDKIT,
            _TARGETS,
            _built("spark"),
            # The next image has no digest in the same file.
            code=1,
            calls=("docker buildx create .+", "docker buildx bake .+ --print", "docker buildx bake .+ spark .+"),
        ),
        Case(
            _BUILDKIT,
            _TARGETS,
            _built("spark", "spark-history-server"),
            calls=(
                rf"docker buildx bake .+ spark .+ --set \*\.tags={_OWN}/moka/spark --set .+",
                rf"docker buildx bake .+ spark-history-server .+ --set \*\.tags={_OWN}/moka/spark-history-server .+",
            ),
        ),
    ),
    "images release 1": (Case(answers=(_PROGRAMS,), calls=("python -m tests.images.programs cosign",)),),
    "images release 2": (
        Case(
            answers=_TAGGED,
            before=_digests,
            calls=(
                rf"docker buildx imagetools create --tag {_RELEASED} \S+/moka/spark@{_DIGEST} \S+@{_DIGEST}",
                rf"cosign sign --yes {_OWN}/moka/spark@{_DIGEST}",
                rf"docker buildx imagetools create --tag \S+/{HISTORY_SERVER.reference} .+",
                rf"cosign sign --yes {_OWN}/moka/spark-history-server@{_DIGEST}",
            ),
            left=(rf"{_RELEASED}@{_DIGEST}",),
        ),
        # Another image has the tag.
        Case(
            answers=(
                (r"docker buildx imagetools create --dry-run .+", '{"manifests": [1]}', 0),
                (r"docker buildx imagetools inspect --raw \S+", '{"manifests": [2]}', 0),
            ),
            before=_digests,
            left=(f"{SPARK.reference} is released",),
        ),
        # An earlier attempt got as far as the tag.
        Case(
            answers=(
                (r"docker buildx imagetools create --dry-run .+", '{"manifests": [1], "schemaVersion": 2}', 0),
                (r"docker buildx imagetools inspect --raw \S+", '{"schemaVersion": 2, "manifests": [1]}', 0),
                *_TAGGED[2:],
            ),
            before=_digests,
            calls=(rf"cosign sign --yes {_OWN}/moka/spark@{_DIGEST}",),
        ),
    ),
    "images take 1": (Case(answers=(_PROGRAMS,), calls=("python -m tests.images.programs cosign crane",)),),
    "images take 2": (
        Case(
            {"IMAGE": "spark", "SOURCE": "test", "SIGNER": "https://github.com/example/moka"},
            (("python -m moka_images take .+", f"{_RELEASED}@{_DIGEST}\n", 0), ("cosign verify .+", "", 0)),
            _digests,
            calls=(
                "python -m moka_images take spark test image",
                rf"cosign verify {_RELEASED}@{_DIGEST} --certificate-identity https://github\.com/example/moka .+",
            ),
        ),
    ),
    "images put 1": (Case(answers=(_PROGRAMS,), calls=("python -m tests.images.programs cosign crane",)),),
    "images put 2": (
        Case(
            {"IMAGE": "spark", "TARGET": "dev"},
            (("python -m moka_images put .+", f"{_RELEASED}@{_DIGEST}\n", 0), ("cosign sign .+", "", 0)),
            _digests,
            calls=("python -m moka_images put spark dev image", rf"cosign sign --yes {_RELEASED}@{_DIGEST}"),
            left=(rf"{_RELEASED}@{_DIGEST}",),
        ),
    ),
    "images refresh 1": (
        Case(
            {"FOUND": "--fixes"},
            (("python -m moka_images (refresh --fixes|pin)", "", 0),),
            calls=("python -m moka_images refresh --fixes", "python -m moka_images pin"),
        ),
        Case(
            {"FOUND": ""}, (("python -m moka_images (refresh|pin)", "", 0),), calls=("python -m moka_images refresh",)
        ),
        # An upstream tag was moved.
        Case(
            {"FOUND": ""},
            (("python -m moka_images refresh", "", 0), ("python -m moka_images pin", "", 1)),
            code=1,
        ),
    ),
    "images refresh 2": (
        Case(_REPOSITORY, left=()),
        Case(
            _REPOSITORY,
            (("gh pr list .+", "1\n", 0),),
            _file("README.md", "another base"),
            calls=("gh pr list --head images-next --json number --jq length",),
        ),
        Case(
            _REPOSITORY,
            (("gh pr list .+", "0\n", 0), ("gh (auth setup-git|pr create --fill)", "", 0)),
            lambda checkout: (
                _file("README.md", "another base")(checkout),
                checkout.git("init", "--quiet", "--bare", "build/origin"),
                checkout.git("remote", "add", "origin", "build/origin"),
            ),
            calls=("gh pr list .+", "gh auth setup-git", "gh pr create --fill"),
            left=(r"\[new branch\] +HEAD -> images-next",),
        ),
    ),
    "logging lines 1": (
        Case(answers=(("apt-get (update|install --yes .+)", "", 0),), calls=("apt-get update", "apt-get install .+")),
    ),
    "logging lines 2": (
        Case(
            {"PLATFORM": "linux/arm64"},
            (_SUDO, ("docker create .+", "container\n", 0), ("docker (export|image inspect) .+", "", 0)),
            calls=(
                rf"docker create --platform linux/arm64 {FLUENT_BIT.reference}",
                "docker export container",
                "docker image inspect .+",
            ),
        ),
    ),
    "logging lines 3": (Case(makes=False, left=(r"-m tests\.logging /fluent-bit/bin/fluent-bit --root /image",)),),
    "pull-request check 1": (
        Case(makes=False, left=("ruff check", r"-m pytest", "-m pytest -m verify ", "-m pytest -m cluster ")),
    ),
    "pull-request check 2": (
        Case(answers=(("sudo chown --recursive runner .+/.cache/moka", "", 0),), calls=("sudo chown .+",)),
    ),
    "pull-request drill 1": (Case(makes=False, left=("-m pytest -m drill ",)),),
    "pull-request changelog 1": (Case({"BASE": "HEAD"}),),
    "release archive 1": (
        Case(
            {**_REPOSITORY, "GITHUB_REF_NAME": f"v{RELEASE}"},
            (("gh run list .+", "1\n", 0),),
            calls=(
                r"gh run list --repo example/moka --workflow pull-request\.yaml --event push --commit [0-9a-f]{40} .+",
            ),
        ),
        Case(
            {**_REPOSITORY, "GITHUB_REF_NAME": f"v{RELEASE}"},
            (("gh run list .+", "0\n", 0),),
            code=1,
            left=("::error::.*whose checks on main did not pass",),
        ),
        Case(
            {**_REPOSITORY, "GITHUB_REF_NAME": f"v{RELEASE}"},
            before=lambda checkout: checkout.git("commit", "--quiet", "--allow-empty", "--message", "Beside main"),
            code=1,
            left=("::error::.*which main does not hold",),
        ),
    ),
    "release archive 2": (
        Case({"GITHUB_REF_NAME": f"v{RELEASE}"}, before=_tagged, left=(rf"moka-{RELEASE}\.tar\.gz",)),
    ),
    "release notes 1": (
        Case({"GITHUB_REF_NAME": f"v{RELEASE}"}, before=_tagged, code=1, left=("make release VERSION=",)),
        Case({"GITHUB_REF_NAME": f"v{RELEASE}"}, before=_released),
    ),
    "release publish 1": (
        Case(
            before=lambda checkout: (
                _file("sources", "sources")(checkout),
                _file("SHA256SUMS", "0" * 64 + "  sources\n")(checkout),
            ),
            code=1,
            left=("sources: FAILED",),
        ),
    ),
    "release publish 2": (
        Case(
            {**_REPOSITORY, "GITHUB_REF_NAME": f"v{RELEASE}", "BUNDLE": "bundle"},
            (("gh release create .+", "", 0),),
            _archived,
            calls=(
                rf"gh release create v{RELEASE} archive/moka-{RELEASE}\.sigstore\.json archive/moka\.tar\.gz"
                r" notes/upgrade-notes\.md .*--notes-file notes/notes\.md",
            ),
        ),
    ),
    "site build 1": (
        Case({"SITE_URL": "https://example.github.io/moka/"}, makes=False, left=(r"-m tools\.site build",)),
    ),
    "aws-role runs 1": (
        Case({**_ROLE, "REGISTRY": ""}, _TOKENS, calls=("curl .+", _ASSUMED), left=("AWS_SESSION_TOKEN=SESSION",)),
        Case(
            {**_ROLE, "REGISTRY": _REGISTRY},
            _TOKENS,
            calls=("curl .+", _ASSUMED, rf"docker login .+ {_REGISTRY}"),
            left=("::add-mask::SECRET", "::add-mask::SESSION"),
        ),
        Case(
            {**_ROLE, "REGISTRY": ""},
            ((r"curl .+", "{}", 0),),
            code=1,
        ),
    ),
    "pulumi-stack runs 1": (Case({"PIP_DRY_RUN": "1"}),),
    "pulumi-stack runs 2": (
        Case(
            {"STACK": "dev"},
            left=(r"backend_url=s3://moka-state-\d+-us-east-1", "preview_role=arn:aws:iam::", "pulumi_version=3"),
        ),
    ),
    "gitlab check": (Case(makes=False, left=("ruff check", r"-m pytest", "-m pytest -m verify ")),),
    "gitlab cluster": (Case(makes=False, left=("-m pytest -m cluster ",)),),
    "gitlab diff": (
        Case(
            {"DESCRIPTION": "It changes nothing.", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD"},
            left=("production: no file that decides it differs",),
        ),
    ),
}


def variables_of(key: str, case: Case, checkout: Checkout) -> Mapping[str, str]:
    """What a pipeline sets for a step; the real CLI is asked where a step calls it."""
    if key == "drift drift 1":
        return {**_of_real_pulumi(checkout), **case.variables}
    return {**_BUILDKIT, **case.variables} if key.startswith("images ") else case.variables
