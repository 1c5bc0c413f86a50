"""A judge whose rules are functions over a whole stack, and which has nothing to say of a resource alone."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from offline.checks.finding import Finding
from offline.checks.kubernetes.stack import Stack
from offline.providers.resource import Resource

# From the judge's name and the stack to what is wrong.
StackRule = Callable[[str, Stack], Iterable[Finding]]


class StackJudge:
    """Asks every rule of a judge, which names itself and its rules."""

    name: ClassVar[str]
    rules: ClassVar[tuple[StackRule, ...]]

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Nothing: a resource alone has no others."""
        del resource
        return []

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """What every rule finds."""
        stack = Stack(resources)
        return [finding for rule in self.rules for finding in rule(self.name, stack)]
