"""What AWS would decide about one request: identity and resource policies, conditions, and that a denial wins.

Covers what this project's documents use; an operator, element, condition key or variable beyond that is an error, never
a silent "no". Leaves out session policies, of which the project has none; permissions boundaries, and policies of VPC
endpoints and organisations, stand beside it (`bounded`, `passes`, `offline.isolation.layers`).

Source: IAM user guide, "Policy evaluation logic", "IAM JSON policy elements: Condition operators" and "AWS global
condition context keys".
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal

Decision = Literal["allowed", "denied", "not allowed"]
Layer = Literal["identity", "resource"]
Policy = Mapping[str, Any]
EVERY = "ForAllValues:"
ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"}
# Keys that a request may lack; it carries those that its context names. Any other in a policy is an error: a key that
# is spelt wrong is absent from every request, and a denial that hangs on it is none.
KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:securetransport",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:tagkeys",
        "ec2:createaction",
        "iam:awsservicename",
        "iam:passedtoservice",
        "iam:permissionsboundary",
        "iam:policyarn",
        "kms:calleraccount",
        "kms:viaservice",
        "s3:prefix",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
# Keys with a name of somebody's choice behind them.
KEY_FAMILIES = ("aws:requesttag/", "aws:resourcetag/", "ec2:resourcetag/", "kms:encryptioncontext:")


@dataclass(frozen=True)
class Request:
    """One call to AWS.

    Args:
        principal: ARN of a role, or the name of a service that acts on its own, such as logging.s3.amazonaws.com.
        action: such as s3:PutObject.
        resource: ARN of what it acts on.
        context: condition keys beyond those that follow from the principal; a tuple for a key of several values.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    @property
    def account(self) -> str | None:
        """Account of the principal; None for a service."""
        return self.principal.split(":")[4] if self.principal.startswith("arn:") else None

    def keys(self) -> dict[str, str | tuple[str, ...]]:
        """Every condition key of the request, in lower case."""
        found: dict[str, str | tuple[str, ...]] = {
            "aws:SecureTransport": "true",
            "aws:PrincipalIsAWSService": str(self.account is None).lower(),
        }
        if self.account is not None:
            found |= {"aws:PrincipalArn": self.principal, "aws:PrincipalAccount": self.account}
        return {key.lower(): value for key, value in (found | dict(self.context)).items()}


@dataclass(frozen=True)
class Verdict:
    """What was decided.

    Args:
        decision: by all policies together.
        layer: whose policies denied, or lack what would allow; those that allowed where it is allowed.
    """

    decision: Decision
    layer: Layer


def decide(
    request: Request, identity: Iterable[Policy] = (), resource: Policy | None = None, *, owner: str, key: bool = False
) -> Decision:
    """Whether AWS allows a request; see `weigh`."""
    return weigh(request, identity, resource, owner=owner, key=key).decision


def weigh(
    request: Request, identity: Iterable[Policy] = (), resource: Policy | None = None, *, owner: str, key: bool = False
) -> Verdict:
    """What AWS decides about a request, and by which policies.

    Args:
        request: the call.
        identity: policies of the principal.
        resource: policy of the resource.
        owner: account of the resource.
        key: whether the resource is a KMS key, whose policy must let identity policies count at all.
    """
    own = [each for policy in identity for each in _matching(request, policy["Statement"], named=False)]
    theirs = _matching(request, resource["Statement"], named=True) if resource else []
    if _denies(own):
        return Verdict("denied", "identity")
    if _denies(theirs):
        return Verdict("denied", "resource")
    delegated = any(_delegates(each, owner) for each in theirs)
    named = any(not _delegates(each, owner) for each in theirs)
    if request.account is None:
        allowed = named
    elif request.account != owner:
        allowed = bool(own) and bool(theirs)
    else:
        allowed = named or (bool(own) and (delegated or not key))
    if allowed:
        return Verdict("allowed", "identity" if own else "resource")
    return Verdict("not allowed", "resource" if own or request.account is None else "identity")


def passes(request: Request, endpoint: Policy) -> Decision:
    """Whether the policy of a VPC endpoint lets a request through; what the caller may do is asked beside it.

    Unlike a resource's policy it grants nothing: without a statement that allows the request it ends there, for
    principals of every account.

    Args:
        request: the call.
        endpoint: the policy.

    Source: AWS PrivateLink guide, "Control access to VPC endpoints using endpoint policies".
    """
    return bounded(request, [endpoint], named=True)


