"""Where the `pulumi` CLI comes from: PATH, the cache, a checked download, a build, in that order."""

import hashlib
import io
import re
import stat
import tarfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from offline import cli_build, cli_download, go_toolchain, pulumi_cli
from offline.cli_download import archive_name, download_pulumi
from offline.errors import MissingToolError
from offline.progress import Say, silent
from offline.pulumi_cli import VERSION, find_pulumi
from offline.tool_cache import cache_directory


def fake_cli(path: Path, version: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho v{version}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ways of making a CLI that are tried, in order; all fail."""
    tried: list[str] = []

    def refuse(name: str, _place: Path, _version: str, _report: Say) -> None:
        tried.append(name)
        raise MissingToolError(f"{name} does not work here")

    monkeypatch.setattr(pulumi_cli, "WAYS", (partial(refuse, "download"), partial(refuse, "build")))
    return tried


@pytest.fixture
def release(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A local server with one release, as Pulumi publishes them: its directory and address."""
    directory = tmp_path / "releases" / f"v{VERSION}"
    directory.mkdir(parents=True)
    archive = directory / archive_name(VERSION)
    program = b"#!/bin/sh\necho v" + VERSION.encode() + b"\n"
    with tarfile.open(archive, "w:gz") as content:
        for name in ("pulumi/pulumi", "pulumi/pulumi-language-python"):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(program), 0o755
            content.addfile(member, io.BytesIO(program))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    (directory / f"pulumi-{VERSION}-checksums.txt").write_text(f"{'0' * 64}  other.tar.gz\n{digest}  {archive.name}\n")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield directory, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_new_enough_cli_on_path_is_used(tmp_path: Path, asked: list[str]) -> None:
    fake_cli(tmp_path / "path" / "pulumi", "3.300.1")
    found = find_pulumi(silent)
    assert (found / "bin" / "pulumi").resolve() == tmp_path / "path" / "pulumi"
    assert asked == []


@pytest.mark.parametrize("version", ["3.258.9", "4.0.0"])
def test_a_cli_on_path_of_an_unsuitable_version_is_passed_over(tmp_path: Path, asked: list[str], version: str) -> None:
    fake_cli(tmp_path / "path" / "pulumi", version)
    cached = fake_cli(cache_directory() / f"pulumi-v{VERSION}" / "bin" / "pulumi", VERSION)
    assert find_pulumi(silent) == cached.parent.parent
    assert asked == []


def test_a_download_is_tried_before_a_build_and_every_reason_is_told(asked: list[str]) -> None:
    with pytest.raises(MissingToolError) as missing:
        find_pulumi(silent)
    assert asked == ["download", "build"]
    assert "download does not work here\n  build does not work here" in str(missing.value)
    assert "put it on PATH" in str(missing.value)


def test_two_processes_that_need_a_cli_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def make(place: Path, version: str, _report: Say) -> None:
        made.append(place)
        time.sleep(0.3)
        fake_cli(place / "bin" / "pulumi", version)

    monkeypatch.setattr(pulumi_cli, "WAYS", (make,))
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda _: find_pulumi(silent), range(2)))
    assert made == [found[0]] == [found[1]]


def test_a_broken_cli_in_the_cache_is_made_again(asked: list[str]) -> None:
    broken = cache_directory() / f"pulumi-v{VERSION}" / "bin" / "pulumi"
    broken.parent.mkdir(parents=True)
    broken.write_text("half a program")
    with pytest.raises(MissingToolError):
        find_pulumi(silent)
    assert asked == ["download", "build"]


def test_a_download_that_matches_its_checksum_is_put_in_place(tmp_path: Path, release: tuple[Path, str]) -> None:
    place = tmp_path / "cache" / "pulumi"
    download_pulumi(place, VERSION, silent, releases=release[1])
    assert {file.name for file in (place / "bin").iterdir()} == {"pulumi", "pulumi-language-python"}
    assert list(place.parent.iterdir()) == [place], "nothing is left beside it"


def test_a_download_that_does_not_match_its_checksum_is_thrown_away(tmp_path: Path, release: tuple[Path, str]) -> None:
    directory, address = release
    with (directory / archive_name(VERSION)).open("ab") as archive:
        archive.write(b"more")
    place = tmp_path / "cache" / "pulumi"
    with pytest.raises(MissingToolError, match="does not match its published checksum"):
        download_pulumi(place, VERSION, silent, releases=address)
    assert not list(place.parent.iterdir())


def test_a_release_that_cannot_be_reached_is_a_reason_not_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(MissingToolError, match=r"download from http://127\.0\.0\.1:9/v"):
        download_pulumi(tmp_path / "pulumi", VERSION, silent, releases="http://127.0.0.1:9")


def test_a_host_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    releases = "http://127.0.0.1:9"
    for reason in ("download from", "127.0.0.1:9 did not answer before"):
        with pytest.raises(MissingToolError, match=reason):
            download_pulumi(tmp_path / "pulumi", VERSION, silent, releases=releases)


def test_a_build_that_fails_shows_the_compilers_last_lines_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "module"
    module.mkdir()
    (module / "go.mod").write_text("module broken\n\ngo 1.25.0\n")
    monkeypatch.setattr(cli_build, "MODULE", module)
    go = tmp_path / "path" / "go"
    go.parent.mkdir()
    go.write_text(
        '#!/bin/sh\ntest "$1" = version && echo go version go1.26.0 && exit 0\necho no such package\nexit 1\n'
    )
    go.chmod(0o755)
    place = tmp_path / "cache" / "pulumi"
    with pytest.raises(MissingToolError, match="building pulumi failed:\n    no such package"):
        cli_build.build_pulumi(place, VERSION, silent)
    assert not list(place.parent.iterdir())


def test_the_module_is_pinned_to_the_version_that_is_asked_for() -> None:
    pinned = (cli_build.MODULE / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{VERSION}" in pinned
    assert f"github.com/pulumi/pulumi/sdk/v3 v{VERSION}" in pinned
    assert numbers(go_toolchain.GO_WHEEL) >= numbers(re.findall(r"^go (\S+)$", pinned, re.MULTILINE)[0])
    assert cli_download.RELEASES.startswith("https://github.com/pulumi/pulumi/")


def test_a_cli_is_asked_for_its_version_once_until_it_is_another_file(tmp_path: Path) -> None:
    cli, asked = tmp_path / "pulumi", tmp_path / "asked"
    for version, times in (("3.259.0", 1), ("3.260.10", 2)):
        cli.unlink(missing_ok=True)
        cli.write_text(f"#!/bin/sh\necho >> {asked}\necho v{version}\n")
        cli.chmod(0o755)
        for _ in range(2):
            assert pulumi_cli._version_of(cli) == tuple(map(int, version.split(".")))
        assert len(asked.read_text().splitlines()) == times
