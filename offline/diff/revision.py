"""Revisions of the project as directories: what git has under a name, and the work tree as it is."""

import io
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from offline.diff.kept import prune, used
from offline.errors import RevisionError


@dataclass(frozen=True)
class Revision:
    """A revision whose files lie in a directory.

    Args:
        name: as a person wrote it.
        directory: where `Pulumi.yaml` is.
    """

    name: str
    directory: Path


def work_tree(project: Path) -> Revision:
    """The files as they are, committed or not."""
    return Revision("the work tree", project)


def checked_out(project: Path, name: str, place: Path) -> Revision:
    """What git has under a name, as files of their own.

    Args:
        project: a directory of the repository, with `Pulumi.yaml`.
        name: of a commit, a branch or a tag.
        place: directory below which revisions are kept.

    Raises:
        RevisionError: when git knows no such revision, or it holds no project.
    """
    commit = _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise RevisionError(
            f"{name} names no commit of {project}. Write a branch, a tag or a commit; git fetch brings more."
        )
    prefix = (_git(project, "rev-parse", "--show-prefix") or b"").decode().strip()
    identifier = commit.decode().strip()
    directory = place / identifier
    if not directory.is_dir():
        content = _git(project, "archive", "--format=tar", f"{identifier}:{prefix}")
        if content is None:
            raise RevisionError(f"{name} has no directory {prefix}. Write a later revision.")
        unpacked = Path(tempfile.mkdtemp(prefix="new-", dir=place))
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(unpacked, filter="data")
        unpacked.rename(directory)
        prune(place)
    return Revision(name, used(directory))


def _git(project: Path, *words: str) -> bytes | None:
    """What git answered; None where it refused."""
    done = subprocess.run(["git", "-C", str(project), *words], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
