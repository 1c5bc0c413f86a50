"""Custom resources come after what brings the definitions of their kinds, which the API server does not know before.

Source: Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions".
"""

from collections.abc import Iterable

from offline.checks.finding import Finding
from offline.checks.kubernetes.definitions import definitions_in
from offline.checks.kubernetes.stack import Stack
from offline.providers.names import urn_name

_SOURCE = 'Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions"'


def custom_resources_come_after_their_definitions(judge: str, stack: Stack) -> Iterable[Finding]:
    """Each waits for the object or the release that brings its kind; within a release Helm sees to that."""
    definitions = definitions_in(stack)
    for found in stack.objects:
        definition = definitions.get((found.group, found.kind))
        if definition is None:
            continue
        bringer = definition.resource.part_of or definition.resource.urn
        if bringer != found.resource.part_of and bringer not in found.resource.waits_for:
            rule = f"does not wait for {urn_name(bringer)}, which brings the definition of its kind"
            yield found.finding(judge, "kind", rule, _SOURCE, "Let it depend on that")
