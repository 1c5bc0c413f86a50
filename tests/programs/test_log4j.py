"""What is said where Log4j or a Java that can run it is missing."""

from pathlib import Path

import pytest

from offline.errors import MissingToolError
from offline.progress import silent
from offline.release_download import download_file
from tests.programs.log4j import find_log4j


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("JAVA_HOME", raising=False)


def java(directory: Path, *said: str) -> None:
    """A program of this name that says something."""
    directory.mkdir(parents=True)
    program = directory / "java"
    program.write_text("#!/bin/sh\n" + "".join(f"echo {line}\n" for line in said))
    program.chmod(0o755)


def test_without_java_the_error_says_what_to_install() -> None:
    with pytest.raises(MissingToolError, match=r"PATH has no program java: install a JDK.*openjdk-17-jdk-headless"):
        find_log4j(silent)


def test_a_java_home_without_java_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java(tmp_path / "path", "java.base@17.0.15", "jdk.compiler@17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    with pytest.raises(MissingToolError, match=f"bin of JAVA_HOME, {tmp_path}/gone, has no program java: install"):
        find_log4j(silent)


@pytest.mark.parametrize(
    ("said", "reason"),
    [(("java.base@17.0.15",), "is without one"), (("java.base@11.0.2", "jdk.compiler@11.0.2"), "is Java 11")],
)
def test_a_java_that_cannot_compile_or_is_too_old_is_refused(
    tmp_path: Path, said: tuple[str, ...], reason: str
) -> None:
    java(tmp_path / "path", *said)
    with pytest.raises(MissingToolError, match=f"{reason}: install a JDK of Java 17 or newer"):
        find_log4j(silent)


def test_a_file_that_is_not_the_pinned_one_is_thrown_away(tmp_path: Path) -> None:
    published = tmp_path / "some.jar"
    published.write_text("another")
    place = tmp_path / "cache" / "some.jar"
    with pytest.raises(MissingToolError, match=r"some\.jar does not match its published checksum"):
        download_file(published.as_uri(), "0" * 64, place, silent)
    assert not place.exists()
