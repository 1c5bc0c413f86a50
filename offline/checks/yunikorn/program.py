"""The program that reads a queue file as YuniKorn does: built from `tools/yunikorn`, and asked once a question."""

import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from offline.errors import OfflineError
from offline.go_build import MODULES, GoProgram
from offline.own_program import own_program
from offline.progress import Say, say

MODULE = MODULES / "yunikorn"
_PATIENCE_SECONDS = 60


class QueueFileError(OfflineError):
    """The program that reads queue files does not answer as it should."""


@dataclass(frozen=True)
class Verdict:
    """What YuniKorn makes of a queue file.

    Args:
        refused: why it does not take the file; empty where it does.
        ignored: properties of queues that it passes over without a word, each with its queue and the reason.
        placed: namespace to the queue of its applications; an empty name where it rejects them.
    """

    refused: str
    ignored: tuple[str, ...]
    placed: dict[str, str]


def find_queue_reader(report: Say) -> Path:
    """The program's executable; built where the cache holds none.

    Args:
        report: where the signs of life of a build go.

    Raises:
        MissingToolError: when it can't be built; the message ends with the compiler's last lines.
    """
    program = GoProgram("yunikorn", MODULE, duration="about half a minute on 2 cores the first time")
    return own_program(program, "yunikorn-queue-reader", "YuniKorn's own checks", report)


@cache
def verdict(file: str, namespaces: tuple[str, ...] = ()) -> Verdict:
    """What YuniKorn makes of a queue file.

    Args:
        file: its text.
        namespaces: of applications that it has to place.

    Raises:
        MissingToolError: when the program can't be built.
        QueueFileError: when it does not answer.
    """
    question = json.dumps({"file": file, "namespaces": namespaces})
    command = [str(find_queue_reader(say))]
    done = subprocess.run(
        command, input=question, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS
    )
    if done.returncode != 0:
        raise QueueFileError(f"The program that reads YuniKorn's queue file ended:\n{done.stderr.strip()}")
    answer = json.loads(done.stdout)
    return Verdict(answer.get("refused", ""), tuple(sorted(answer["ignored"])), answer["placed"])
