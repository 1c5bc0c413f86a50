"""A sample project in a repository of its own, whose work tree is ahead of its last commit."""

import argparse
import contextlib
import io
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from offline.diff.command import run
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from tests.offline.sample import Sample


@dataclass(frozen=True)
class Done:
    """A comparison that has ended.

    Args:
        code: exit code.
        printed: the report.
        said: the error's sentence, or nothing.
    """

    code: int
    printed: str
    said: str


@dataclass(frozen=True)
class Repository:
    """The project's repository, and where comparisons are kept.

    Args:
        sample: the project.
        home: of the offline engine.
    """

    sample: Sample
    home: Path

    def git(self, *words: str) -> None:
        """Run git, as somebody whom no configuration names."""
        identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@company.internal")
        subprocess.run(["git", "-C", str(self.sample.root), *identity, *words], check=True, capture_output=True)

    def commit(self, body: str) -> None:
        """Commit a program as the next revision."""
        if not (self.sample.root / ".git").is_dir():
            self.git("init", "--quiet", "--initial-branch", "main")
        self.sample.program(body)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A revision")

    def diff(
        self, base: str = "HEAD", head: str | None = None, *, stacks: Sequence[str] = (), **given: object
    ) -> "Done":
        """What `python -m offline diff` does, in this process.

        Args:
            base: a revision.
            head: another, or the work tree.
            stacks: those to look at.
            given: `json`, `markdown` and `accepted` as the command's options.
        """
        words: dict[str, object] = {
            "json": False,
            "markdown": None,
            "accepted": None,
            "processes": 1,
            "on_cluster": False,
            **given,
        }
        options = argparse.Namespace(base=base, head=head, stacks=list(stacks), **words)
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                run(options, OfflineEngine(self.sample.root, self.home))
        except OfflineError as error:
            return Done(error.exit_code, printed.getvalue(), str(error))
        return Done(0, printed.getvalue(), "")