def bounded(request: Request, policies: Iterable[Policy], *, named: bool) -> Decision:
    """What policies that grant nothing by themselves leave of a request: a boundary, or an endpoint's, or others.

    Args:
        request: the call.
        policies: those of one layer.
        named: whether their statements name principals.
    """
    effects = {each["Effect"] for policy in policies for each in _matching(request, policy["Statement"], named=named)}
    return "denied" if "Deny" in effects else "allowed" if effects else "not allowed"


def _matching(request: Request, statements: Sequence[Policy], *, named: bool) -> list[Policy]:
    found: list[Policy] = []
    for each in statements:
        if unknown := each.keys() - ELEMENTS:
            raise ValueError(f"statement {each.get('Sid')} has {sorted(unknown)}, which the evaluator does not know")
        if named and not _is_principal(each["Principal"], request):
            continue
        if _is_action(each, request) and _is_resource(each, request) and _holds(each.get("Condition", {}), request):
            found.append(each)
    return found


def _denies(statements: Iterable[Policy]) -> bool:
    return any(each["Effect"] == "Deny" for each in statements)


def _is_principal(principal: Any, request: Request) -> bool:
    if principal == "*":
        return True
    if request.account is None:
        return request.principal in _list(principal.get("Service", ()))
    root = f"arn:aws:iam::{request.account}:root"
    return bool({request.principal, root, request.account, "*"} & set(_list(principal.get("AWS", ()))))


def _delegates(statement: Policy, owner: str) -> bool:
    principal = statement["Principal"]
    return principal != "*" and f"arn:aws:iam::{owner}:root" in _list(principal.get("AWS", ()))


def _is_action(statement: Policy, request: Request) -> bool:
    return any(_like(pattern.lower(), request.action.lower()) for pattern in _list(statement["Action"]))


def _is_resource(statement: Policy, request: Request) -> bool:
    if "NotResource" in statement:
        return not any(_like(pattern, request.resource) for pattern in _list(statement["NotResource"]))
    if "Resource" not in statement:
        # A trust policy stands on the role itself.
        return True
    return any(_like(pattern, request.resource) for pattern in _list(statement["Resource"]))


def _holds(condition: Mapping[str, Mapping[str, Any]], request: Request) -> bool:
    if not condition:
        return True
    context = request.keys()
    return all(
        _compare(operator, _value(key.lower(), context), _list(values))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _value(key: str, context: Mapping[str, str | tuple[str, ...]]) -> str | tuple[str, ...] | None:
    if key not in context and key not in KEYS and not key.startswith(KEY_FAMILIES):
        raise ValueError(f"condition key {key} is one that the evaluator does not know, and the request has none")
    return context.get(key)


def _compare(operator: str, value: str | tuple[str, ...] | None, expected: Sequence[str]) -> bool:
    if operator == "Null":
        return (value is None) == (expected[0] == "true")
    if operator.startswith(EVERY):
        # Without a value it holds, as AWS has it.
        values = [] if value is None else _list(value)
        return all(_compare(operator.removeprefix(EVERY), each, expected) for each in values)
    if isinstance(value, tuple):
        raise ValueError(f"condition operator {operator} compares one value, and the key has several: {value}")
    name, optional = operator.removesuffix("IfExists"), operator.endswith("IfExists")
    negated = "Not" in name
    try:
        same = OPERATORS[name.replace("Not", "")]
    except KeyError:
        raise ValueError(f"condition operator {operator} is one that the evaluator does not know") from None
    if value is None:
        return optional or negated
    return any(same(each, value) for each in expected) != negated


def _like(pattern: str, value: str) -> bool:
    return _expression(pattern).fullmatch(value) is not None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    if "${" in pattern:
        raise ValueError(f"{pattern} holds a variable, which the evaluator does not fill in")
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.compile("".join(parts), re.DOTALL)


def _arn_like(pattern: str, value: str) -> bool:
    patterns, values = pattern.split(":", 5), value.split(":", 5)
    return len(patterns) == len(values) and all(map(_like, patterns, values))


OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringLike": _like,
    # AWS treats the two alike.
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": lambda expected, value: expected.lower() == value.lower(),
    "DateLessThan": lambda expected, value: datetime.fromisoformat(value) < datetime.fromisoformat(expected),
}


def _list(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else list(value)
