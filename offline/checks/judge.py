"""What every judge offers."""

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from offline.checks.finding import Finding
from offline.providers.resource import Resource


class Judge(Protocol):
    """Looks at resources and says what the cloud would refuse.

    Inputs hold the markers of `offline.providers.values`. What is unknown or derived from an unknown value is left
    unjudged, which only an ordinary session's preview shows: the offline cloud's own runs ask the judges when every
    value is known. Provider and component resources never come here.
    """

    name: str

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Mistakes that show in one resource alone."""
        ...

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """Mistakes that show only among several resources: all those of one stack, in the order they were checked."""
        ...


@runtime_checkable
class Opener(Protocol):
    """A judge that knows what comes along with a resource, although no call says it."""

    def brought_by(self, resource: Resource) -> Sequence[Resource]:
        """The others, which every judge looks at as if the program had made them."""
        ...


@runtime_checkable
class Closable(Protocol):
    """A judge that holds something for the length of a run."""

    def close(self) -> None:
        """Let go of it."""
        ...
