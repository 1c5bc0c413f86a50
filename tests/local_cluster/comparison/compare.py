"""The comparison itself: every planted mistake and every change, asked of the real Kubernetes."""

from collections.abc import Iterator, Sequence

from offline.providers.resource import Resource
from tests.local_cluster.comparison.changes import CHANGES
from tests.local_cluster.comparison.crowd import Crowd
from tests.local_cluster.comparison.real_kubernetes import RealKubernetes
from tests.local_cluster.comparison.record import Row
from tests.local_cluster.comparison.rules import labelled, rule_of
from tests.local_cluster.comparison.verdicts import verdict_on

QUICK = "refused"
# What only all pods of a stack together show.
_OF_A_CROWD = "pods_have_room"


def compared(resources: Sequence[Resource], kubernetes: RealKubernetes) -> Iterator[Row]:
    """A row for each planted mistake and change, with the real verdict as it is now."""
    named = [(rule_of(mistake, resources), label, mistake) for label, mistake in labelled()]
    for rule, label, mistake in named:
        if rule != _OF_A_CROWD:
            yield Row(rule, label, QUICK, verdict_on(mistake, resources, kubernetes).verdict)
    for change in CHANGES:
        yield Row(change.rule, change.label, change.quick, change.real(kubernetes).verdict)
    crowd = Crowd(kubernetes, resources)
    crowd.arrive()
    for rule, label, mistake in named:
        if rule == _OF_A_CROWD:
            yield Row(rule, label, QUICK, crowd.verdict_on(mistake).verdict)
