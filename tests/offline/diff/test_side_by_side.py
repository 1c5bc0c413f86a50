"""One thing for several stacks, in processes of their own."""

import os
import subprocess
import sys

import pytest

from offline.diff.side_by_side import side_by_side

# In an interpreter that has not used gRPC, as the command's is.
TWO_AT_ONCE = """
import os, pathlib, sys, time
from offline.diff.side_by_side import side_by_side
place = pathlib.Path(sys.argv[1])
def work(stack):
    (place / stack).touch()
    end = time.monotonic() + 60
    while not (place / {"a": "b", "b": "a"}[stack]).exists():
        assert time.monotonic() < end, "the other one was not begun"
        time.sleep(0.01)
    return stack.upper(), os.getpid() != PARENT
PARENT = os.getpid()
print(side_by_side(work, ["a", "b"], 2))
"""


def test_two_are_looked_at_in_processes_of_their_own_and_answers_keep_their_order(tmp_path: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TWO_AT_ONCE, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[('A', True), ('B', True)]\n"


def test_with_one_process_and_for_one_stack_all_is_done_here() -> None:
    assert side_by_side(lambda each: (each, os.getpid()), ["a", "b"], 1) == [("a", os.getpid()), ("b", os.getpid())]
    assert side_by_side(lambda _: os.getpid(), ["a"], 8) == [os.getpid()]


def test_an_error_of_one_reaches_whoever_asked() -> None:
    def work(stack: str) -> str:
        raise ValueError(stack)

    with pytest.raises(ValueError, match="a"):
        side_by_side(work, ["a", "b"], 1)
