"""Lines at the foot of a terminal, one for each step that lasts, which move while it does.

Everything else that is printed meanwhile comes to stand above them. They go when the last step ends, however it ends.
"""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column

from offline.progress import Standing
from offline.terminal.console import console_for

_PER_SECOND = 8
_BAR_WIDTH = 16
_LONGEST_WHAT = 40


class MovingLines:
    """The lines of one process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._progress: _Steps | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is a line."""
        return self._progress is not None

    def say(self, line: str) -> None:
        """Print a line above them."""
        with self._lock:
            console = self._progress.console if self._progress else console_for(sys.stderr)
            console.print(line, soft_wrap=True)

    @contextmanager
    def showing(self, what: str, detail: Callable[[], Standing]) -> Iterator[None]:
        """Show a line for a step while the context lasts.

        Args:
            what: the step.
            detail: how far it is; asked several times a second.
        """
        step = object()
        try:
            # Ctrl-C can come while the first lines are drawn, which must go then as well.
            with self._lock:
                if self._progress is None:
                    self._progress = _steps()
                    _start(self._progress)
                self._progress.add_task(what, total=None, step=step, detail=detail, standing="")
            yield
        finally:
            with self._lock:
                self._end(step)

    def _end(self, step: object) -> None:
        progress = self._progress
        if progress is None:
            return
        for task in progress.tasks:
            if task.fields["step"] is step:
                progress.remove_task(task.id)
        if not progress.tasks:
            progress.stop()
            self._progress = None


class _Steps(Progress):
    """Asks each step how far it is whenever its line is drawn."""

    def get_renderables(self) -> Iterable[RenderableType]:
        for task in self.tasks:
            standing: Standing = task.fields["detail"]()
            total = standing.total if standing.total >= standing.done else None
            self.update(task.id, completed=standing.done, total=total or None, standing=str(standing))
        yield from super().get_renderables()


def _steps() -> _Steps:
    console = console_for(sys.stderr)
    is_ascii = console.options.ascii_only
    what = Column(no_wrap=True, overflow="ellipsis", max_width=_LONGEST_WHAT)
    standing = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    return _Steps(
        SpinnerColumn("line" if is_ascii else "dots", style="update"),
        TextColumn("{task.description}", table_column=what, markup=False),
        BarColumn(_BAR_WIDTH, complete_style="create", finished_style="create", pulse_style="update"),
        TextColumn("{task.fields[standing]}", table_column=standing, markup=False),
        TimeElapsedColumn(),
        console=console,
        refresh_per_second=_PER_SECOND,
        transient=True,
        # What a program prints to the same terminal would tear the lines apart; to a file it must get as it is.
        redirect_stdout=sys.stdout.isatty(),
        redirect_stderr=True,
        expand=True,
    )


def _start(progress: _Steps) -> None:
    progress.start()
    # Whoever kills the process gets the cursor back as well.
    progress.console.show_cursor(True)
