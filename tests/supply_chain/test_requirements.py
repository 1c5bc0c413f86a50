"""Python packages come by checksum, as wheels: whatever installs one, in this repository or by its documentation."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.supply_chain.files import ROOT, files

_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+==\S+(?: ;[^\\]+)?((?: --hash=sha256:[0-9a-f]{64})+)")
_INSTALLS = re.compile(r"\bpip3?[\"',]*\s+[\"']?(?:install|download|wheel)(?=[\"'\s]|$)", re.MULTILINE)
# Of a command, and of what is said around it.
_NEAR = 3
# Neither installs anything that pip has not got by checksum.
_PRE_COMMIT_LANGUAGES = {"system", "unsupported"}


def unhashed(text: str) -> Iterator[str]:
    """Lines of a file of requirements that name more than one thing, or none for sure."""
    joined = text.replace("\\\n", " ")
    for line in (line.partition(" #")[0] for line in joined.splitlines()):
        words = " ".join(line.split())
        if words and not words.startswith("#") and not _REQUIREMENT.fullmatch(words):
            yield f"{words} needs an exact version and a SHA-256: run make lock"


def unchecked(text: str) -> Iterator[str]:
    """Commands of pip that would take a package without its checksum, or build one."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if _INSTALLS.search(line):
            near = "\n".join(lines[max(0, number - _NEAR) : number + _NEAR + 1])
            if "--require-hashes" not in near:
                yield f"line {number + 1}: {line.strip()} needs --require-hashes"
            if not re.search(r"--only-binary|--no-build-isolation", near):
                yield f"line {number + 1}: {line.strip()} needs --only-binary :all:, or what builds has no checksum"


def unpinned_hooks(text: str) -> Iterator[str]:
    """Hooks of pre-commit that come from elsewhere by a name that can move, or bring what no lock file names."""
    for repository in yaml.safe_load(text)["repos"]:
        if repository["repo"] != "local":
            if not re.fullmatch(r"[0-9a-f]{40}", str(repository.get("rev"))):
                yield f"{repository['repo']} has rev {repository.get('rev')}, which can move: name a full commit"
            continue
        for hook in repository["hooks"]:
            if hook["language"] not in _PRE_COMMIT_LANGUAGES or hook.get("additional_dependencies"):
                yield f"hook {hook['id']} installs packages of its own: run it from .venv, with language system"


def of(problems: Iterator[tuple[Path, list[str]]]) -> dict[str, list[str]]:
    return {str(path.relative_to(ROOT)): found for path, found in problems if found}


def test_every_requirement_has_a_checksum() -> None:
    listed = list(files("requirements*.txt", "**/requirements*.txt"))
    assert len(listed) == 8
    assert of((path, list(unhashed(path.read_text()))) for path in listed) == {}


def test_every_file_of_requirements_is_compiled_from_one_that_is_written() -> None:
    for path in ROOT.glob("requirements*.txt"):
        header = f"pip-compile --allow-unsafe --generate-hashes --no-emit-index-url --output-file={path.name}"
        assert f"{header} --strip-extras {path.stem}.in\n" in path.read_text(), "make lock writes it; Renovate reads it"
        assert path.with_suffix(".in").is_file()


def test_pip_takes_nothing_without_its_checksum() -> None:
    assert of((path, list(unchecked(path.read_text()))) for path in commands()) == {}
    assert sum(bool(_INSTALLS.search(path.read_text())) for path in commands()) >= 4


def commands() -> Iterator[Path]:
    return files("Makefile", "*.py", "*.sh", "*Dockerfile", "*.yaml", ".ci/*", "*.md")


def test_hooks_come_from_the_locked_virtualenv() -> None:
    assert list(unpinned_hooks((ROOT / ".pre-commit-config.yaml").read_text())) == []


@pytest.mark.parametrize(
    "line",
    [
        "boto3",
        "boto3==1.43.2",
        f"boto3>=1.43 --hash=sha256:{'0' * 64}",
        f"boto3==1.43.2 \\\n    --hash=md5:{'0' * 32}",
        "boto3 @ https://example.com/boto3.whl",
        "--index-url https://example.com/simple",
        "-e .",
    ],
)
def test_a_requirement_without_checksum_is_found(line: str) -> None:
    assert len(list(unhashed(f"# header\n{line}\n    # via moto\n"))) == 1


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("pip install boto3", 2),
        ("python -m pip install --quiet -r requirements.txt", 2),
        ('[sys.executable, "-m", "pip", "download", "--require-hashes", "pyspark"]', 1),
        ("pip3 wheel --only-binary :all: -r requirements.txt", 1),
        ("pip install --require-hashes --only-binary :all: -r requirements.txt", 0),
    ],
)
def test_a_package_without_checksum_is_found(line: str, found: int) -> None:
    assert len(list(unchecked(f"\n\n\n\n{line}\n\n\n\n"))) == found


@pytest.mark.parametrize(
    "repository",
    [
        "{repo: https://github.com/astral-sh/ruff-pre-commit, rev: v0.15.0, hooks: [{id: ruff}]}",
        "{repo: local, hooks: [{id: lint, language: python, additional_dependencies: [ruff]}]}",
        "{repo: local, hooks: [{id: lint, language: node}]}",
    ],
)
def test_a_hook_that_can_move_is_found(repository: str) -> None:
    assert len(list(unpinned_hooks(f"repos: [{repository}]"))) == 1
