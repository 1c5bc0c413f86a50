"""Whether two revisions can differ at all, from their files."""

import shutil
from pathlib import Path

import pytest

from components.settings import STACKS
from offline.diff.dependencies import reading
from offline.diff.sources import same_sources, sources_of
from offline.engine import OfflineEngine

PROJECT = STACKS.parent
FILES = {
    "Pulumi.yaml": "name: p\nruntime: python\nstackConfigDir: stacks\n",
    "stacks/Pulumi.dev.yaml": "config: {}\n",
    "stacks/notes.md": "about them\n",
    "__main__.py": "from parts.one import main\n\nmain()\n",
    "parts/__init__.py": "",
    "parts/one.py": "def main():\n    import other\n    other.main()\n",
    "parts/files/rules.yaml": "a: 1\n",
    "other.py": "import os.path\nfrom . import sibling\n\ndef main(): ...\n",
    "docs/page.md": "a page\n",
    "tests/test_it.py": "import other\n",
}


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in FILES.items():
        file = tmp_path / "base" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    shutil.copytree(tmp_path / "base", tmp_path / "head")
    return tmp_path / "base", tmp_path / "head"


def test_what_the_entry_point_imports_and_its_stack_files_are_sources(two: tuple[Path, Path]) -> None:
    assert sources_of(two[0]) == [
        "Pulumi.yaml",
        "__main__.py",
        "other.py",
        "parts/__init__.py",
        "parts/files/rules.yaml",
        "parts/one.py",
        "stacks/Pulumi.dev.yaml",
    ]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("docs/page.md", "another"),
        ("tests/test_it.py", "import another"),
        ("stacks/notes.md", "more"),
        ("other.py", "# why\n" + FILES["other.py"]),
        ("parts/files/rules.yaml", "a:   1  # one\n"),
        ("requirements.txt", "more\n"),
    ],
)
def test_comments_and_what_nobody_imports_make_no_difference(two: tuple[Path, Path], file: str, text: str) -> None:
    (two[1] / file).write_text(text)
    assert same_sources(*two)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("__main__.py", "from parts.one import main\n"),
        ("other.py", "def main(): return 1\n"),
        ("other.py", "def main(:\n"),
        ("parts/files/rules.yaml", "a: 2\n"),
        ("parts/more.py", ""),
        ("stacks/Pulumi.dev.yaml", "config: {a: 1}\n"),
        ("Pulumi.yaml", FILES["Pulumi.yaml"].replace("name: p", "name: q")),
    ],
)
def test_what_the_program_is_made_of_makes_one(two: tuple[Path, Path], file: str, text: str) -> None:
    (two[1] / file).write_text(text)
    assert not same_sources(*two)


def test_everything_that_the_real_program_reads_is_among_its_sources(tmp_path: Path) -> None:
    with reading(PROJECT) as reads:
        OfflineEngine(PROJECT, tmp_path, judges=tuple).planned("test")
    own = {each for each in reads.files if not each.startswith(("offline/", "tests/"))}
    assert len(own) > 200
    assert own <= set(sources_of(PROJECT))
