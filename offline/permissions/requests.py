"""The requests by which a deployment is made, refreshed, changed and taken away, each with the ARN that it acts on.

Which ARNs are asked of an action is told by AWS's own table of what each action takes, out of those that the resource
names: its own, those among its inputs, and those that its row lists.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from components.account import Account
from components.identity.programs.call import Asked
from offline.checks.iam.actions import acts_on
from offline.checks.iam.published import Action, actions_like, condition_keys
from offline.permissions.calls import OPERATIONS, Operation
from offline.permissions.table import CALLS, LISTING, LOOK_UPS

_FIELD = re.compile(r"\{([\w.]+)\}")
_QUEUE = re.compile(r"https://sqs\.(?P<region>[\w-]+)\.amazonaws\.com/(?P<account>\d{12})/(?P<name>[\w-]+)")
_PREFIX, _ROLE = "aws:", "aws:iam/role:Role"


def requests_of(
    resources: Iterable[Mapping[str, Any]], account: Account, operations: Iterable[Operation] = OPERATIONS
) -> list[Asked]:
    """Every request of some operations on every resource of AWS, each once.

    Args:
        resources: what `pulumi stack export` has under `deployment.resources`.
        account: whose they are.
        operations: what is done to each of them.

    Raises:
        ValueError: a type, or an ARN that an action takes, is not in the table.
    """
    made, wanted = list(resources), tuple(operations)
    boundaries = _boundaries(made)
    found: dict[tuple[Any, ...], Asked] = {(action,): Asked(action, "*", _common(account)) for action in LOOK_UPS}
    for resource in made:
        if resource["type"].startswith(_PREFIX):
            subject = _Subject(resource, account, boundaries)
            # What is kept on destroy is forgotten by the state, and nobody asks AWS.
            kept = resource.get("retainOnDelete", False)
            for operation in wanted:
                if kept and operation == "delete":
                    continue
                for asked in subject.requests(operation):
                    found[asked.action, asked.resource, tuple(sorted(asked.context.items()))] = asked
    return list(found.values())


class _Subject:
    """One resource, and what is asked for it."""

    def __init__(self, resource: Mapping[str, Any], account: Account, boundaries: Mapping[str, str]) -> None:
        self._kind = str(resource["type"])
        if self._kind not in CALLS:
            raise ValueError(
                f"offline/permissions has no row for {self._kind}: which calls make, read, change and delete it?"
            )
        self._calls = CALLS[self._kind]
        self._inputs, self._account = resource["inputs"], account
        outputs = resource.get("outputs", {})
        own = {"partition": account.partition, "account": account.id, "region": account.region, "id": resource["id"]}
        self._values = {**self._inputs, **outputs, **own}
        named = [str(outputs["arn"])] if "arn" in outputs else []
        listed = [arn for template in self._calls.on for arn in _filled(template, self._values)]
        self._arns = list(dict.fromkeys([*named, *listed, *_texts(self._inputs)]))
        # What IAM itself looks up of the role that a call is about.
        self._boundary = boundaries.get(str(self._inputs.get("role") or self._values.get("name")))

    def requests(self, operation: Operation) -> Iterator[Asked]:
        for action in self._calls.of(operation, self._inputs):
            yield from self._asked(action)

    def _asked(self, action: str) -> Iterator[Asked]:
        published = actions_like(action)
        if len(published) != 1:
            raise ValueError(f"{self._kind}: AWS publishes no action {action}")
        acted_on = self._acted_on(action, published[0])
        if not acted_on and action not in self._calls.only:
            raise ValueError(
                f"{self._kind}: {action} acts on {published[0].formats}, and none of {self._arns} is one: list it"
            )
        context = {**_common(self._account), **self._context(action, published[0])}
        for arn in acted_on:
            if action != "iam:PassRole":
                yield Asked(action, arn, context)
                continue
            for service in self._calls.passes_to:
                yield Asked(action, arn, {**context, "iam:PassedToService": service})

    def _acted_on(self, action: str, published: Action) -> list[str]:
        if action in self._calls.only:
            return [arn for template in self._calls.only[action] for arn in _filled(template, self._values)]
        if action in LISTING or not published.formats:
            return ["*"]
        return [arn for arn in self._arns if acts_on(published, arn)]

    def _context(self, action: str, published: Action) -> dict[str, str]:
        keys = condition_keys(published) if action.startswith("iam:") else {}
        own = {"iam:PermissionsBoundary": self._boundary, "iam:PolicyARN": self._inputs.get("policyArn")}
        told = {key: value for key, value in own.items() if value and key.lower() in keys}
        listed = self._calls.context.get(action, {})
        return {**told, **{key: next(_filled(value, self._values)) for key, value in listed.items()}}


def _boundaries(resources: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Name of each role to the ARN of its boundary, for those that have one."""
    return {
        each["outputs"]["name"]: each["inputs"]["permissionsBoundary"]
        for each in resources
        if each["type"] == _ROLE and each["inputs"].get("permissionsBoundary")
    }


def _common(account: Account) -> dict[str, str]:
    return {"aws:RequestedRegion": account.region, "aws:ResourceAccount": account.id}


def _filled(template: str, values: Mapping[str, Any]) -> Iterator[str]:
    """The template with each value of its fields; nothing where it lacks one."""
    match = _FIELD.search(template)
    if match is None:
        yield template
        return
    value: Any = values
    for key in match[1].split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    for each in value if isinstance(value, list) else [] if value is None else [value]:
        yield from _filled(template.replace(match[0], str(each)), values)


def _texts(value: Any) -> Iterator[str]:
    """Every ARN among the inputs, and that of a queue, which its URL tells."""
    if isinstance(value, str) and value.startswith("arn:"):
        yield value
    elif isinstance(value, str) and (queue := _QUEUE.fullmatch(value)):
        yield f"arn:aws:sqs:{queue['region']}:{queue['account']}:{queue['name']}"
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
