"""Fragments of the changelog: one file a change, `changes/NAME.KIND.md`, written with it and gone with its release.

Leaves out how they become the changelog, which towncrier does by pyproject.toml and `changes/template.md.jinja`.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from releases.errors import ReleaseError
from releases.version import Step

DIRECTORY = "changes"
TEMPLATE = "template.md.jinja"
CHANGELOG = "CHANGELOG.md"
# What each kind asks of the version; a fragment of the kind none says that nobody outside will notice.
STEPS: dict[str, Step | None] = {
    "breaking": "major",
    "feature": "minor",
    "upgrade": "minor",
    "fix": "patch",
    "security": "patch",
    "none": None,
}
# What an environment is made of, or what its people run.
WATCHED = (
    "__main__.py",
    "Pulumi.yaml",
    "components/",
    "examples/",
    "images/",
    "moka_images/",
    "moka_logs/",
    "moka_smoke/",
    "policies/",
    "requirements.txt",
    "stacks/",
)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(?P<kind>[a-z]+)\.md")
_LEAST_CHARACTERS = 20
_SHOWN = 10


@dataclass(frozen=True)
class Fragment:
    """One of them.

    Args:
        name: of its file.
        kind: one of STEPS.
        text: Markdown, for people who run an environment.
    """

    name: str
    kind: str
    text: str


def fragments(project: Path) -> list[Fragment]:
    """Those of a checkout, in the order of their names.

    Raises:
        ReleaseError: when files are none, with what is wrong with each.
    """
    found, wrong = list[Fragment](), list[str]()
    for path in sorted((project / DIRECTORY).glob("*")):
        if path.name != TEMPLATE:
            fragment = _read(path)
            wrong += problems(fragment)
            found.append(fragment)
    if wrong:
        raise ReleaseError("\n".join(wrong))
    return found


def problems(fragment: Fragment) -> Iterator[str]:
    """What is wrong with a fragment."""
    place = f"{DIRECTORY}/{fragment.name}"
    if fragment.kind not in STEPS:
        kinds = ", ".join(STEPS)
        yield f"{place} must be named NAME.KIND.md, in small letters and hyphens; KIND is one of {kinds}"
    elif len(fragment.text) < _LEAST_CHARACTERS or not fragment.text.endswith("."):
        yield f"{place} must hold a sentence: what changes for people who run an environment, or why nothing does"


def step_of(found: Iterable[Fragment]) -> Step:
    """The smallest step of the version that fragments allow."""
    asked = {STEPS[each.kind] for each in found}
    return "major" if "major" in asked else "minor" if "minor" in asked else "patch"


def missing(changed: Iterable[str], found: Iterable[Fragment]) -> list[str]:
    """Files whose change asks for a fragment, where none came with them.

    Args:
        changed: paths that a branch changes, what it deletes included.
        found: the fragments that it has; one that was there before says nothing of it.
    """
    paths = set(changed)
    # A release takes the fragments away and writes the changelog.
    if CHANGELOG in paths or paths & {f"{DIRECTORY}/{each.name}" for each in found}:
        return []
    return sorted(path for path in paths if path.startswith(WATCHED))


def check(project: Path, base: str) -> None:
    """Refuse a branch that changes environments and says nothing of it.

    Args:
        project: the checkout; what is not committed counts as well.
        base: revision that it branched off.

    Raises:
        ReleaseError: when a fragment is missing, or one is wrong.
    """
    if asking := missing(_changed(project, base), fragments(project)):
        shown = "\n".join(f"  {path}" for path in asking[:_SHOWN]) + ("\n  ..." if len(asking) > _SHOWN else "")
        raise ReleaseError(
            f"Since {base} files changed that environments are made of, and {DIRECTORY}/ has no fragment of it:\n"
            f"{shown}\n"
            f"Write {DIRECTORY}/NAME.KIND.md with a sentence or two for people who run an environment; KIND is one of "
            f"{', '.join(STEPS)}. One of the kind none says why nobody will notice (docs/releases.md)."
        )


def _read(path: Path) -> Fragment:
    match = _NAME.fullmatch(path.name)
    return Fragment(path.name, match["kind"] if match else "", path.read_text(encoding="utf-8").strip())


def _changed(project: Path, base: str) -> list[str]:
    start = _git(project, "merge-base", "--", base, "HEAD").strip()
    # Without looking for renames: a file that left a directory is a change of it.
    committed = _git(project, "diff", "--name-only", "--no-renames", "-z", start, "--")
    new = _git(project, "ls-files", "--others", "--exclude-standard", "-z")
    return [path for path in f"{committed}\0{new}".split("\0") if path]


def _git(project: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(project), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"git {words[0]} ends with {done.returncode}: {done.stderr.strip()}")
    return done.stdout
