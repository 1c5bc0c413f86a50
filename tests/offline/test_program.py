"""One program after the other has the interpreter's modules, however the one before ended."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline.program import InlineProgram

NAME = "module_of_a_program"


@pytest.fixture(autouse=True)
def own_module() -> Iterator[object]:
    """A module of the caller's, under a name that programs have as well."""
    sys.modules[NAME] = mine = type(sys)(NAME)
    yield mine
    del sys.modules[NAME]


def program(root: Path) -> InlineProgram:
    root.mkdir()
    (root / f"{NAME}.py").write_text(f"place = {str(root)!r}\n")
    return InlineProgram(root)


def test_a_program_waits_for_the_one_before_it_and_what_the_caller_has_imported_is_back_afterwards(
    tmp_path: Path, own_module: object
) -> None:
    first, second = program(tmp_path / "first"), program(tmp_path / "second")
    runs, may_end, seen = threading.Event(), threading.Event(), list[str]()

    def linger() -> None:
        with first.imports():
            seen.append(__import__(NAME).place)
            runs.set()
            may_end.wait()

    def follow() -> None:
        with second.imports():
            seen.append(__import__(NAME).place)

    threads = [threading.Thread(target=linger), threading.Thread(target=follow)]
    threads[0].start()
    runs.wait()
    threads[1].start()
    threads[1].join(timeout=0.3)
    assert seen == [str(tmp_path / "first")]
    may_end.set()
    for each in threads:
        each.join()
    assert seen == [str(tmp_path / "first"), str(tmp_path / "second")]
    assert sys.modules[NAME] is own_module


def test_one_that_never_ends_is_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline.program._PATIENCE_SECONDS", 0.1)
    first, second = program(tmp_path / "first"), program(tmp_path / "second")
    with first.imports(), second.imports():
        assert __import__(NAME).place == str(tmp_path / "second")
