"""Definitions of custom kinds that a stack brings: by objects of its own, and by the charts of its releases."""

from offline.checks.kubernetes.objects import KubernetesObject, known_text, mapping
from offline.checks.kubernetes.stack import Stack

DEFINITION = "CustomResourceDefinition"


def definitions_in(stack: Stack) -> dict[tuple[str, str], KubernetesObject]:
    """Group and kind to the definition."""
    found = [each for each in stack.objects if each.kind == DEFINITION]
    return {(known_text(each.spec.get("group")), _kind(each)): each for each in found}


def _kind(definition: KubernetesObject) -> str:
    return known_text(mapping(definition.spec.get("names")).get("kind"))
