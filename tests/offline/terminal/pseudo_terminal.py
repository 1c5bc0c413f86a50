"""Runs a command as in a terminal of a given width, and shows what is on its screen then."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"
_PATIENCE_SECONDS = 60.0
_PART = re.compile(r"\x1b\[(?P<numbers>[?\d;]*)(?P<final>[A-Za-z])|(?P<control>[\r\n])|(?P<text>[^\x1b\r\n]+)")


@dataclass(frozen=True)
class Seen:
    """What a terminal was sent, and how the command ended."""

    sent: str
    code: int

    @property
    def screen(self) -> list[str]:
        """Lines that are left on it. Knows what moves the cursor here: line ends, up, and erasing a line."""
        lines, row, column = [""], 0, 0
        for part in _PART.finditer(self.sent):
            if part["text"]:
                line = lines[row].ljust(column)
                lines[row] = line[:column] + part["text"] + line[column + len(part["text"]) :]
                column += len(part["text"])
            elif part["control"] == "\r":
                column = 0
            elif part["control"] == "\n":
                row += 1
                lines += [""] * (row + 1 - len(lines))
            elif part["final"] == "A":
                row -= int(part["numbers"] or 1)
            elif part["final"] == "K":
                lines[row] = ""
        return [line.rstrip() for line in lines]

    @property
    def has_cursor(self) -> bool:
        """Whether the cursor can be seen at the end."""
        return self.sent.rfind(SHOWN) > self.sent.rfind(HIDDEN)


def seen(
    command: Sequence[str],
    *,
    columns: int = 80,
    variables: Mapping[str, str] | None = None,
    stop_at: str = "",
    number: signal.Signals = signal.SIGINT,
) -> Seen:
    """Run a command in a terminal to its end.

    Args:
        command: the command.
        columns: how wide the terminal is.
        variables: environment beside TERM.
        stop_at: text at which the command gets a signal.
        number: the signal; Ctrl-C unless given.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    inherited = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    environment = {**inherited, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **(variables or {})}
    # A shell lets what runs in its background ignore Ctrl-C, and these tests may run there: what is handled here is not
    # ignored by a command that starts now.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=environment, start_new_session=True
    ) as process:
        signal.signal(signal.SIGINT, handler)
        os.close(theirs)
        sent, deadline, is_stopped = b"", time.monotonic() + _PATIENCE_SECONDS, False
        while time.monotonic() < deadline:
            if not select.select([ours], [], [], 0.1)[0]:
                continue
            try:
                read = os.read(ours, 1 << 16)
            except OSError:
                # Linux answers so once nobody has the other end any more.
                break
            if not read:
                break
            sent += read
            if stop_at and not is_stopped and stop_at.encode() in sent:
                process.send_signal(number)
                is_stopped = True
        else:
            process.kill()
    os.close(ours)
    return Seen(sent.decode(), process.returncode)
