"""Packages of npm come by checksum, in exact versions, and run nothing while they are installed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.supply_chain.files import ROOT, files

_INSTALLS = re.compile(r"\bnpm[\"',]*\s+[\"']?(?:install|i|add|exec)\b|\bnpx\b")


def unsummed(lock: str) -> Iterator[str]:
    """Packages of a lock file without a checksum that is worth the name."""
    for place, package in json.loads(lock)["packages"].items():
        # What comes within another package is under its checksum.
        if place and not package.get("inBundle") and not str(package.get("integrity", "")).startswith("sha512-"):
            yield f"{place} has no SHA-512: run npm install --package-lock-only in its directory"


def loose(manifest: str) -> Iterator[str]:
    """Dependencies that another version would do for."""
    for name, version in json.loads(manifest).get("dependencies", {}).items():
        if not re.fullmatch(r"\d+\.\d+\.\d+", version):
            yield f"{name} is {version}: name one version"


def test_every_package_has_a_checksum_and_every_dependency_one_version() -> None:
    locks = list(files("**/package-lock.json"))
    assert [str(each.relative_to(ROOT)) for each in locks] == [
        "tools/eks_blueprints/package-lock.json",
        "tools/graphviz/package-lock.json",
        "tools/iam_simulate/package-lock.json",
        "tools/renovate/package-lock.json",
        "tools/site/package-lock.json",
    ]
    for lock in locks:
        assert list(unsummed(lock.read_text())) == []
        assert list(loose(lock.with_name("package.json").read_text())) == []


def test_packages_are_installed_from_the_lock_file_and_run_no_script() -> None:
    found = [str(each) for each in files("*.py", "**/*.py", "Makefile", ".github/**", "images/**") if installs(each)]
    assert found == []
    text = (ROOT / "offline" / "npm_program.py").read_text()
    assert '"ci", "--ignore-scripts"' in text


def installs(path: Path) -> bool:
    return bool(_INSTALLS.search(path.read_text()))


@pytest.mark.parametrize(
    ("lock", "manifest"),
    [
        ({"packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}, {}),
        ({"packages": {"node_modules/a": {"integrity": "sha1-abc"}}}, {}),
        ({"packages": {}}, {"dependencies": {"a": "^1.0.0"}}),
    ],
)
def test_a_package_that_could_be_another_one_is_found(lock: object, manifest: object) -> None:
    assert [*unsummed(json.dumps(lock)), *loose(json.dumps(manifest))]


@pytest.mark.parametrize("text", ["npm install a", "npx a", '["npm", "install"]', "npm i"])
def test_an_installation_without_the_lock_file_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text)
    assert installs(tmp_path / "a")
