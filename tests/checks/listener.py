"""A judge that finds nothing and remembers what it was shown at the end of a run."""

from collections.abc import Iterable, Sequence

from offline.checks.finding import Finding
from offline.providers.resource import Resource


class Listener:
    """Stands among the judges of an engine."""

    name = "listener"

    def __init__(self) -> None:
        self.resources: tuple[Resource, ...] = ()

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        del resource
        return ()

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        self.resources = tuple(resources)
        return ()
