"""Programs are built from Go modules whose checksums stand in go.sum, and no setting lets Go look away."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline.go_toolchain import GO_WHEEL, go_environment
from tests.supply_chain.files import ROOT, files

_REQUIRED = re.compile(r"^(?:require |\t)(?P<path>[\w./~-]+\.[\w./~-]+) (?P<version>v\S+)", re.MULTILINE)
_REPLACED = re.compile(
    r"^(?:replace |\t)(?P<path>\S+)(?: v\S+)? => (?P<place>\S+)(?: (?P<version>v\S+))?", re.MULTILINE
)
# Each lets Go take a module that go.sum or the database of checksums does not vouch for.
_LOOKS_AWAY = re.compile(
    r"GONOSUMDB|GONOSUMCHECK|GOINSECURE|GOPRIVATE|GONOPROXY|GOSUMDB\W+off|GOFLAGS.*-(?:mod=mod|insecure)"
)
# It writes go.sum, from what the database of checksums says.
_WRITES_PINS = ROOT / "tests" / "programs" / "pins.py"


def unsummed(module: str, sums: str) -> Iterator[str]:
    """Modules of a go.mod whose checksum is missing."""
    known = {tuple(line.split()[:2]) for line in sums.splitlines() if " h1:" in line}
    replaced = {each["path"]: each for each in _REPLACED.finditer(module)}
    for each in _REQUIRED.finditer(module):
        instead = replaced.get(each["path"])
        path, version = (instead["place"], instead["version"]) if instead else (each["path"], each["version"])
        if version is None:
            yield f"{each['path']} is replaced by {path}, which has no checksum"
        elif not {(path, version), (path, f"{version}/go.mod")} & known:
            yield f"{path} {version} has no checksum in go.sum: run go mod download in its directory"


def modules() -> list[Path]:
    return list(files("**/go.mod"))


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.parent.name)
def test_every_module_has_the_checksums_of_all_that_it_requires(module: Path) -> None:
    assert list(unsummed(module.read_text(), module.with_name("go.sum").read_text())) == []


def test_there_are_modules_and_most_require_others() -> None:
    assert sum(bool(_REQUIRED.search(module.read_text())) for module in modules()) > 15


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.parent.name)
def test_the_go_that_is_installed_is_new_enough_for_every_module(module: Path) -> None:
    (wanted,) = re.findall(r"^go (\S+)$", module.read_text(), re.MULTILINE)
    wheel, wanted = ([int(number) for number in version.split(".")] for version in (GO_WHEEL, wanted))
    assert wheel >= wanted


def test_nothing_lets_go_look_away() -> None:
    found = [str(path) for path in files() if path != _WRITES_PINS and looks_away(path)]
    assert found == []


def looks_away(path: Path) -> bool:
    return bool(_LOOKS_AWAY.search(path.read_bytes().decode(errors="replace")))


def test_a_person_s_own_settings_do_not_reach_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=mod -insecure")
    assert go_environment()["GOFLAGS"] == "-mod=readonly"


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("require example.com/a v1.0.0\n", 0),
        ("require example.com/a v1.0.1\n", 1),
        ("require (\n\texample.com/a v1.0.0\n\texample.com/b v1.0.0 // indirect\n)\n", 1),
        ("require example.com/a v1.0.0\nreplace example.com/a => example.com/a v1.0.0\n", 0),
        ("require example.com/a v1.0.0\nreplace example.com/a => example.com/fork v1.0.0\n", 1),
        ("require example.com/a v1.0.0\nreplace example.com/a => ../a\n", 1),
    ],
)
def test_a_module_without_checksum_is_found(module: str, found: int) -> None:
    sums = f"example.com/a v1.0.0 h1:{'A' * 43}=\nexample.com/a v1.0.0/go.mod h1:{'A' * 43}=\n"
    assert len(list(unsummed(f"module moka\n\ngo 1.26\n\n{module}", sums))) == found


@pytest.mark.parametrize(
    "line",
    [
        "GONOSUMDB: '*'",
        "export GONOSUMCHECK=1",
        'env["GOSUMDB"] = "off"',
        "GOFLAGS=-mod=mod go build",
        "GOINSECURE=*",
        "GOPRIVATE=*",
    ],
)
def test_a_setting_that_lets_go_look_away_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "run.sh").write_text(f"{line}\n")
    assert looks_away(tmp_path / "run.sh")
