"""Whether labels satisfy a selector; what is unknown may satisfy it.

Source: Kubernetes documentation, "Labels and Selectors".
"""

from typing import Any

from offline.checks.kubernetes.objects import items, mapping
from offline.providers.values import Properties, has_unknown, is_unknown


def selects(selector: Any, labels: Properties) -> bool:
    """Whether a selector with `matchLabels` and `matchExpressions` may select the labels."""
    content = mapping(selector)
    return matches(content.get("matchLabels"), labels) and all(
        satisfies(expression, labels) for expression in items(content.get("matchExpressions"))
    )


def matches(wanted: Any, labels: Properties) -> bool:
    """Whether the labels may hold every pair that is wanted."""
    return all(
        is_unknown(value) or is_unknown(labels.get(key)) or labels.get(key) == value
        for key, value in mapping(wanted).items()
    )


def satisfies(expression: Properties, labels: Properties) -> bool:
    """Whether the labels may satisfy one expression."""
    key, values = expression.get("key"), expression.get("values") or []
    value = labels.get(str(key))
    if has_unknown(expression) or is_unknown(value):
        return True
    return {
        "In": value in values,
        "NotIn": value not in values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }.get(str(expression.get("operator")), True)
