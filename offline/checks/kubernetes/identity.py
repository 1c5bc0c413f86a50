"""One object has one name: the second of a kind, namespace and name would take the first one over."""

from collections.abc import Iterable

from offline.checks.finding import Finding
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import is_unknown


def objects_are_distinct(judge: str, stack: Stack) -> Iterable[Finding]:
    """No two objects of a stack have the same group, kind, namespace and name."""
    first: dict[tuple[str, str, str, str], str] = {}
    for found in stack.objects:
        if is_unknown(found.name) or is_unknown(found.namespace):
            continue
        key = (found.group, found.kind, found.namespace, found.name)
        if key in first:
            place = f" in namespace {found.namespace}" if found.namespace else ""
            rule = f"names a {found.kind}{place} that {first[key]} names too"
            source = 'Kubernetes documentation, "Object Names and IDs"'
            yield found.finding(judge, "metadata.name", rule, source, "Give one of the two another name")
        else:
            first[key] = found.resource.name
