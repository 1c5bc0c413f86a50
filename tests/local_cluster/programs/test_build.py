"""What is built is named by what it is built from, and what is changed in sources stands there once."""

import re
from pathlib import Path

import pytest

from local_cluster.programs.build import Build, SourceChange
from local_cluster.programs.provider import PROVIDER
from offline.errors import MissingToolError
from offline.go_build import MODULES, GoProgram


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A module that something is built from."""
    made = tmp_path / "module"
    made.mkdir()
    (made / "go.mod").write_text("module moka/tools/tool\n")
    (made / "go.sum").write_text("")
    return made


def label(module: Path, *names: str, flags: str = "", tag: str = "", change: SourceChange | None = None) -> str:
    """Of a build of these programs."""
    programs = [GoProgram(name, module, link_flags=flags, tags=(tag,) if tag else ()) for name in names]
    return Build("1.0.0", programs, changes=[change] if change else ()).way().label


def test_each_thing_that_makes_another_program_makes_another_name(module: Path) -> None:
    before = label(module, "tool")
    assert before.startswith("1.0.0-built-")
    others = [
        label(module, "other"),
        label(module, "tool", flags="-X a=b"),
        label(module, "tool", tag="slim"),
        label(module, "tool", change=SourceChange("file", "", "put")),
        label(module, "tool", change=SourceChange("file", "taken away", "")),
    ]
    (module / "go.sum").write_text("another\n")
    assert len({before, *others, label(module, "tool")}) == 7


def test_a_fault_is_mended_where_it_stands_once(tmp_path: Path) -> None:
    (tmp_path / "wait.go").write_text("return pending\n")
    change = SourceChange("wait.go", "return pending", "return pending || bound")
    change.apply(tmp_path)
    assert (tmp_path / "wait.go").read_text() == "return pending || bound\n"
    (tmp_path / "wait.go").write_text("return nothing\n")
    with pytest.raises(MissingToolError, match="does not hold 'return pending' once"):
        change.apply(tmp_path)


def test_a_file_that_sources_lack_is_put_there_and_never_over_another(tmp_path: Path) -> None:
    change = SourceChange("dist/index.html", "", "a page")
    change.apply(tmp_path)
    assert (tmp_path / "dist" / "index.html").read_text() == "a page"
    with pytest.raises(MissingToolError):
        change.apply(tmp_path)


def test_the_provider_that_is_built_is_older_than_its_release() -> None:
    assert PROVIDER.ways[-1].version < PROVIDER.version


@pytest.mark.parametrize("name", ["kwok", "pulumi_kubernetes"])
def test_what_is_built_with_the_control_plane_has_its_version_of_kubernetes_libraries(name: str) -> None:
    """Else each compiles them for itself: minutes more of a first `make cluster`."""
    theirs, ours = libraries(MODULES / "control_plane"), libraries(MODULES / name)
    assert {library: version for library, version in ours.items() if theirs[library] != version} == {}
    assert "k8s.io/client-go" in ours


def libraries(module: Path) -> dict[str, str]:
    """Kubernetes' libraries that a module pins, those that it replaces by a version among them."""
    pins = (module / "go.mod").read_text()
    found = dict(re.findall(r"^\t(k8s\.io/\S+) (v0\.\d+\.\d+)\b", pins, re.MULTILINE))
    return found | dict(re.findall(r"^\t(k8s\.io/\S+) => k8s\.io/\S+ (v\S+)", pins, re.MULTILINE))
