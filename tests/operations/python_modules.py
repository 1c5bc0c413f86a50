"""Whether a module of this repository would take its arguments, asked of the parser that it has itself."""

import argparse
import io
import os
import runpy
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from unittest import mock

from tests.operations.pages import ROOT

# The modules that have one. Others are looked for and no more: they would run.
PARSED = frozenset(
    {"doctor", "local_cluster", "moka_images", "moka_logs", "moka_logs.event_log", "moka_smoke", "offline", "releases"}
)


class _ParsedError(BaseException):
    """The arguments are taken; the module must not go on."""


def mistakes(words: Sequence[str]) -> Iterator[str]:
    """What `python -m` would refuse in a command.

    Args:
        words: what follows `-m`: a module and its arguments.
    """
    module, *arguments = words
    if find_spec(module) is None:
        yield f"there is no module {module}"
    if module not in PARSED:
        return
    said = io.StringIO()
    parse = argparse.ArgumentParser.parse_known_args

    def only_parse(self: argparse.ArgumentParser, given: Sequence[str] | None = None, *others: object) -> object:
        found = parse(self, given, *others)  # pyright: ignore[reportCallIssue, reportArgumentType]
        # A parser of a subcommand is asked with what the whole has found so far.
        if not others or others[0] is None:
            if found[1]:
                self.error(f"unrecognized arguments: {' '.join(found[1])}")
            raise _ParsedError
        return found

    with (
        mock.patch.object(argparse.ArgumentParser, "parse_known_args", only_parse),
        mock.patch.object(sys, "argv", [module, *arguments]),
        mock.patch.dict(os.environ),
        redirect_stdout(said),
        redirect_stderr(said),
        chdir(ROOT),
        warnings.catch_warnings(),
    ):
        # Another test of the same process may have imported it.
        warnings.filterwarnings("ignore", "'[^']+' found in sys.modules", RuntimeWarning)
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=False)
        except _ParsedError:
            return
        except SystemExit as refused:
            yield f"exits with {refused.code}: {said.getvalue().strip().splitlines()[-1]}"
            return
    yield "has run, because it parses no arguments"
