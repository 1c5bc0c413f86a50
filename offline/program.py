"""Runs a project's `__main__.py` inside this process, as the engine's inline program.

Each run starts from the files: modules that the program imports from the project's own directory are forgotten before
and after, so four stacks in one process share no state. Third-party modules stay.
"""

import re
import runpy
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pulumi

from offline.errors import ProgramError

_TRACEBACK = "Traceback (most recent call last):"
_FRAME = re.compile(r'  File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<function>.+)')


# Who has the interpreter's table of modules.
_table = threading.Lock()
_PATIENCE_SECONDS = 30.0


class InlineProgram:
    """The program, and the first exception that it raised.

    Args:
        root: the project's directory.
        code: where the modules lie that it imports; the project's directory unless given.
    """

    def __init__(self, root: Path, code: Path | None = None) -> None:
        self._root, self._code = root, code or root
        self.failure: ProgramError | None = None

    def __call__(self) -> None:
        try:
            runpy.run_path(str(self._root / "__main__.py"), run_name="__main__")
        except Exception as error:
            self.failure = self._explained(error)
            raise pulumi.RunError(str(self.failure)) from error

    def note(self, report: str) -> None:
        """Take note of an exception in a callback, of which the SDK only hands on the traceback as text."""
        lines = report.strip().splitlines()
        if self.failure is not None or _TRACEBACK not in lines:
            return
        own = [match for line in lines if (match := _FRAME.match(line)) and self._is_own(match["file"])]
        place = f"{own[-1]['file']}:{own[-1]['line']} in {own[-1]['function']}: " if own else ""
        start = max(index for index, line in enumerate(lines) if line.startswith(" ")) + 1
        raised = "\n".join(lines[start:])
        class_name, _, message = raised.partition(": ")
        is_own = class_name.split(".")[0] in {path.stem for path in self._code.iterdir()}
        self.failure = ProgramError(message if is_own else place + raised, report)

    @contextmanager
    def imports(self) -> Iterator[None]:
        """Imports as the program needs them: the project's directory first, none of its modules loaded yet."""
        with _alone():
            yield from self._imports()

    def _imports(self) -> Iterator[None]:
        before, path = self._forget(), list(sys.path)
        sys.path.insert(0, str(self._root))
        try:
            # As in an interpreter of its own: a caller that turns warnings into errors does not mean the program.
            with warnings.catch_warnings():
                warnings.resetwarnings()
                warnings.simplefilter("ignore", DeprecationWarning)
                warnings.simplefilter("ignore", ResourceWarning)
                yield
        finally:
            # A program may add to it what lies beside its directory.
            sys.path[:] = path
            self._forget()
            sys.modules.update(before)

    def _forget(self) -> dict[str, ModuleType]:
        """Take the project's modules out of the interpreter's table, all but this package and the tests.

        By name, because a module of the same name from another copy of the project would shadow this one's.
        """
        names = {path.stem for path in self._code.iterdir()} - {"offline", "tests", "__main__", "conftest"}
        own = {name: module for name, module in list(sys.modules.items()) if name.split(".")[0] in names}
        for name in own:
            del sys.modules[name]
        return own

    def _belongs(self, module: ModuleType) -> bool:
        file = getattr(module, "__file__", None)
        return file is not None and self._is_own(file)

    def _is_own(self, file: str) -> bool:
        path = Path(file)
        return path.is_relative_to(self._code) and "site-packages" not in path.parts

    def _explained(self, error: Exception) -> ProgramError:
        """An error class of the project's own speaks for itself; any other is shown with its place."""
        trace = "".join(traceback.format_exception(error))
        module = sys.modules.get(type(error).__module__)
        if module is not None and self._belongs(module) and module.__name__ != "__main__":
            return ProgramError(str(error), trace)
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if self._is_own(frame.filename)]
        place = f"{own[-1].filename}:{own[-1].lineno} in {own[-1].name}: " if own else ""
        return ProgramError(f"{place}{type(error).__name__}: {error}", trace)


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until the program before this one has ended.

    A program that failed is still ending for a moment when its run is over. It would put back the modules that it found
    in the middle of the next one. A program that sleeps is not waited for without end.
    """
    is_alone = _table.acquire(timeout=_PATIENCE_SECONDS)
    try:
        yield
    finally:
        if is_alone:
            _table.release()
