"""Whether the actions of a statement exist, and act on the resources that it names.

Source: the Service Authorization Reference, "Actions, resources, and condition keys for AWS services".
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from offline.checks.finding import Finding
from offline.checks.iam.document import PolicyDocument
from offline.checks.iam.published import Action, actions_like, services
from offline.checks.policy_document import as_list

_SOURCE = "Service Authorization Reference"
_PARTS_OF_AN_ARN = 6


def actions_exist(document: PolicyDocument, statement: dict[str, Any]) -> Iterator[Finding]:
    """Each action, or pattern of actions, stands for one at least."""
    for action in patterns_of(statement):
        service = action.partition(":")[0].lower()
        if action == "*" or actions_like(action):
            continue
        what = f"no action of service {service}" if service in services() else f"no service has prefix {service!r}"
        rule = f"names {action}, but {what} is called that" if service in services() else f"names {action}, but {what}"
        yield document.finding(action, rule, _SOURCE, "Look the action up in the service's page")


def resources_are_arns(document: PolicyDocument, statement: dict[str, Any]) -> Iterator[Finding]:
    """Each resource is * or an ARN of the provider's partition."""
    partition = document.account.partition
    for resource in _resources(statement):
        parts = resource.split(":", _PARTS_OF_AN_ARN - 1)
        if resource == "*":
            continue
        if len(parts) < _PARTS_OF_AN_ARN or parts[0] != "arn":
            rule = f"names {resource}, which is no ARN"
            yield document.finding(resource, rule, "IAM user guide, Amazon Resource Names", "Write arn:partition:...")
        elif parts[1] not in (partition, "*") and "$" not in parts[1]:
            rule = f"names {resource}, but the provider's Region is in partition {partition}"
            yield document.finding(resource, rule, "IAM user guide, Amazon Resource Names", f"Write arn:{partition}:")


def actions_fit_resources(document: PolicyDocument, statement: dict[str, Any]) -> Iterator[Finding]:
    """Each action acts on one of the resources at least, and each resource is acted on."""
    resources = _resources(statement)
    if "Resource" not in statement or "*" in resources or not resources or "Action" not in statement:
        return
    used: set[str] = set()
    for pattern in patterns_of(statement):
        actions = actions_like(pattern)
        if pattern == "*" or not actions:
            return
        acted_on = {resource for resource in resources if any(acts_on(each, resource) for each in actions)}
        used |= acted_on
        if not acted_on:
            formats = sorted({each for action in actions for each in action.formats})[:3]
            needs = " or ".join(formats).replace("[bucket]", "*") or "* alone, because it acts on no resource"
            rule = f"allows {pattern} on none of what it acts on: it takes {needs}"
            yield document.finding(resources, rule, _SOURCE, "Name a resource of that kind, in a statement of its own")
    for resource in resources:
        if resource not in used and used:
            rule = f"names {resource}, on which none of the statement's actions acts"
            yield document.finding(resource, rule, _SOURCE, "Drop the resource, or add the action that it is for")


def patterns_of(statement: dict[str, Any]) -> list[str]:
    """Actions as they are written."""
    return [str(each) for key in ("Action", "NotAction") for each in as_list(statement.get(key))]


def _resources(statement: dict[str, Any]) -> list[str]:
    return [str(each) for key in ("Resource", "NotResource") for each in as_list(statement.get(key))]


@cache
def acts_on(action: Action, resource: str) -> bool:
    """Whether a resource, with wildcards or without, can be one that an action takes."""
    return any(_fit(each, resource) for each in action.formats)


def _fit(format_: str, resource: str) -> bool:
    """Whether an ARN with wildcards can be one of a format."""
    ours, theirs = resource.split(":", _PARTS_OF_AN_ARN - 1), format_.split(":", _PARTS_OF_AN_ARN - 1)
    if len(ours) != len(theirs):
        return False
    # Partition and Region are the provider's, whatever a format says; some formats leave the Region out.
    for mine, published in zip(ours[1:5], theirs[1:5], strict=True):
        if "*" not in (mine, published) and mine != published:
            return False
    if theirs[5] == "[bucket]":
        return "/" not in ours[5]
    return _globs_meet(_without_variables(ours[5]), theirs[5])


def _without_variables(text: str) -> str:
    """`${aws:username}` may become anything."""
    start = text.find("${")
    return text if start < 0 else f"{text[:start]}*{text[text.find('}', start) + 1 :]}"


@cache
def _globs_meet(left: str, right: str) -> bool:
    """Whether some text matches both globs."""
    if not left or not right:
        return set(left + right) <= {"*"}
    if left[0] == "*" or right[0] == "*":
        star, other = (left, right) if left[0] == "*" else (right, left)
        return _globs_meet(star[1:], other) or _globs_meet(star, other[1:])
    return (left[0] == right[0] or "?" in (left[0], right[0])) and _globs_meet(left[1:], right[1:])
