"""Which files decide what a program makes."""

import runpy
import sys
from pathlib import Path

import pytest

from offline.diff.dependencies import Dependencies, reading

PROGRAM = """
import pathlib
import part

ANSWER = part.ANSWER
TEXTS = [each.read_text() for each in sorted(pathlib.Path(__file__).parent.glob("files/*.yaml"))]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "files").mkdir(parents=True)
    (root / "docs").mkdir()
    (root / "docs" / "page.md").write_text("a page")
    (root / "__main__.py").write_text(PROGRAM)
    (root / "part.py").write_text("ANSWER = 42\n")
    (root / "unused.py").write_text("ANSWER = 1\n")
    (root / "files" / "one.yaml").write_text("a: 1\n")
    (root / "stack.yaml").write_text("b: 1\n")
    return root


def dependencies_of(root: Path) -> Dependencies:
    sys.path.insert(0, str(root))
    sys.modules.pop("part", None)
    try:
        with reading(root) as reads:
            runpy.run_path(str(root / "__main__.py"))
    finally:
        sys.path.remove(str(root))
        sys.modules.pop("part", None)
    return Dependencies.of(reads, "stack.yaml")


def change(root: Path, file: str, text: str) -> None:
    (root / file).write_text(text)


def test_files_that_the_program_reads_and_those_that_are_named_decide_it(project: Path) -> None:
    assert {"__main__.py", "part.py", "files/", "files/one.yaml", "stack.yaml"} <= dependencies_of(
        project
    ).digests.keys()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("docs/page.md", "another page"),
        ("unused.py", "ANSWER = 2\n"),
        ("another.py", "ANSWER = 3\n"),
        ("part.py", "# why it is 42\nANSWER   =   42\n"),
        ("files/one.yaml", "# said again\na:   1\n"),
        ("stack.yaml", "{b: 1}\n"),
    ],
)
def test_what_the_program_never_sees_decides_nothing(project: Path, file: str, text: str) -> None:
    found = dependencies_of(project)
    change(project, file, text)
    assert found.hold_in(project)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("__main__.py", PROGRAM + "MORE = 1\n"),
        ("part.py", "ANSWER = 43\n"),
        ("part.py", "ANSWER = \n"),
        ("files/one.yaml", "a: 2\n"),
        ("files/one.yaml", "a: [\n"),
        ("files/two.yaml", "c: 1\n"),
        ("stack.yaml", "b: 2\n"),
    ],
)
def test_what_the_program_sees_decides_it(project: Path, file: str, text: str) -> None:
    found = dependencies_of(project)
    change(project, file, text)
    assert not found.hold_in(project)


def test_a_module_that_is_gone_decides_it_though_it_was_compiled_before(project: Path) -> None:
    dependencies_of(project)
    found = dependencies_of(project)
    assert "part.py" in found.digests
    (project / "part.py").unlink()
    assert not found.hold_in(project)


def test_they_are_the_same_once_they_were_written_down(project: Path) -> None:
    found = dependencies_of(project)
    assert Dependencies.from_json(found.to_json()) == found


def test_nothing_is_noted_once_the_program_has_ended(project: Path) -> None:
    with reading(project) as reads:
        pass
    (project / "part.py").read_text()
    assert reads.files == set()
