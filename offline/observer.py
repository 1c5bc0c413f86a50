"""Reads the engine's event log of one run: what changes, what fails, how far it is.

Source: pulumi/pulumi, sdk/go/common/apitype/events.go.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from offline.component_tree import STACK, Step, is_counted, place_in
from offline.errors import EngineError
from offline.progress import Standing
from offline.providers.names import urn_name, urn_type
from offline.summary import Change

# What the engine says of the run as a whole when a resource or the program has already said why. The last is the SDK's
# word for an engine that has ended before the program, which only the CLI's own words explain.
_ECHOES = frozenset(
    {
        "update failed",
        "preview failed",
        "destroy failed",
        "refresh failed",
        "resource registration failed",
        "Resource monitor has terminated, shutting down",
    }
)
_PROGRAM_REPORT = "python inline source runtime error: "
_PROGRAM_ECHOES = ("an unhandled error occurred: ", _PROGRAM_REPORT, "the program failed: ")
_UNCHANGED = frozenset({"same", "read", "refresh"})
_REPLACEMENT_STEPS = frozenset({"create-replacement", "delete-replaced", "discard-replaced"})
_CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"


class Observer:
    """The events of one run.

    Args:
        log: the file the engine writes one JSON object a line into.
        expected: how many resources the run will come to; 0 where nobody knows.

    `identifiers` holds the id of each resource by its URN, where it is known; `made` what each is after the run, as a
    deployment describes it, secrets masked; `program_report` is what the SDK said of an exception in the program, with
    its traceback.
    """

    def __init__(self, log: Path, expected: int = 0) -> None:
        self._log, self._expected = log, expected
        self._taken_in_bytes = 0
        self._changed: dict[str, Change] = {}
        self._errors: dict[str, None] = {}
        self._steps: dict[tuple[str, str], Step] = {}
        self._finished: set[str] = set()
        self.counts: dict[str, int] = {}
        self.identifiers: dict[str, str] = {}
        self.made: dict[str, dict[str, Any]] = {}
        self.program_report = ""

    @property
    def changed(self) -> tuple[Change, ...]:
        """The resources that are not left as they are."""
        return tuple(self._changed.values())

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done with each resource that the engine counts."""
        return tuple(self._steps.values())

    def how_far(self) -> Standing:
        """For whoever waits while the run goes on."""
        self.read()
        place = place_in(self._steps.values())
        return Standing(f"in {place}" if place else "", len(self._finished), self._expected, "resources")

    def read(self) -> None:
        """Take in what was logged since the last time."""
        for event in self._events():
            if "resourcePreEvent" in event:
                self._step(event["resourcePreEvent"]["metadata"])
            for kind in ("resourcePreEvent", "resOutputsEvent"):
                if made := event.get(kind, {}).get("metadata", {}).get("new"):
                    self.made[made["urn"]] = made
            if "resOutputsEvent" in event:
                self._finish(event["resOutputsEvent"]["metadata"])
            if event.get("diagnosticEvent", {}).get("severity") == "error":
                self._error(event["diagnosticEvent"])
            if "summaryEvent" in event:
                self.counts = event["summaryEvent"].get("resourceChanges") or {}

    def error(self) -> EngineError | None:
        """Everything the engine and the providers refused, or nothing."""
        return EngineError("\n".join(self._errors)) if self._errors else None

    def _events(self) -> Iterator[dict[str, Any]]:
        if not self._log.is_file():
            return
        with self._log.open("rb") as log:
            log.seek(self._taken_in_bytes)
            # The engine may be in the middle of the last line, and of a character in it.
            whole, end, _ = log.read().rpartition(b"\n")
        self._taken_in_bytes += len(whole + end)
        for line in whole.split(b"\n") if end else ():
            yield json.loads(line)

    def _step(self, step: dict[str, Any]) -> None:
        operation, urn = step["op"], step["urn"]
        if operation in _REPLACEMENT_STEPS:
            return
        state = step.get("new") or step.get("old") or {}
        if is_counted(urn):
            # What was read back says at the end of its step whether it differs (pulumi/pulumi, pkg/engine/update.go).
            done = "same" if operation == "refresh" else operation
            self._steps[urn, operation] = Step(done, urn, state.get("parent") or "", not state.get("custom"))
        if operation not in _UNCHANGED:
            properties, replaces = tuple(step.get("diffs") or ()), tuple(step.get("keys") or ())
            self._changed[urn] = Change(operation, urn, properties, replaces, _lost_with(step))

    def _finish(self, step: dict[str, Any]) -> None:
        urn, made = step["urn"], step.get("new")
        if made and made["id"]:
            self.identifiers[urn] = made["id"]
        if is_counted(urn):
            self._finished.add(urn)
        begun = self._steps.get((urn, "refresh"))
        if begun and step["op"] not in _UNCHANGED:
            self._steps[urn, "refresh"] = replace(begun, operation=step["op"])
            self._changed[urn] = Change(step["op"], urn, tuple(step.get("diffs") or ()))

    def _error(self, diagnostic: dict[str, Any]) -> None:
        message = diagnostic["message"].strip()
        if message.startswith(_PROGRAM_REPORT):
            self.program_report = message
        if not message or message in _ECHOES or message.startswith(_PROGRAM_ECHOES):
            return
        urn = diagnostic.get("urn") or ""
        place = f"{urn_type(urn)} {urn_name(urn)}: " if urn and urn_type(urn) != STACK else ""
        if urn:
            message = message.removeprefix(f"{urn_type(urn)} resource '{urn_name(urn)}' has a problem: ")
            # A judge's sentence begins with the resource.
            message = message.removeprefix(place.removesuffix(": ")).lstrip(", ")
        self._errors[place + message] = None


def _lost_with(step: dict[str, Any]) -> str:
    """What goes with a claim: the volume that its class had made for it, and not one that it names."""
    if step["op"] not in ("delete", "replace") or urn_type(step["urn"]) != _CLAIM:
        return ""
    spec = ((step.get("old") or {}).get("inputs") or {}).get("spec") or {}
    return "" if spec.get("volumeName") else "its volume and all data on it are deleted"
