"""The judge of rules that AWS enforces and no schema holds."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from offline.checks.aws_rules import (
    addon_settings,
    addresses,
    buckets,
    cluster,
    load_balancers,
    log_groups,
    names,
    network,
    node_groups,
    pod_density,
    policies,
    ports,
    ranges,
    reach,
    tags,
    templates,
    trust,
)
from offline.checks.aws_rules.subject import JUDGE, Stack, Subject
from offline.checks.finding import Finding
from offline.providers.resource import Resource

Rule = Callable[[Subject], Iterator[Finding]]
RuleTogether = Callable[[Stack], Iterator[Finding]]


def _by_type() -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for module in (
        addon_settings,
        buckets,
        cluster,
        load_balancers,
        log_groups,
        network,
        node_groups,
        policies,
        ports,
        ranges,
        templates,
    ):
        for kind, each in module.RULES.items():
            rules.setdefault(kind, []).extend(each)
    return rules


RULES: dict[str, list[Rule]] = _by_type()
RULES_OF_ALL: tuple[Rule, ...] = (*network.RULES_OF_ALL, *tags.RULES_OF_ALL)
RULES_TOGETHER: tuple[RuleTogether, ...] = (
    *addresses.RULES_TOGETHER,
    *buckets.RULES_TOGETHER,
    *cluster.RULES_TOGETHER,
    *load_balancers.RULES_TOGETHER,
    *names.RULES_TOGETHER,
    *node_groups.RULES_TOGETHER,
    *pod_density.RULES_TOGETHER,
    *policies.RULES_TOGETHER,
    *reach.RULES_TOGETHER,
    *tags.RULES_TOGETHER,
    *trust.RULES_TOGETHER,
)


class AwsRules:
    """Asks every rule about an AWS resource, or about all of a stack."""

    name = JUDGE

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        """What one resource breaks by itself."""
        if not resource.type.startswith("aws:"):
            return
        subject = Subject(resource)
        for rule in (*RULES.get(resource.type, ()), *RULES_OF_ALL):
            yield from rule(subject)

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        """What the stack's resources break among themselves."""
        stack = Stack(resources)
        for rule in RULES_TOGETHER:
            yield from rule(stack)
