"""An API server's opinion of objects, and Helm's of charts: one process that is asked many times, and its client.

The process answers in order, one line a question; its source is `tools/kubernetes`. It starts with the first question
and ends with its client.
"""

import json
import subprocess
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from offline.checks.kept import KeptAnswers, digest_of
from offline.checks.kubernetes.program import find_program
from offline.errors import OfflineError
from offline.progress import say
from offline.providers.values import UNKNOWN, Properties

_PATIENCE_SECONDS = 5.0
_TAIL = 2000


class ApiServerError(OfflineError):
    """The process that judges Kubernetes objects has ended or does not answer as it should."""


class UnsupportedObjectError(Exception):
    """The process can't judge an object; the text says why."""


class CustomKindError(UnsupportedObjectError):
    """The object is of a kind that is not Kubernetes' own, so that only its definition says what is right."""


@dataclass(frozen=True)
class Problem:
    """One thing that the API server or Helm refuses.

    Args:
        check: `decoding`, `validation`, `pod-security`, `takeover` or `chart`.
        reason: the API server's class of the problem.
        field: path in the object; empty for the whole.
        detail: the API server's explanation.
    """

    check: str
    reason: str
    field: str
    detail: str


@dataclass(frozen=True)
class Chart:
    """A chart, and what it is given.

    Args:
        path: of its directory or archive.
        release: name of the release.
        namespace: of the release.
        values: what it is given, without marks.
    """

    path: Path
    release: str
    namespace: str
    values: Properties


@dataclass(frozen=True)
class Rendering:
    """What Helm makes of a chart.

    Args:
        version: of the chart.
        definitions: objects in its directory `crds`, which come with the first installation.
        objects: of its templates, in the order in which Helm makes them.
        hooks: objects that come and go with an installation or an upgrade.
    """

    version: str
    definitions: Sequence[Properties]
    objects: Sequence[Properties]
    hooks: Sequence[Properties]


def _cached_program() -> Path:
    return find_program(say)


class ApiServer:
    """Asks the process; any thread may ask.

    Args:
        program: where the executable is, asked before the process starts.
        kept: answers of the same program in earlier processes, and this one's for later ones; None for no such.
    """

    def __init__(self, program: Callable[[], Path] = _cached_program, kept: KeptAnswers | None = None) -> None:
        self._program, self._kept = program, kept
        self._process: subprocess.Popen[str] | None = None
        self._questions = 0
        self._lock = threading.Lock()

    def problems(
        self,
        content: Properties,
        old: Properties | None = None,
        *,
        level: str = "",
        version: str = "latest",
        definition: Properties | None = None,
    ) -> list[Problem]:
        """What the API server refuses in an object, or in its update.

        Args:
            content: the object, without secret marks; unknown values are judged as far as their places allow.
            old: the object that it updates.
            level: Pod Security level that its pods must satisfy; not judged when empty.
            version: of the Pod Security standard.
            definition: the CustomResourceDefinition of the object's kind, where it is not Kubernetes' own.

        Raises:
            CustomKindError: for an object that needs a definition.
            UnsupportedObjectError: for an object that it can't judge.
            ApiServerError: when the process has ended.
        """
        question = {"object": content, "unknown": UNKNOWN, "level": level, "version": version}
        if old is not None:
            question["old"] = old
        if definition is not None:
            question["definition"] = definition
        return self._problems(self._answer_to(question))

    def conflicts(self, content: Properties) -> list[Problem]:
        """Fields that another owner could not apply, although it applied the same object.

        Args:
            content: the object, without secret marks, as it was applied.

        Raises:
            UnsupportedObjectError: for an object that it can't judge.
            ApiServerError: when the process has ended.
        """
        return self._problems(self._answer_to({"object": content, "unknown": UNKNOWN, "takeover": True}))

    def is_custom(self, version: str, kind: str) -> bool:
        """Whether a kind is not Kubernetes' own, so that only its definition says what is right.

        Raises:
            ApiServerError: when the process has ended.
        """
        question = {"object": {"apiVersion": version, "kind": kind}}
        return bool(self._answer_to(question, quotes_values=False).get("custom"))

    def rendering(self, chart: Chart, *, is_kept: bool = False) -> tuple[Rendering | None, list[Problem]]:
        """What Helm makes of a chart, if it can, and what it refuses; values that the chart does not know among it.

        Args:
            chart: what is rendered.
            is_kept: whether another process may know it: the path says what is in it, and no value is a secret.

        Raises:
            ApiServerError: when the process has ended.
        """
        asked = {"path": str(chart.path), "release": chart.release, "namespace": chart.namespace}
        question = {"chart": {**asked, "values": chart.values}}
        answer = self._answer_to(question) if is_kept else self._ask(question)
        made = answer.get("rendering")
        rendering = made and Rendering(made["version"], made["definitions"], made["objects"], made["hooks"])
        return rendering, self._problems(answer)

    def close(self) -> None:
        """End the process; the next question starts another."""
        with self._lock:
            if self._process is not None:
                _end(self._process)
                self._process = None

    def _problems(self, answer: Properties) -> list[Problem]:
        if reason := answer.get("unsupported"):
            raise CustomKindError(reason) if answer.get("custom") else UnsupportedObjectError(reason)
        return [
            Problem(each["check"], each["reason"], each["field"], each["detail"]) for each in answer["problems"] or ()
        ]

    def _answer_to(self, question: Properties, *, quotes_values: bool = True) -> dict[str, Any]:
        """The process's answer, or the one that it gave before. One that may quote values is not kept."""
        if self._kept is None:
            return self._ask(question)
        digest = digest_of(json.dumps(question))
        answer = self._kept.answer_to(digest)
        if answer is None:
            answer = self._ask(question)
            is_verdict = answer.get("custom") or not answer.get("unsupported")
            if not quotes_values or (is_verdict and not answer["problems"]):
                self._kept.keep(digest, answer)
        return answer

    def _ask(self, question: Properties) -> dict[str, Any]:
        with self._lock:
            if self._process is None:
                self._process = self._start()
            process = self._process
            self._questions += 1
            line = json.dumps({"id": self._questions, **question})
            try:
                written, read = _pipes(process)
                written.write(line + "\n")
                written.flush()
                answer = read.readline()
            except OSError as error:
                raise self._lost(process) from error
            if not answer.endswith("\n"):
                raise self._lost(process)
            parsed: dict[str, Any] = json.loads(answer)
            if parsed.get("id") != self._questions:
                raise self._lost(process)
            return parsed

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [str(self._program())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Ctrl-C reaches every process of the terminal's group; the run ends this one when it has ended itself.
            start_new_session=True,
        )
        weakref.finalize(self, _end, process)
        return process

    def _lost(self, process: subprocess.Popen[str]) -> ApiServerError:
        """The error of a process that no longer answers; the next question starts another."""
        self._process = None
        says = _end(process)
        return ApiServerError(
            "The program that judges Kubernetes objects ended "
            f"(exit code {process.returncode}). Run the same command again; what it said last:\n{says or '  nothing'}"
        )


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipes")
    return process.stdin, process.stdout


def _end(process: subprocess.Popen[str]) -> str:
    """Close the process's input, which ends it; returns the last of what it said to standard error."""
    try:
        says = process.communicate(timeout=_PATIENCE_SECONDS)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        says = process.communicate()[1]
    except (OSError, ValueError):
        # Its pipe broke, or it was ended before.
        process.kill()
        process.wait()
        return ""
    return (says or "")[-_TAIL:].strip()
