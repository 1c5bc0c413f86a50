"""Where programs come from: the cache, a release, or a module, in that order; and what is mended in a module."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local_cluster.programs import project as module
from local_cluster.programs.project import Project, SourceChange, find
from local_cluster.programs.provider import PROVIDER
from offline.errors import MissingToolError
from offline.go_build import GoProgram
from offline.progress import Say, silent


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "moka"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A module that something is built from."""
    made = tmp_path / "module"
    made.mkdir()
    (made / "go.mod").write_text("module moka/tools/tool\n")
    (made / "go.sum").write_text("")
    return made


def put(place: Path, _report: Say) -> None:
    """A release that can be reached."""
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "tool").write_text("")


def refuse(place: Path, _report: Say) -> None:
    """A release that can't be reached."""
    raise MissingToolError(f"no network for {place.name}")


def project(source: Path, release: Any = refuse) -> Project:
    """A project with one program."""
    return Project("tool", "2.0.0", ("tool",), release, source, [GoProgram("tool", source)], "1.0.0")


def builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Let builds succeed at once; returns where they go."""
    built: list[Path] = []

    def build(_programs: Any, place: Path, report: Say, *, files: Mapping[str, Path] | None = None) -> None:
        assert not files
        built.append(place)
        put(place, report)

    monkeypatch.setattr(module, "build_together", build)
    return built


def test_a_release_goes_before_a_build(source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = builds(monkeypatch)
    wanted = project(source, put)
    assert find([wanted], silent) == {"tool": cache / "tool-2.0.0" / "bin" / "tool"}
    assert (built, wanted.version_at_hand()) == ([], "2.0.0")


def test_what_can_t_be_downloaded_is_built_once_and_tells_its_version(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = builds(monkeypatch)
    wanted = project(source)
    assert find([wanted], silent) == find([wanted], silent)
    assert len(built) == 1
    assert wanted.version_at_hand() == "1.0.0"


def test_another_source_is_built_anew(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = builds(monkeypatch)
    find([project(source)], silent)
    (source / "go.sum").write_text("another\n")
    find([project(source)], silent)
    assert len(set(built)) == 2


def test_what_can_t_be_had_says_what_was_tried(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise MissingToolError("no compiler")

    monkeypatch.setattr(module, "build_together", fail)
    with pytest.raises(MissingToolError) as refused:
        find([project(source)], silent)
    assert str(refused.value).splitlines() == [
        "tool 2.0.0 is needed and could not be had:",
        "  no network for tool-2.0.0",
        "  no compiler",
    ]


def test_a_fault_is_mended_where_it_stands_once(tmp_path: Path) -> None:
    (tmp_path / "wait.go").write_text("return pending\n")
    change = SourceChange("example.org/tool", "wait.go", "return pending", "return pending || bound")
    change.apply(tmp_path)
    assert (tmp_path / "wait.go").read_text() == "return pending || bound\n"
    (tmp_path / "wait.go").write_text("return nothing\n")
    with pytest.raises(MissingToolError, match="does not hold 'return pending' once"):
        change.apply(tmp_path)


def test_the_provider_that_is_built_does_not_wait_for_a_bound_claim() -> None:
    assert PROVIDER.change is not None
    assert "ClaimBound" in PROVIDER.change.new
