"""Every rule, in the order of docs/security.md."""

from policies.resource import Rule
from policies.rules import buckets, cluster, identity, network, objects

RULES: tuple[Rule, ...] = (*cluster.RULES, *identity.RULES, *network.RULES, *buckets.RULES, *objects.RULES)
