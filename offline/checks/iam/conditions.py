"""Whether the operators and keys of a condition exist, and go together.

A misspelt key or operator never matches: an Allow is lost, and, worse, so is a Deny.

Source: IAM user guide, "Condition operators" and "AWS global condition context keys"; Service Authorization Reference.
"""

import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from offline.checks.finding import Finding
from offline.checks.iam.actions import patterns_of
from offline.checks.iam.document import PolicyDocument
from offline.checks.iam.published import actions_like, condition_keys, services
from offline.checks.policy_document import as_list

_OPERATORS_PAGE = "IAM user guide, IAM JSON policy elements: Condition operators"
_KEYS_PAGE = "IAM user guide, AWS global condition context keys, and Service Authorization Reference"

_OPERATORS = {
    "String": ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"),
    "Numeric": ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"),
    "Date": ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"),
    "Arn": ("Equals", "NotEquals", "Like", "NotLike"),
}
OPERATORS = {f"{family}{name}".lower(): family for family, names in _OPERATORS.items() for name in names} | {
    "bool": "Bool",
    "binaryequals": "Binary",
    "ipaddress": "IpAddress",
    "notipaddress": "IpAddress",
    "null": "Null",
}
# Type of a key's values -> families of operators that compare them.
_FAMILIES = {
    "string": {"String", "Arn"},
    "arn": {"Arn", "String"},
    "bool": {"Bool"},
    "numeric": {"Numeric"},
    "date": {"Date", "Numeric"},
    "ipaddress": {"IpAddress"},
}
# Names in the encryption contexts of services. Every other name is the caller's own.
# Sources: the user guides of CloudTrail, CloudWatch Logs, Athena, Amazon S3, Amazon EBS, Amazon SQS and Amazon SNS on
# encryption.
_CONTEXT = "kms:EncryptionContext:"
_CONTEXTS_OF_SERVICES = frozenset(
    {
        "aws:cloudtrail:arn",
        "aws:logs:arn",
        "aws:athena:arn",
        "aws:s3:arn",
        "aws:ebs:id",
        "aws:sqs:arn",
        "aws:sns:topicArn",
    }
)
# Claims that every OpenID Connect provider's tokens may be asked for, behind the provider's host.
# Source: IAM user guide, "IAM and AWS STS condition context keys", available keys for AWS OIDC federation.
_CLAIMS = ("amr", "aud", "azp", "sub")
_BOOLEANS = """aws:MultiFactorAuthPresent aws:PrincipalIsAWSService aws:SecureTransport aws:ViaAWSService
aws:Ec2InstanceSourceVpcMatch aws:IsMcpServiceAction aws:ViaAWSMCPService"""
_OTHERS = """aws:CalledVia aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn:arn aws:CurrentTime:date
aws:Ec2InstanceSourcePrivateIPv4:ipaddress aws:Ec2InstanceSourceVpc aws:EpochTime:date aws:FederatedProvider
aws:MultiFactorAuthAge:numeric aws:PrincipalAccount aws:PrincipalArn:arn aws:PrincipalOrgID aws:PrincipalOrgPaths
aws:PrincipalServiceName aws:PrincipalServiceNamesList aws:PrincipalTag/* aws:PrincipalType aws:referer
aws:RequestTag/* aws:RequestedRegion aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/*
aws:SourceAccount aws:SourceArn:arn aws:SourceIdentity aws:SourceIp:ipaddress aws:SourceOrgID aws:SourceOrgPaths
aws:SourceVpc aws:SourceVpcArn:arn aws:SourceVpce aws:TagKeys aws:TokenIssueTime:date aws:UserAgent aws:userid
aws:username aws:VpcSourceIp:ipaddress aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths aws:AssumedRoot"""


def _global_keys() -> dict[str, str]:
    keys = {key.lower(): "bool" for key in _BOOLEANS.split()}
    for key in _OTHERS.split():
        name, _, kind = key.removeprefix("aws:").partition(":")
        keys[f"aws:{name}".lower()] = kind or "string"
    return keys


GLOBAL_KEYS = _global_keys()


