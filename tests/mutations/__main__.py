"""Takes each control out of a copy of the program, and says which of its tests sees it.

    python -m tests.mutations [NUMBER...]

A control whose tests all pass without it is not held by them, and ends the run with 1.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from offline.progress import say
from policies.controls import CONTROLS
from tests.mutations.mutation import Mutation
from tests.mutations.table import MUTATIONS

PROJECT = Path(__file__).parents[2]
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_LEFT_OUT = (".git", ".venv", ".offline", ".cluster", "build", "__pycache__", "node_modules")
# Of pytest: some tests failed.
_TESTS_FAILED = 1


def main() -> None:
    """Run the mutations that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="controls; all without one")
    numbers = set(parser.parse_args().numbers)
    chosen = [each for each in MUTATIONS if not numbers or each.control in numbers]
    survived = 0
    with tempfile.TemporaryDirectory(prefix="moka-mutations-") as scratch:
        for mutation in chosen:
            start = time.monotonic()
            caught = _caught_by(mutation, Path(scratch))
            survived += not caught
            print(f"{mutation.control:>3}  {caught or 'NOTHING'}  {time.monotonic() - start:.0f} s", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} controls are missed by a test when they are gone")
    sys.exit(1 if survived else 0)


def _caught_by(mutation: Mutation, scratch: Path) -> str:
    """The first test that fails without the control; empty where none does."""
    copy = scratch / str(mutation.control)
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    (copy / ".venv").symlink_to(PROJECT / ".venv")
    mutation.make(copy)
    try:
        for check in _checks_of(mutation.control):
            say(f"control {mutation.control}: {check}")
            # A stack that does not come up any more was caught as well, and is an error of a fixture.
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", check],
                cwd=copy, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode == _TESTS_FAILED and (failed := _FAILED.search(done.stdout)):
                return failed[1]
            if done.returncode not in (0, _TESTS_FAILED):
                raise SystemExit(f"{check} could not be run:\n{(done.stdout + done.stderr)[-3000:]}")
    finally:
        shutil.rmtree(copy)
    return ""


def _checks_of(number: int) -> Iterator[str]:
    """A control's tests; those of a real cluster are left to `make verify-cluster`."""
    (control,) = (each for each in CONTROLS if each.number == number)
    yield from (each for each in control.checks if not each.startswith("tests/local_cluster/"))


main()
