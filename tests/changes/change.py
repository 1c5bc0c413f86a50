"""One change: a patch of the project's files, and what it does to stacks."""

import argparse
import contextlib
import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from offline.diff.command import run
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from tests.stacks.project_copy import PROJECT, copy_of_project

PATCHES = Path(__file__).parent / "patches"
_STACKS = re.compile(r"^Stacks: (.+)$", re.MULTILINE)
# Names that follow from content differ with every change of it.
_DIGEST = re.compile(r"(?<=-)[0-9a-f]{8}\b")


@dataclass(frozen=True)
class Change:
    """One change.

    Args:
        patch: file that git applies; its first lines say what it is and which stacks are looked at.
    """

    patch: Path

    @property
    def name(self) -> str:
        """The file's name."""
        return self.patch.stem

    @property
    def expected(self) -> Path:
        """File of the report."""
        return self.patch.with_suffix(".txt")

    @property
    def stacks(self) -> list[str]:
        """Stacks that are looked at."""
        (names,) = _STACKS.findall(self.patch.read_text(encoding="utf-8"))
        return names.split(", ")


def changes() -> list[Change]:
    """All of them by name."""
    return [Change(each) for each in sorted(PATCHES.glob("*.patch"))]


class Deployed:
    """The project as a repository of its own, where one change after another is made and looked at.

    Args:
        scratch: directory for it, and for states that are kept from one change to the next.
    """

    def __init__(self, scratch: Path) -> None:
        self._project = copy_of_project(scratch / "project")
        shutil.copytree(PROJECT / "docs", self._project / "docs")
        self._home = scratch / "home"
        self._git("init", "--quiet", "--initial-branch", "main")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", "What is deployed")

    def report_of(self, change: Change) -> str:
        """Exit code and report of a change, which is taken back afterwards.

        Raises:
            AssertionError: when the patch does not fit the project any more.
        """
        done = subprocess.run(
            ["git", "-C", str(self._project), "apply", str(change.patch)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{change.patch} does not fit the project any more, make it anew: {done.stderr}"
        try:
            return self._diff(change.stacks)
        finally:
            self._git("stash", "--quiet", "--include-untracked")
            self._git("stash", "drop", "--quiet")

    def _diff(self, stacks: list[str]) -> str:
        options = argparse.Namespace(
            base="HEAD",
            head=None,
            stacks=stacks,
            json=False,
            markdown=None,
            accepted=None,
            processes=1,
            on_cluster=False,
        )
        printed, code = io.StringIO(), 0
        with contextlib.redirect_stdout(printed):
            try:
                run(options, OfflineEngine(self._project, self._home))
            except OfflineError as error:
                code = error.exit_code
        return f"exit code {code}\n{_DIGEST.sub('<digest>', printed.getvalue())}"

    def _git(self, *words: str) -> None:
        identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@company.internal")
        subprocess.run(["git", "-C", str(self._project), *identity, *words], check=True, capture_output=True)
