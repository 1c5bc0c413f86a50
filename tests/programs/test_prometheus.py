"""Prometheus comes from its release, checked, or from a package of Debian's that is new enough."""

import hashlib
import io
import stat
import tarfile
from pathlib import Path

import pytest

from local_cluster.images.programs import prometheus
from local_cluster.programs.project import find
from offline.debian_package import unpack_package
from offline.errors import MissingToolError
from offline.progress import silent
from offline.release_download import this_platform
from offline.tool_cache import cache_directory

PACKED = {"server": "usr/bin/example-server"}


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def debian(tmp_path: Path) -> None:
    """An apt that knows one package."""
    program(tmp_path / "path" / "apt-get", 'test "$*" = "download example" && touch example_1%3a2.45.1+ds-2_amd64.deb')
    program(tmp_path / "path" / "dpkg-deb", 'mkdir -p "$3/usr/bin" && echo program > "$3/usr/bin/example-server"')


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
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size, member.mode = len(name), mode
            content.addfile(member, io.BytesIO(name.encode()))
    digest = hashlib.sha256((directory / f"{folder}.tar.gz").read_bytes()).hexdigest()
    (directory / "sha256sums.txt").write_text(f"{digest}  {folder}.tar.gz\n")
    place = cache_directory() / f"prometheus-{version}" / "bin"
    assert find([prometheus.PROMETHEUS], silent) == {name: place / name for name in ("prometheus", "promtool")}
    assert {file.name for file in place.iterdir()} == {"prometheus", "promtool"}


@pytest.mark.usefixtures("debian")
def test_a_debian_package_gives_its_programs_and_leaves_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "cache" / "place"
    unpack_package("example", PACKED, "2.42.0", place, silent)
    assert [file.name for file in (place / "bin").iterdir()] == ["server"]
    assert list(place.parent.iterdir()) == [place]
    with pytest.raises(MissingToolError, match="it has no usr/bin/other"):
        unpack_package("example", {"server": "usr/bin/other"}, "2.42.0", place, silent)
    with pytest.raises(MissingToolError, match="apt-get update helps"):
        unpack_package("another", PACKED, "2.42.0", place, silent)


@pytest.mark.usefixtures("debian")
def test_a_debian_package_that_is_too_old_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingToolError, match=r"Debian package example: 1%3a2\.45\.1\+ds-2 is older than 2\.45\.2"):
        unpack_package("example", PACKED, "2.45.2", tmp_path / "cache" / "place", silent)
