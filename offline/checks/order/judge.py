"""The judge of orders: every call would be answered with yes, and what comes too early never works.

Each rule is a function over the stack; its module names its source. What a resource waits for is the engine's order,
which a first preview knows already.
"""

from collections.abc import Callable, Iterable, Sequence

from offline.checks.finding import Finding
from offline.checks.kubernetes.stack import Stack
from offline.checks.order.nodes import (
    a_control_plane_comes_after_its_own,
    nodes_come_after_what_they_boot_with,
    pods_come_after_nodes,
)
from offline.checks.order.pod_identity import associations_come_before_pods
from offline.providers.resource import Resource

RULES: tuple[Callable[[str, Stack], Iterable[Finding]], ...] = (
    associations_come_before_pods,
    nodes_come_after_what_they_boot_with,
    a_control_plane_comes_after_its_own,
    pods_come_after_nodes,
)


class OrderJudge:
    """Says what is made too early."""

    name = "order"

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """Nothing: a resource alone has no order."""
        del resource
        return []

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """What every rule finds."""
        stack = Stack(resources)
        return [finding for rule in RULES for finding in rule(self.name, stack)]
