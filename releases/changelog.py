"""The changelog, which towncrier writes from fragments.

Source: towncrier's documentation, "Command line reference"; its settings stand in pyproject.toml.
"""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from releases.errors import ReleaseError
from releases.fragments import CHANGELOG, fragments, step_of
from releases.version import FILE, Version, version_of, write_version

_HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)$", re.MULTILINE)


def draft(project: Path) -> str:
    """What the next release would add, under the version that its fragments ask for at least."""
    version = _next(project)
    return _towncrier(project, "--draft", "--version", str(version))


def release(project: Path, version: Version, today: date) -> None:
    """Write the changelog and the version, and take the fragments away; what is left to do is a commit and a tag.

    Raises:
        ReleaseError: when there is nothing to release, or the version does not fit what the fragments say.
    """
    found = fragments(project)
    if not found:
        raise ReleaseError("changes/ has no fragments, so there is nothing to release")
    least = _next(project)
    if version < least:
        newest = _newest(project)
        since = f"{newest} is released" if newest else f"{FILE} has {least}"
        raise ReleaseError(
            f"VERSION is {version} and must be {least} or newer: {since}, and the fragments in changes/ ask for a "
            f"{step_of(found)} release (docs/releases.md)"
        )
    _towncrier(project, "--yes", "--version", str(version), "--date", today.isoformat())
    write_version(project, version)


def section(project: Path, version: Version) -> str:
    """What the changelog says of a version, without its heading.

    Raises:
        ReleaseError: when it says nothing, or fragments are left that belong to it.
    """
    if left := fragments(project):
        raise ReleaseError(
            f"changes/ still has {', '.join(each.name for each in left)}: run make release VERSION={version}, and tag "
            "the commit of that"
        )
    text = _text(project)
    found = {each["version"]: each for each in _HEADING.finditer(text)}
    heading = found.get(str(version))
    if heading is None:
        raise ReleaseError(f"{CHANGELOG} has no section {version}: run make release VERSION={version}")
    later = _HEADING.search(text, heading.end())
    return text[heading.end() : later.start() if later else None].strip()


def _next(project: Path) -> Version:
    newest = _newest(project)
    # Before the first release, what the project calls itself is what it will be.
    return newest.after(step_of(fragments(project))) if newest else version_of(project)


def _newest(project: Path) -> Version | None:
    return max((Version.of(each["version"]) for each in _HEADING.finditer(_text(project))), default=None)


def _text(project: Path) -> str:
    path = project / CHANGELOG
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _towncrier(project: Path, *options: str) -> str:
    command = [sys.executable, "-m", "towncrier", "build", "--dir", str(project), *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"towncrier ends with {done.returncode}:\n{(done.stdout + done.stderr).strip()}")
    return done.stdout
