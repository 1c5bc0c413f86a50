"""Where programs come from: the cached release, PATH, other cached ones, and then each way in turn."""

import hashlib
import io
import stat
import tarfile
from functools import partial
from pathlib import Path

import pytest

from local_cluster.images.programs import prometheus
from local_cluster.images.programs.suite import Programs, Suite, Way, find
from offline.debian_package import unpack_package
from offline.errors import MissingToolError
from offline.progress import Say, silent
from offline.release_download import this_platform
from offline.tool_cache import cache_directory


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")


def program(path: Path, version: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {path.name}, version {version}+ds '(branch: x)'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def makes(version: str, place: Path, _report: Say) -> None:
    for name in ("server", "tool"):
        program(place / "bin" / name, version)


def refuses(reason: str, _place: Path, _report: Say) -> None:
    raise MissingToolError(reason)


def suite(*ways: Way) -> Suite:
    return Suite("Example", ("server", "tool"), "3.1.0", "2.9.1", ways, {"server": "example-server"})


def no_way() -> Suite:
    return suite(Way("3.1.0", partial(refuses, "no release")), Way("debian", partial(refuses, "no package")))


def directories(found: Programs) -> set[Path]:
    return {path.parent for path in found.values()}


def test_programs_on_path_are_used_under_their_other_name_too(tmp_path: Path) -> None:
    for name in ("example-server", "tool"):
        program(tmp_path / "path" / name, "2.10.0")
    found = find(no_way(), silent)
    assert found == {"server": tmp_path / "path" / "example-server", "tool": tmp_path / "path" / "tool"}


def test_programs_on_path_that_are_too_old_or_not_all_there_are_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "path" / "server", "2.10.0")
    with pytest.raises(MissingToolError):
        find(no_way(), silent)
    program(tmp_path / "path" / "tool", "2.10.0")
    program(tmp_path / "path" / "server", "2.9.0")
    with pytest.raises(MissingToolError):
        find(no_way(), silent)


def test_the_deployed_version_in_the_cache_goes_before_path_and_path_before_another_version(tmp_path: Path) -> None:
    makes("2.11.0", cache_directory() / "example-debian", silent)
    assert directories(find(no_way(), silent)) == {cache_directory() / "example-debian" / "bin"}
    makes("2.10.0", tmp_path / "path" / "unused", silent)
    for name in ("server", "tool"):
        program(tmp_path / "path" / name, "2.10.0")
    assert directories(find(no_way(), silent)) == {tmp_path / "path"}
    makes("3.1.0", cache_directory() / "example-3.1.0", silent)
    assert directories(find(no_way(), silent)) == {cache_directory() / "example-3.1.0" / "bin"}


def test_the_next_way_is_tried_where_one_fails_or_brings_something_too_old() -> None:
    found = find(suite(Way("a", partial(refuses, "no")), Way("b", partial(makes, "1.0.0")), Way("c", _good)), silent)
    assert directories(found) == {cache_directory() / "example-c" / "bin"}


def test_what_was_tried_is_told_when_nothing_helps() -> None:
    with pytest.raises(MissingToolError) as missing:
        find(no_way(), silent)
    assert "Example 2.9.1 or newer" in str(missing.value)
    assert "  no release\n  no package\n" in str(missing.value)
    assert "put server and tool on PATH" in str(missing.value)


def test_a_release_of_prometheus_is_checked_and_only_its_programs_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prometheus, "RELEASES", (tmp_path / "releases").as_uri())
    version = prometheus.PROMETHEUS.version
    folder = f"prometheus-{version}.{'-'.join(this_platform())}"
    directory = tmp_path / "releases" / "prometheus" / "releases" / "download" / f"v{version}"
    directory.mkdir(parents=True)
    with tarfile.open(directory / f"{folder}.tar.gz", "w:gz") as content:
        for name, mode in (("prometheus", 0o755), ("promtool", 0o755), ("LICENSE", 0o644)):
            text = f"#!/bin/sh\necho version {version}\n".encode()
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size, member.mode = len(text), mode
            content.addfile(member, io.BytesIO(text))
    digest = hashlib.sha256((directory / f"{folder}.tar.gz").read_bytes()).hexdigest()
    (directory / "sha256sums.txt").write_text(f"{digest}  {folder}.tar.gz\n")
    place = cache_directory() / f"prometheus-{version}"
    prometheus.PROMETHEUS.ways[0].make(place, silent)
    assert {file.name for file in (place / "bin").iterdir()} == {"prometheus", "promtool"}
    assert directories(find(prometheus.PROMETHEUS, silent)) == {place / "bin"}


def test_a_debian_package_gives_its_programs_and_leaves_nothing_else(tmp_path: Path) -> None:
    apt = tmp_path / "path" / "apt-get"
    program(apt, "0")
    apt.write_text('#!/bin/sh\ntest "$*" = "download example" && touch example_1_all.deb\n')
    extract = program(tmp_path / "path" / "dpkg-deb", "0")
    extract.write_text('#!/bin/sh\nmkdir -p "$3/usr/bin" && echo program > "$3/usr/bin/example-server"\n')
    place = tmp_path / "cache" / "place"
    unpack_package("example", {"server": "usr/bin/example-server"}, place, silent)
    assert [file.name for file in (place / "bin").iterdir()] == ["server"]
    assert list(place.parent.iterdir()) == [place]
    with pytest.raises(MissingToolError, match="it has no usr/bin/other"):
        unpack_package("example", {"server": "usr/bin/other"}, place, silent)
    with pytest.raises(MissingToolError, match="apt-get update helps"):
        unpack_package("another", {"server": "usr/bin/other"}, place, silent)


def _good(place: Path, report: Say) -> None:
    makes("2.9.1", place, report)
