"""Gathers what the judges find in one run, so that a preview reports every mistake at once.

A preview goes on after a finding and is refused at its end. An update refuses at the resource, because there values
are known that a preview could not judge, and nothing wrong may be made; what shows only among resources whose ids had
to be made first is said at its end.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from offline.checks.finding import Finding
from offline.checks.graph import Graph
from offline.checks.judge import Judge
from offline.checks.judges import findings_among, findings_in
from offline.errors import OfflineError
from offline.providers.resource import Failure, Resource


class RefusedError(OfflineError):
    """The judges refuse the program's resources."""

    def __init__(self, stack: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(_first_opinions(findings))
        lines = sorted({f"  {finding}" for finding in self.findings})
        count = f"{len(lines)} mistake{'s' if len(lines) != 1 else ''}"
        super().__init__("\n".join([f"{stack}: {count} that AWS or Kubernetes would refuse", *lines]))


class Ledger:
    """What one run registered, and what the judges say of it.

    Args:
        judges: who is asked.
        refuses_at_once: whether a finding fails its resource, or is kept for the end.
    """

    def __init__(self, judges: Sequence[Judge], refuses_at_once: bool) -> None:
        self._judges = judges
        self._refuses_at_once = refuses_at_once
        self._resources: dict[str, Resource] = {}
        self._findings: dict[str, list[Finding]] = {}
        # The engine checks resources side by side.
        self._lock = threading.Lock()

    def check(self, resource: Resource) -> list[Failure]:
        """Judge one resource; failures are returned only where a finding fails its resource at once."""
        with self._lock:
            # A replacement is checked again as a new resource; the last word holds.
            self._resources[resource.urn] = resource
        found = findings_in(resource, self._judges)
        with self._lock:
            self._findings[resource.urn] = found
        return [Failure(each.property, str(each)) for each in found] if self._refuses_at_once else []

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Every resource that was checked."""
        return tuple(self._resources.values())

    def findings(self, deployment: Mapping[str, Any], graph: Graph) -> list[Finding]:
        """Everything found, in each resource and among them all.

        Args:
            deployment: the stack's state, which knows the ids of what is made.
            graph: what waits for what, of a preview's plan or of the state.
        """
        alone = [finding for found in self._findings.values() for finding in found]
        made = [each for each in deployment.get("resources", []) if not each.get("delete")]
        identifiers = {each["urn"]: each.get("id", "") for each in made}
        identified = [
            replace(each, identifier=identifiers.get(each.urn, ""), waits_for=graph.before(each.urn))
            for each in self.resources
        ]
        return alone + findings_among(identified, self._judges)

    def refuse(self, stack: str, deployment: Mapping[str, Any], graph: Graph) -> None:
        """Raise when anything was found.

        Raises:
            RefusedError: naming every mistake.
        """
        if found := self.findings(deployment, graph):
            raise RefusedError(stack, found)


def _first_opinions(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings without those of a second judge at the same place: one mistake is told once."""
    judge_of: dict[tuple[str, str, str], str] = {}
    for finding in findings:
        if judge_of.setdefault((finding.type, finding.name, finding.property), finding.judge) == finding.judge:
            yield finding
