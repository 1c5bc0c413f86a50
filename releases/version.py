"""The version of the project: one line of the program, and the tags that were made of it.

Source: Semantic Versioning 2.0.0, without labels of pre-releases and builds. docs/releases.md says what its numbers
mean for an environment.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from releases.errors import ReleaseError

Step = Literal["major", "minor", "patch"]

FILE = "components/release.py"
_TEXT = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_LINE = re.compile(r'^RELEASE = "(?P<version>[^"]*)"$', re.MULTILINE)


@dataclass(frozen=True, order=True)
class Version:
    """Three numbers.

    Args:
        major: an environment can't follow without a step of its own.
        minor: it gets something new, or runs something newer.
        patch: something works that did not.
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def of(cls, text: str) -> "Version":
        """A version as it is written, such as 1.2.3.

        Raises:
            ReleaseError: when it is written otherwise.
        """
        found = _TEXT.fullmatch(text)
        if not found:
            raise ReleaseError(f"the version {text!r} must be three numbers such as 1.2.3")
        return cls(*map(int, found.groups()))

    @property
    def tag(self) -> str:
        """Its tag in git."""
        return f"v{self}"

    def after(self, step: Step) -> "Version":
        """The version that follows by a step; below 1.0.0 a minor one may be anything."""
        if step == "major" and self.major:
            return Version(self.major + 1, 0, 0)
        if step in ("major", "minor"):
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def version_of(project: Path) -> Version:
    """The version that a checkout says it is.

    Raises:
        ReleaseError: when it says none.
    """
    found = _LINE.search((project / FILE).read_text(encoding="utf-8"))
    if not found:
        raise ReleaseError(f'{FILE} has no line RELEASE = "1.2.3"; write one')
    return Version.of(found["version"])


def write_version(project: Path, version: Version) -> None:
    """Let a checkout say that it is a version."""
    path = project / FILE
    path.write_text(_LINE.sub(f'RELEASE = "{version}"', path.read_text(encoding="utf-8")), encoding="utf-8")


def released_before(project: Path, version: Version) -> Version | None:
    """The newest release that is older than a version and in its history; None before the first one."""
    at = version.tag if version in _tags(project) else "HEAD"
    return max((each for each in _tags(project, "--merged", at) if each < version), default=None)


def _tags(project: Path, *options: str) -> list[Version]:
    command = ["git", "-C", str(project), "tag", "--list", "v*", *options]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return [Version.of(each[1:]) for each in listed if _TEXT.fullmatch(each[1:])]
