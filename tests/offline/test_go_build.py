"""How programs are built: where what is compiled is kept meanwhile, and what is downloaded beside a build."""

import os
import time
from pathlib import Path

import pytest

from offline.go_build import GoProgram, build, passing_cache
from offline.go_downloads import downloading
from offline.progress import silent


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Go that writes down what it is asked for, and never comes to an end of what is called slow."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    asked, program = tmp_path / "asked", tmp_path / "go"
    program.write_text(
        "#!/bin/sh\n"
        'test "$1" = version && echo go version go1.26.0 && exit 0\n'
        f'echo "$@" >> {asked}\n'
        'case "$*" in *slow) exec sleep 600;; esac\n'
    )
    program.chmod(0o755)
    return asked


def program(directory: Path, package: str, *tags: str) -> GoProgram:
    """Of a module that needs no particular Go."""
    (directory / "go.mod").write_text("module moka/tools/tool\n\ngo 1.25.0\n")
    return GoProgram("tool", directory, package, tags=tags)


def wait_for(asked: Path, line: str) -> None:
    """Until something was asked for."""
    deadline = time.monotonic() + 20
    while not asked.exists() or line not in asked.read_text():
        assert time.monotonic() < deadline, line
        time.sleep(0.01)


def test_what_is_compiled_together_shares_a_cache_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOCACHE", "/a/person/s/own")
    with passing_cache():
        outer = os.environ["GOCACHE"]
        with passing_cache():
            assert os.environ["GOCACHE"] == outer
        assert Path(outer).is_dir()
    assert not Path(outer).exists()
    assert os.environ["GOCACHE"] == "/a/person/s/own"


def test_modules_of_later_builds_are_downloaded_one_after_the_other(tmp_path: Path, go: Path) -> None:
    with downloading([program(tmp_path, "first"), program(tmp_path, "second")], tmp_path):
        wait_for(go, "second")
    assert go.read_text().splitlines() == ["list -deps first", "list -deps second"]


def test_what_tags_leave_out_is_neither_downloaded_nor_compiled(tmp_path: Path, go: Path) -> None:
    slim = program(tmp_path, "first", "slim", "small")
    with downloading([slim], tmp_path):
        wait_for(go, "first")
    build(slim, tmp_path / "made", silent)
    asked = go.read_text().splitlines()
    assert asked[0] == "list -tags slim,small -deps first"
    assert asked[1].startswith("build -tags slim,small ")


def test_a_download_that_is_not_needed_any_more_ends(tmp_path: Path, go: Path) -> None:
    started = time.monotonic()
    with downloading([program(tmp_path, "slow"), program(tmp_path, "never")], tmp_path):
        wait_for(go, "slow")
    assert time.monotonic() - started < 60
    assert "never" not in go.read_text()
