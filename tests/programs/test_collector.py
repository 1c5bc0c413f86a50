"""The collector comes from a release of the deployed version, or from exactly what the manifest and its pins say."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from components.images.table import COLLECTOR as IMAGE
from local_cluster.images.programs import collector
from local_cluster.programs.project import find
from offline.errors import MissingToolError
from offline.progress import silent
from offline.release_download import this_platform
from offline.tool_cache import cache_directory


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(collector, "RELEASES", (tmp_path / "releases").as_uri())


def test_a_release_of_the_collector_is_put_in_place_under_its_own_name(tmp_path: Path) -> None:
    directory = tmp_path / "releases" / f"v{IMAGE.tag}"
    directory.mkdir(parents=True)
    archive = directory / f"otelcol-contrib_{IMAGE.tag}_{'_'.join(this_platform())}.tar.gz"
    program = f"#!/bin/sh\necho otelcol-contrib version {IMAGE.tag}\n".encode()
    with tarfile.open(archive, "w:gz") as content:
        for name, mode in (("otelcol-contrib", 0o755), ("README.md", 0o644)):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(program), mode
            content.addfile(member, io.BytesIO(program))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    sums = directory / "opentelemetry-collector-releases_otelcol-contrib_checksums.txt"
    sums.write_text(f"{digest}  {archive.name}\n")
    place = cache_directory() / f"collector-{IMAGE.tag}" / "bin"
    assert find([collector.COLLECTOR], silent) == {"otelcol-contrib": place / "otelcol-contrib"}
    assert [file.name for file in place.iterdir()] == ["otelcol-contrib"]


def test_a_manifest_that_the_builder_refuses_is_a_reason_and_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_program: object, place: Path, _report: object) -> None:
        builder = place / "bin" / "builder"
        builder.parent.mkdir(parents=True)
        builder.write_text("#!/bin/sh\necho no such module\nexit 1\n")
        builder.chmod(0o755)

    monkeypatch.setattr(collector, "build", refuse)
    with pytest.raises(MissingToolError) as missing:
        find([collector.COLLECTOR], silent)
    assert "the builder does not accept manifest.yaml:\nno such module" in str(missing.value)
    assert "download from" in str(missing.value), "the release is tried first"
    assert not list(cache_directory().glob("collector-*"))


def test_a_changed_pin_makes_another_collector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = collector.digest()
    changed = tmp_path / "go.sum"
    changed.write_text("other sums\n")
    monkeypatch.setattr(collector, "PINS", (collector.PINS[0], changed))
    assert collector.digest() != before
    assert collector.COLLECTOR.ways[1].label == f"{IMAGE.tag}-built-{before}"
