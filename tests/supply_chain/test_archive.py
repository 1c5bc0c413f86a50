"""The archive of a release has the same bytes wherever it is made, and holds what its tag holds."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.supply_chain.files import ROOT

VERSION = "1.2.3"
_TIME = 1_700_000_000


def git(directory: Path, *words: str) -> str:
    identity = ["-c", "user.name=moka", "-c", "user.email=moka@users.noreply.github.com"]
    time = f"{_TIME} +0200"
    environment = {**os.environ, "GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time, "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", *identity, *words]
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One with a tag, and a change after it that was not committed."""
    place = tmp_path / "repository"
    (place / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "archive", place / ".ci")
    (place / "components").mkdir()
    (place / "components" / "release.py").write_text(f'RELEASE = "{VERSION}"\n')
    (place / "README.md").write_text("one\ntwo\n")
    git(place, "init", "--quiet")
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "Begin")
    git(place, "tag", "--annotate", "--message", "a release", f"v{VERSION}")
    (place / "README.md").write_text("three\n")
    return place


def archive(place: Path, tag: str, umask: int = 0o022, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    command = [str(place / ".ci" / "archive"), tag]
    return subprocess.run(
        command, cwd=place.parent, env=environment, umask=umask, capture_output=True, text=True, check=False
    )


def made(place: Path) -> Path:
    return place / "build" / "archive" / f"moka-{VERSION}.tar.gz"


def test_an_archive_has_the_same_bytes_on_every_machine(repository: Path, tmp_path: Path) -> None:
    another = tmp_path / "elsewhere" / "clone"
    git(tmp_path, "clone", "--quiet", str(repository), str(another))
    attributes = tmp_path / "home" / "git" / "attributes"
    attributes.parent.mkdir(parents=True)
    attributes.write_text("README.md export-ignore\n")
    git(another, "config", "core.autocrlf", "true")
    git(another, "config", "tar.umask", "0007")
    os.utime(another / "README.md", (_TIME + 1, _TIME + 1))
    assert archive(repository, f"v{VERSION}").returncode == 0
    variables = {"XDG_CONFIG_HOME": str(tmp_path / "home"), "TZ": "Asia/Tokyo", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    assert archive(another, f"v{VERSION}", umask=0o077, **variables).returncode == 0
    assert made(repository).read_bytes() == made(another).read_bytes()


def test_an_archive_holds_the_commit_of_its_tag_and_its_time(repository: Path) -> None:
    archive(repository, f"v{VERSION}")
    with tarfile.open(made(repository)) as content:
        readme = content.extractfile(f"moka-{VERSION}/README.md")
        assert readme is not None
        assert readme.read() == b"one\ntwo\n"
        assert {(each.mtime, each.uid, each.uname) for each in content} == {(_TIME, 0, "root")}
        assert content.pax_headers["comment"] == git(repository, "rev-parse", "HEAD")
        assert content.getmember(f"moka-{VERSION}/.ci/archive").mode & 0o777 == 0o755


def test_its_checksum_lies_beside_it(repository: Path) -> None:
    archive(repository, f"v{VERSION}")
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(command, cwd=made(repository).parent, capture_output=True, check=False).returncode == 0
    made(repository).write_bytes(made(repository).read_bytes() + b"\0")
    assert subprocess.run(command, cwd=made(repository).parent, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("", "VERSION is '' and must be a tag such as v1.2.3"),
        (VERSION, "VERSION is '1.2.3' and must be a tag such as v1.2.3"),
        ("v1.2.4", "VERSION is 'v1.2.4' and this repository has no such tag"),
        ("v9.9.9", "VERSION is 'v9.9.9' and components/release.py of its commit has another one"),
    ],
)
def test_a_tag_that_makes_no_release_is_refused(repository: Path, tag: str, said: str) -> None:
    git(repository, "tag", "v9.9.9")
    done = archive(repository, tag)
    assert done.returncode == 1
    assert said in done.stderr
    assert not (repository / "build").exists()
