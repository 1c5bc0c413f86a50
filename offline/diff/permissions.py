"""What policies allow and deny, taken apart into one action on one resource each, and what of it comes and goes.

Two documents that are written differently and grant the same don't differ here: patterns of actions are what they stand
for, and a grant is covered by a wider one. Leaves out what conditions have in common with each other: a grant whose
condition changed is lost and gained. Whether a request is allowed in the end, with every policy on its way, is for
`python -m offline isolation` to say.

Source: IAM user guide, "IAM JSON policy element reference".
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from offline.checks.iam.published import actions_like
from offline.checks.policy_document import DOCUMENTS, as_list, document_of
from offline.diff.resource_change import place_of
from offline.words import in_words

_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ROLE = "aws:iam/role:Role"
_EVERYBODY = "*"
_MANAGED = "what AWS manages"
# More actions of one pattern than these are told by the pattern.
_MOST_LISTED = 8


@dataclass(frozen=True)
class Grant:
    """One action on one resource for one principal.

    Args:
        holder: place of the role or resource whose policies say it.
        effect: Allow or Deny.
        principal: as JSON, or empty in a policy of a role's own.
        action: one action, in lower case; `*` for all of them.
        resource: an ARN or a pattern of some; for a policy that AWS manages, its own.
        condition: as JSON, or empty.
        written: how the policy writes the action.
    """

    holder: str
    effect: str
    principal: str
    action: str
    resource: str
    condition: str
    written: str

    def covers(self, other: "Grant") -> bool:
        """Whether whatever the other one is about is this one's as well."""
        return (
            (self.holder, self.effect) == (other.holder, other.effect)
            and self.principal in (other.principal, json.dumps(_EVERYBODY))
            and self.action in (other.action, "*")
            and self.condition in (other.condition, "")
            and fnmatchcase(other.resource, self.resource)
        )

    @property
    def is_wide(self) -> bool:
        """Whether it allows all of a service, or everybody without a condition."""
        everybody = self.principal in (json.dumps(_EVERYBODY), json.dumps({"AWS": _EVERYBODY})) and not self.condition
        return self.effect == "Allow" and (self.written == "*" or self.written.endswith(":*") or everybody)


@dataclass(frozen=True)
class PermissionChange:
    """Permissions that come or go together.

    Args:
        holder: place of the role or resource whose policies say it.
        gained: whether more is allowed than before.
        text: what, in a clause.
        is_wide: whether it is a whole service, or everybody.
        is_denial: whether a denial comes or goes, so that less is allowed where it comes.
    """

    holder: str
    gained: bool
    text: str
    is_wide: bool = False
    is_denial: bool = False

    def __str__(self) -> str:
        allowed, denied = ("gains", "is no longer denied") if self.gained else ("loses", "is denied")
        return f"{denied if self.is_denial else allowed} {self.text}"


def permission_changes(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> tuple[PermissionChange, ...]:
    """What every role, and every resource with a policy of its own, allows more or less than before.

    Args:
        before: resources of a deployment.
        after: those of another.
    """
    old, new = set(_grants(before)), set(_grants(after))
    more = [each for each in _uncovered(new, old) if each.effect == "Allow"]
    more += [each for each in _uncovered(old, new) if each.effect == "Deny"]
    less = [each for each in _uncovered(old, new) if each.effect == "Allow"]
    less += [each for each in _uncovered(new, old) if each.effect == "Deny"]
    return (*_together(more, gained=True), *_together(less, gained=False))


def _uncovered(grants: set[Grant], others: set[Grant]) -> list[Grant]:
    by_holder: dict[str, list[Grant]] = {}
    for each in others:
        by_holder.setdefault(each.holder, []).append(each)
    rest = grants - others
    return [each for each in rest if not any(other.covers(each) for other in by_holder.get(each.holder, ()))]


def _together(grants: Sequence[Grant], *, gained: bool) -> Iterator[PermissionChange]:
    """Actions on one resource under one condition are told at once; of a pattern, the pattern where all of it moved."""
    groups: dict[Grant, set[Grant]] = {}
    for each in grants:
        groups.setdefault(replace(each, action="", written=""), set()).add(each)
    for key in sorted(groups, key=_place):
        actions = sorted({_said(each, groups[key]) for each in groups[key]})
        who = f" for {in_words(json.loads(key.principal))}" if key.principal else ""
        when = f" if {in_words(json.loads(key.condition))}" if key.condition else ""
        yield PermissionChange(
            key.holder,
            gained,
            f"{', '.join(actions)} on {key.resource}{who}{when}",
            is_wide=gained and any(each.is_wide for each in groups[key]),
            is_denial=key.effect == "Deny",
        )


def _place(grant: Grant) -> tuple[str, ...]:
    return grant.holder, grant.effect, grant.resource, grant.principal, grant.condition


def _said(grant: Grant, group: set[Grant]) -> str:
    actions = _actions(grant.written)
    stayed = len(actions) - len({each.action for each in group if each.written == grant.written})
    if not stayed:
        return grant.written
    return grant.action if len(actions) - stayed <= _MOST_LISTED else f"all but {stayed} of {grant.written}"


def _grants(resources: Iterable[Mapping[str, Any]]) -> Iterator[Grant]:
    described = list(resources)
    roles = {
        str(each.get("outputs", {}).get("name")): place_of(each["urn"]) for each in described if each["type"] == _ROLE
    }
    for each in described:
        inputs = each.get("inputs") or {}
        holder = roles.get(str(inputs.get("role")), place_of(each["urn"]))
        if each["type"] == _ATTACHMENT:
            yield Grant(holder, "Allow", "", _MANAGED.lower(), str(inputs["policyArn"]), "", _MANAGED)
        elif each["type"] in DOCUMENTS:
            place, kind = DOCUMENTS[each["type"]]
            holder = holder if kind == "identity" else place_of(each["urn"])
            yield from _of_document(holder, document_of(inputs.get(place)))


def _of_document(holder: str, document: Mapping[str, Any]) -> Iterator[Grant]:
    for statement in as_list(document.get("Statement")):
        principal = json.dumps(statement["Principal"], sort_keys=True) if "Principal" in statement else ""
        condition = json.dumps(statement["Condition"], sort_keys=True) if statement.get("Condition") else ""
        resources = as_list(statement.get("Resource")) or [
            f"all but {each}" for each in _excepted(statement, "Resource")
        ]
        written = as_list(statement.get("Action")) or [f"all but {each}" for each in _excepted(statement, "Action")]
        for pattern in written:
            for action in _actions(pattern):
                for resource in resources or ["itself"]:
                    yield Grant(holder, statement["Effect"], principal, action, resource, condition, pattern)


def _excepted(statement: Mapping[str, Any], element: str) -> list[str]:
    """`NotAction` and `NotResource` as one text: each exception narrows all the others."""
    excepted = as_list(statement.get(f"Not{element}"))
    return [", ".join(sorted(excepted))] if excepted else []


def _actions(pattern: str) -> list[str]:
    """The actions that a pattern stands for; itself where AWS publishes none of them."""
    return [f"{each.service}:{each.name}" for each in actions_like(pattern)] or [pattern.lower()]
