"""What a comparison of four stacks costs: beside one cold preview, and where nothing but a comment differs."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.commands import seconds_of
from tests.changes.change import PATCHES
from tests.stacks.project_copy import copy_of_project

ROUNDS = 2
MOST_TIMES = 2.5
MOST_SECONDS_OF_A_COMMENT = 2.0
# Of the program, so that no stack is left out.
CHANGE, COMMENT = PATCHES / "add-on-version.patch", PATCHES / "only-a-comment.patch"


def seconds(project: Path, home: Path, *words: str) -> float:
    """Wall time of one command of `python -m offline`, in a process of its own."""
    command = [sys.executable, "-m", "offline", "--project", str(project), "--home", str(home), *words]
    # Two is a comparison that found something.
    return seconds_of(command, codes=(0, 2))


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    with tempfile.TemporaryDirectory() as scratch:
        project, home = copy_of_project(Path(scratch) / "project"), Path(scratch) / "home"
        git = ("git", "-C", str(project), "-c", "user.name=somebody", "-c", "user.email=somebody@company.internal")
        for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "What is deployed")):
            subprocess.run([*git, *words], check=True)

        def diff(patch: Path) -> float:
            subprocess.run([*git, "apply", str(patch)], check=True)
            try:
                return seconds(project, home, "diff", "HEAD")
            finally:
                subprocess.run([*git, "checkout", "--quiet", "."], check=True)

        comment = min(diff(COMMENT) for _ in range(ROUNDS))
        first = diff(CHANGE)
        kept, previews = [], []
        for number in range(1, ROUNDS + 1):
            print(f"round {number} of {ROUNDS}", file=sys.stderr, flush=True)
            kept.append(diff(CHANGE))
            previews.append(seconds(project, Path(scratch) / f"preview-{number}", "preview", "production"))
    ratio = min(kept) / min(previews)
    yield f"diff of four stacks: {min(kept):.1f} s, cold preview of production: {min(previews):.1f} s"
    yield f"the diff takes {ratio:.2f} times one preview (at most {MOST_TIMES} wanted)"
    yield f"with nothing kept of BASE: {first:.1f} s"
    yield f"where a comment differs: {comment:.1f} s (at most {MOST_SECONDS_OF_A_COMMENT} wanted)"
