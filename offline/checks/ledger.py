"""Gathers what the judges find in one run, so that a preview reports every mistake at once.

A preview goes on after a finding and is refused at its end. An update refuses at the resource, because nothing wrong
may be made; what shows only among resources is said at its end.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from offline.checks.finding import Finding
from offline.checks.graph import Graph
from offline.checks.judge import Judge
from offline.checks.judges import findings_among, findings_in, with_what_they_bring
from offline.errors import OfflineError
from offline.providers.resource import Failure, Resource
from offline.providers.values import has_unknown


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
        # The engine checks resources side by side.
        self._lock = threading.Lock()

    def check(self, resource: Resource) -> list[Failure]:
        """Judge one resource; failures are returned only where a finding fails its resource at once."""
        with self._lock:
            # A replacement is checked again as a new resource; the last word holds.
            self._resources[resource.urn] = resource
        # Without a property: the engine would print its whole value, and the sentence says what of it is wrong.
        return [Failure("", str(each)) for each in findings_in(resource, self._judges)] if self._refuses_at_once else []

    @property
    def resources(self) -> tuple[Resource, ...]:
        """What was registered, and what comes along with it."""
        return tuple(with_what_they_bring(self._resources.values(), self._judges))

    @property
    def leaves_something(self) -> bool:
        """Whether a judge has nothing to say of some value yet, because it is not known."""
        return bool(self._judges) and any(has_unknown(each.plain_inputs) for each in self._resources.values())

    def findings(self, identifiers: Mapping[str, str], graph: Graph) -> list[Finding]:
        """Everything found, in each resource and among them all.

        Args:
            identifiers: the id of each resource by its URN, where it is known.
            graph: what waits for what, of a preview's plan or of the state.
        """
        resources = [
            replace(each, identifier=identifiers.get(urn, ""), waits_for=graph.before(urn))
            for urn, each in self._resources.items()
        ]
        # What fails its resource at once was found before.
        alone = [] if self._refuses_at_once else [each for one in resources for each in findings_in(one, self._judges)]
        return alone + findings_among(resources, self._judges)

    def refuse(self, stack: str, identifiers: Mapping[str, str], graph: Graph) -> None:
        """Raise when anything was found.

        Raises:
            RefusedError: naming every mistake.
        """
        if found := self.findings(identifiers, graph):
            raise RefusedError(stack, found)


def _first_opinions(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings without those of a second judge at the same place: one mistake is told once."""
    judge_of: dict[tuple[str, ...], str] = {}
    for finding in findings:
        place = (finding.type, finding.name, finding.property, finding.part)
        if judge_of.setdefault(place, finding.judge) == finding.judge:
            yield finding
