"""The policy documents of a resource, and where in its inputs each stands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from offline.checks.finding import Finding
from offline.checks.policy_document import DOCUMENTS, statement_label
from offline.providers.aws.account import Account
from offline.providers.resource import Resource
from offline.providers.values import has_unknown

JUDGE = "iam"


@dataclass(frozen=True)
class PolicyDocument:
    """One document.

    Args:
        resource: that holds it.
        place: the property.
        kind: identity, trust, or the kind of resource that it stands on.
        text: as the resource holds it: JSON text or an object.
        part: the statement that is looked at; empty for the whole document.
    """

    resource: Resource
    place: str
    kind: str
    text: Any
    part: str = ""

    @property
    def content(self) -> Any:
        """The document as an object.

        Raises:
            ValueError: when it is no JSON.
        """
        return json.loads(self.text) if isinstance(self.text, str) else self.text

    @property
    def account(self) -> Account:
        """Where the resource lives."""
        return Account.of(self.resource.settings)

    def at(self, statement: Any, index: int) -> "PolicyDocument":
        """The document as a rule sees it that looks at one statement."""
        return replace(self, part=statement_label(statement, index))

    def finding(self, value: Any, rule: str, source: str, fix: str) -> Finding:
        """A mistake in this document; `value` is the part of it that is wrong."""
        return Finding.of(JUDGE, self.resource, self.place, value, rule=rule, source=source, fix=fix, part=self.part)


def documents_of(resource: Resource) -> Iterator[PolicyDocument]:
    """Every document of a resource that is known."""
    inputs = resource.plain_inputs
    place, kind = DOCUMENTS.get(resource.type, ("", ""))
    found = [(place, kind, inputs.get(place))]
    inline = inputs.get("inlinePolicies") if resource.type == "aws:iam/role:Role" else None
    for index, each in enumerate(inline if isinstance(inline, list) else []):
        found.append((f"inlinePolicies.{index}.policy", "identity", each.get("policy")))
    for where, what, text in found:
        if text and not has_unknown(text):
            yield PolicyDocument(resource, where, what, text)
