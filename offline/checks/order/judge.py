"""The judge of orders: every call would be answered with yes, and what comes too early never works.

Each rule is a function over the stack; its module names its source. What a resource waits for is the engine's order,
which a first preview knows already.
"""

from offline.checks.kubernetes.stack_judge import StackJudge, StackRule
from offline.checks.order.definitions import custom_resources_come_after_their_definitions
from offline.checks.order.nodes import (
    a_control_plane_comes_after_its_own,
    nodes_come_after_what_they_boot_with,
    pods_come_after_nodes,
)
from offline.checks.order.pod_identity import associations_come_before_pods

RULES: tuple[StackRule, ...] = (
    associations_come_before_pods,
    nodes_come_after_what_they_boot_with,
    a_control_plane_comes_after_its_own,
    pods_come_after_nodes,
    custom_resources_come_after_their_definitions,
)


class OrderJudge(StackJudge):
    """Says what is made too early."""

    name = "order"
    rules = RULES
