"""What policies of a principal grant, one action on one resource each, and which of it a list of requests uses.

A grant that no request needs can go. Leaves out grants that a denial takes back: they are told of as any other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offline.checks.iam.actions import acts_on, patterns_of
from offline.checks.iam.evaluation import Policy, Request, decide
from offline.checks.iam.published import actions_like
from offline.checks.policy_document import as_list


@dataclass(frozen=True)
class Grant:
    """One action on one resource.

    Args:
        policy: name of the policy.
        sid: of the statement.
        action: in lower case, one of those that a wildcard stands for.
        resource: as the statement names it.
    """

    policy: str
    sid: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.policy}, statement {self.sid}: {self.action} on {self.resource}"


def unused_grants(policies: Mapping[str, Policy], requests: Iterable[Request]) -> Iterator[Grant]:
    """The grants that allow none of the requests.

    Args:
        policies: name of each policy of one principal to its document.
        requests: whatever that principal asks for.
    """
    asked = list(requests)
    for grant, alone in _grants(policies):
        document = {"Statement": [alone]}
        if not any(decide(each, [document], owner=each.account or "") == "allowed" for each in asked):
            yield grant


def _grants(policies: Mapping[str, Policy]) -> Iterator[tuple[Grant, dict[str, Any]]]:
    """Each grant with a statement of its own, which has its conditions."""
    for name, policy in policies.items():
        for statement in as_list(policy["Statement"]):
            if statement["Effect"] != "Allow":
                continue
            for pattern in patterns_of(statement):
                for action in actions_like(pattern):
                    for resource in as_list(statement["Resource"]):
                        if resource == "*" or acts_on(action, resource):
                            written = f"{action.service}:{action.name}"
                            alone = {**statement, "Action": written, "Resource": resource}
                            yield Grant(name, statement.get("Sid", ""), written, resource), alone