def conditions_exist(document: PolicyDocument, statement: dict[str, Any]) -> Iterator[Finding]:
    """Each operator and each key, then whether one compares the other."""
    condition = statement.get("Condition")
    if not isinstance(condition, dict):
        return
    for operator, keys in condition.items():
        family = family_of(operator)
        if family is None:
            fix = "Correct the operator's name"
            yield document.finding(operator, f"has no such condition operator as {operator}", _OPERATORS_PAGE, fix)
        for key, values in keys.items() if isinstance(keys, dict) else ():
            kind = kind_of(key, statement)
            if kind is None:
                rule = f"asks for {key}, a condition key that none of the statement's actions carries"
                yield document.finding(key, rule, _KEYS_PAGE, "Correct the key, or drop the condition")
            elif (name := key.partition(_CONTEXT)[2]).startswith("aws:") and name not in _CONTEXTS_OF_SERVICES:
                rule = f"asks for {key}, but no service encrypts with a context {name}"
                fix = "Correct the name; if the service's page has it, add it to offline/checks/iam/conditions.py"
                yield document.finding(key, rule, "AWS KMS developer guide, Encryption context", fix)
            elif family is not None:
                yield from _compares(document, operator, {key: values}, kind)


def family_of(operator: str) -> str | None:
    """The family of an operator, such as String or Null; None for one that there is not."""
    return OPERATORS.get(_without_modifiers(operator))


def _compares(document: PolicyDocument, operator: str, compared: dict[str, Any], kind: str) -> Iterator[Finding]:
    family = OPERATORS[_without_modifiers(operator)]
    for key, values in compared.items():
        if family != "Null" and family not in _FAMILIES.get(kind, {family}):
            rule = f"compares {key}, which holds a {kind} value, by {operator}"
            yield document.finding(operator, rule, _OPERATORS_PAGE, "Use an operator of that type")
        elif family in ("Bool", "Null") and not {str(each).lower() for each in as_list(values)} <= {"true", "false"}:
            rule = f"compares {key} by {operator}, which takes true or false"
            yield document.finding(values, rule, _OPERATORS_PAGE, "Write true or false")


def _without_modifiers(operator: str) -> str:
    """`ForAllValues:StringEqualsIfExists` -> `stringequals`."""
    plain = re.sub(r"^(ForAllValues|ForAnyValue):", "", operator, flags=re.IGNORECASE)
    return re.sub(r"(?<!^)IfExists$", "", plain, flags=re.IGNORECASE).lower()


def kind_of(key: str, statement: dict[str, Any]) -> str | None:
    """Type of a key's values, such as bool; None for a key that no action of a statement carries.

    Every request carries the global keys, and one to an identity provider carries the claims of its tokens.
    """
    wanted = key.lower()
    # What all services together carry takes long to find, and most keys are global.
    found = _in(GLOBAL_KEYS, wanted) or _in(_keys_of_providers(statement.get("Principal")), wanted)
    if found is None:
        found = _in(_keys_of(tuple(patterns_of(statement)) if "Action" in statement else ("*",)), wanted)
    return None if found is None else found.lower().removeprefix("arrayof")


def _in(keys: dict[str, str], wanted: str) -> str | None:
    """Type of a key's values, by its name or a glob."""
    globs = (kind for glob, kind in keys.items() if "*" in glob and fnmatch.fnmatchcase(wanted, glob))
    return keys.get(wanted) or next(globs, None)


def _keys_of_providers(principal: Any) -> dict[str, str]:
    """Claims of the tokens of the OpenID Connect providers that a statement trusts."""
    providers = as_list(principal.get("Federated")) if isinstance(principal, dict) else []
    hosts = [str(each).partition(":oidc-provider/")[2] for each in providers]
    return {f"{host}:{claim}".lower(): "string" for host in hosts if host for claim in _CLAIMS}


@cache
def _keys_of(written: tuple[str, ...]) -> dict[str, str]:
    known: dict[str, str] = {}
    for pattern in written:
        patterns = [f"{service}:*" for service in services()] if pattern == "*" else [pattern]
        for action in (each for name in patterns for each in actions_like(name)):
            known |= condition_keys(action)
    return known
