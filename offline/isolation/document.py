"""A policy that is asked again and again, and what of it a request can depend on."""

import fnmatch
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from offline.checks.iam.evaluation import Policy
from offline.checks.policy_document import as_list

_NAMING = "aws:principalarn"


@dataclass(frozen=True, eq=False)
class Document:
    """One policy. Two are never the same, so that answers can be kept by it.

    Args:
        content: as AWS has it.
    """

    content: Policy

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Patterns of the principals that it treats apart from others."""
        return tuple(sorted({name for each in self.content["Statement"] for name in _names(each)}))


def document(content: Policy) -> Document:
    """A document of the content; one for all that are alike."""
    return _of_text(json.dumps(content, sort_keys=True))


def relevant(policy: Document, action: str, resource: str) -> tuple[Mapping[str, Any], ...]:
    """The statements that can match an action and a resource, by `fnmatch` and not by the evaluator."""
    return tuple(each for each in _of_action(policy, action.lower()) if _names_resource(each, resource))


@cache
def treated_as(policy: Document, principal: str) -> tuple[str, ...]:
    """The policy's patterns that a principal matches: whoever matches the same ones gets the same answers."""
    return tuple(each for each in policy.names if fnmatch.fnmatchcase(principal, each))


@cache
def _of_text(text: str) -> Document:
    return Document(json.loads(text))


def _names(statement: Mapping[str, Any]) -> Iterator[str]:
    for part in ("Principal", "NotPrincipal"):
        principal = statement.get(part, {})
        yield from as_list(principal.get("AWS")) if isinstance(principal, dict) else ()
    for keys in statement.get("Condition", {}).values():
        for key, values in keys.items():
            if key.lower() == _NAMING:
                yield from as_list(values)


@cache
def _of_action(policy: Document, action: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(each for each in policy.content["Statement"] if _matches(action, _lower(each["Action"])))


def _names_resource(statement: Mapping[str, Any], resource: str) -> bool:
    # Without one it stands on the resource itself; with all but some it is left to the evaluators.
    return "Resource" not in statement or _matches(resource, as_list(statement["Resource"]))


def _matches(text: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(text, each) for each in patterns)


def _lower(values: Any) -> list[str]:
    return [str(each).lower() for each in as_list(values)]
