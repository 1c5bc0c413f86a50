"""What the commands' exit codes say, and a code for every way in which a command can end.

Python's own code for an error that nobody foresaw is 1, which here means that nothing was found. So whatever runs a
command is `answered`, imports included: this module needs the standard library alone. 130 and 141 are what a shell
reports for a program that SIGINT or SIGPIPE ended: 128 and the signal's number.
"""

import contextlib
import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from moka_logs.text import show_any_text

FOUND, NONE, USAGE, REFUSED, FAILED = 0, 1, 2, 3, 4
INTERRUPTED, CLOSED = 130, 141

_WAY = ParamSpec("_WAY")


def described(found: str, none: str, asked: str = "AWS") -> str:
    """The codes in one sentence, for a command's help.

    Args:
        found: what it means that something was found.
        none: what it means that nothing was.
        asked: who may refuse.
    """
    return (
        f"exit codes: {FOUND} {found}, {NONE} {none}, {USAGE} wrong usage, "
        f"{REFUSED} {asked} refused or can't be reached, "
        f"{FAILED} it could not finish (standard error says why), {INTERRUPTED} interrupted (Ctrl-C), "
        f"{CLOSED} the reader of its output went away"
    )


def answered_as(program: str, unknown: str) -> Callable[[Callable[_WAY, int]], Callable[_WAY, int]]:
    """Makes a command end with one of the codes, whatever happens in it.

    Args:
        program: what its messages begin with.
        unknown: what is not known when an error ends it.

    Returns:
        What turns a command, which gives an exit code or raises SystemExit for wrong usage as argparse does, into one
        that always gives a code.
    """
    return lambda command: _answered(command, program, unknown)


answered = answered_as("moka_logs", "whether there are lines")


def _answered(command: Callable[_WAY, int], program: str, unknown: str) -> Callable[_WAY, int]:
    @wraps(command)
    def run(*arguments: _WAY.args, **named: _WAY.kwargs) -> int:
        for name in ("stdout", "stderr"):
            # None where it was closed when the program started, which would send errors to the output.
            stream = getattr(sys, name) or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
            show_any_text(stream)
            setattr(sys, name, stream)
        try:
            try:
                return command(*arguments, **named)
            finally:
                # What is written last must not fail when the interpreter ends, which has a code of its own for it.
                sys.stdout.flush()
        except KeyboardInterrupt:
            code = INTERRUPTED
        except BrokenPipeError:
            code = CLOSED
        except Exception as error:  # every other one would end as "nothing was found"
            code = FAILED
            with contextlib.suppress(OSError):
                _report(error, program, unknown)
        _drop_what_cannot_be_written()
        return code

    return run


def _report(error: Exception, program: str, unknown: str) -> None:
    if isinstance(error, OSError):
        print(f"{program}: {error}. It could not finish.", file=sys.stderr, flush=True)
        return
    traceback.print_exception(error)
    print(f"{program}: this is an error of the program, no answer: {unknown} is not known.", file=sys.stderr)


def _drop_what_cannot_be_written() -> None:
    """Python would complain once more about a closed pipe or a full disk when it ends, and change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
