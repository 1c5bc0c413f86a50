"""Whether a selector selects pods whose labels are known in part: no, maybe or yes.

An application's id is a label that no one knows before it runs, and a team's people label pods as they like. What may
be so counts where a connection must not be, and does not count where one must be.

Source: Kubernetes documentation, "Labels and Selectors".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from offline.checks.kubernetes.objects import items, mapping
from offline.providers.values import UNKNOWN, is_unknown
from offline.reachability.errors import ReachabilityError


class Match(IntEnum):
    """Whether something holds; the least of several is whether all of them hold."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True)
class Labels:
    """Labels of pods or of a namespace.

    Args:
        known: key to value; a value may be an unknown mark.
        others: whether there may be labels beside these.
    """

    known: Mapping[str, Any] = field(default_factory=dict)
    others: bool = False

    def get(self, key: str) -> Any:
        """The value, an unknown mark, or None where there is no such label."""
        return self.known.get(key, UNKNOWN if self.others else None)


def match(selector: Mapping[str, Any], labels: Labels) -> Match:
    """Whether a selector selects labels; an empty one selects all.

    Raises:
        ReachabilityError: for a field or operator that label selectors do not have.
    """
    if unknown := sorted(selector.keys() - {"matchLabels", "matchExpressions"}):
        raise ReachabilityError(f"a label selector has no field {', '.join(unknown)}: {dict(selector)}")
    wanted = mapping(selector.get("matchLabels"))
    return _all(
        [
            *(_is_one_of(labels.get(key), [value]) for key, value in wanted.items()),
            *(_satisfies(each, labels) for each in items(selector.get("matchExpressions"))),
        ]
    )


def _all(matches: Iterable[Match]) -> Match:
    return min(matches, default=Match.YES)


def _is_one_of(value: Any, wanted: list[Any]) -> Match:
    if is_unknown(value):
        return Match.MAYBE
    return Match.YES if value in wanted else Match.NO


def _satisfies(expression: Mapping[str, Any], labels: Labels) -> Match:
    value, values = labels.get(str(expression.get("key"))), expression.get("values") or []
    match expression.get("operator"):
        case "In":
            return _is_one_of(value, values)
        case "NotIn":
            return _not(_is_one_of(value, values))
        case "Exists":
            # An unknown value of a label that is there is a value.
            return Match.YES if str(expression.get("key")) in labels.known else _is_there(value)
        case "DoesNotExist":
            return Match.NO if str(expression.get("key")) in labels.known else _not(_is_there(value))
        case operator:
            raise ReachabilityError(f"a label selector has no operator {operator!r}: In, NotIn, Exists, DoesNotExist")


def _is_there(value: Any) -> Match:
    return Match.MAYBE if is_unknown(value) else Match.NO


def _not(found: Match) -> Match:
    return Match(Match.YES - found)
