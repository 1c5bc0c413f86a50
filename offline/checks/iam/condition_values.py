"""Whether the values of a condition name services, Regions and accounts that there are.

No API compares them with anything. One that is wrong never matches: an Allow is lost, and a Deny with it.

Source: botocore's endpoints for services and Regions; the page of each key.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from offline.checks.finding import Finding
from offline.checks.iam.conditions import family_of
from offline.checks.iam.document import PolicyDocument
from offline.checks.policy_document import as_list
from offline.providers.aws.account import Account
from offline.providers.aws.regions import partitions

_ANY = re.compile(r"[*?$]")
_ACCOUNT = re.compile(r"\d{12}")
_PARTS_OF_AN_ARN = 6
_ARNS = "IAM user guide, Amazon Resource Names"
_GLOBAL_KEYS = "IAM user guide, AWS global condition context keys"

# What is wrong with a value, and how to mend it; None where nothing is.
Verdict = tuple[str, str] | None


def condition_values_exist(document: PolicyDocument, statement: dict[str, Any]) -> Iterator[Finding]:
    """Each value of a key that names an endpoint, a service, a Region or an account, and each ARN."""
    condition = statement.get("Condition")
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        if family_of(operator) == "Null" or not isinstance(keys, dict):
            continue
        for key, values in keys.items():
            for value in as_list(values):
                yield from _judged(document, key, str(value))


def _judged(document: PolicyDocument, key: str, value: str) -> Iterator[Finding]:
    judge, source = _OF_KEYS.get(key.lower(), (_nothing, ""))
    if value.startswith("arn:"):
        judge, source = _arn, _ARNS
    verdict = judge(value, document.account)
    if verdict is not None:
        wrong, fix = verdict
        yield document.finding(value, f"compares {key} with it, which {wrong}", source, fix)


def _endpoint(value: str, account: Account) -> Verdict:
    """`s3.us-east-1.amazonaws.com`, with wildcards or without."""
    service, _, rest = value.partition(".")
    region, _, suffix = rest.partition(".")
    if not _ANY.search(service) and service not in endpoint_services(account.partition):
        return f"names no service with an endpoint: {service}", "Correct the service's name"
    if not _ANY.search(suffix) and suffix != account.suffix:
        return f"does not end in the partition's {account.suffix}", f"Write {service}.{account.region}.{account.suffix}"
    return _region_of_the_stack(region, account)


def _region_of_the_stack(region: str, account: Account) -> Verdict:
    if _ANY.search(region) or region == account.region:
        return None
    known = "another Region than" if region in regions(account.partition) else "no Region, where the provider is in"
    return f"names {region}, {known} {account.region}", f"Write {account.region}"


def _region(value: str, account: Account) -> Verdict:
    if _ANY.search(value) or value in regions(account.partition):
        return None
    return f"is no Region of partition {account.partition}", "Correct the Region's name"


def _service(value: str, account: Account) -> Verdict:
    name, _, suffix = value.partition(".")
    if _ANY.search(value) or (name in endpoint_services(account.partition) and suffix.startswith("amazonaws.com")):
        return None
    return "is no service's principal", "Write it like athena.amazonaws.com"


def _account(value: str, account: Account) -> Verdict:
    del account
    if _ANY.search(value) or _ACCOUNT.fullmatch(value):
        return None
    return "is no account id of 12 digits", "Write the account's id"


def _arn(value: str, account: Account) -> Verdict:
    """Partition, Region and account; what stands behind them is the service's."""
    parts = value.split(":", _PARTS_OF_AN_ARN - 1)
    if len(parts) < _PARTS_OF_AN_ARN:
        return None if _ANY.search(value) else ("is no ARN", "Write arn:partition:service:region:account:resource")
    _, partition, _, region, owner, _ = parts
    if not _ANY.search(partition) and partition != account.partition:
        return f"is in partition {partition}, where the provider is in {account.partition}", "Correct the partition"
    if owner and owner != "aws" and (verdict := _account(owner, account)):
        return verdict
    return _region_of_the_stack(region, account) if region else None


def _nothing(value: str, account: Account) -> Verdict:
    del value, account
    return None


_OF_KEYS: dict[str, tuple[Callable[[str, Account], Verdict], str]] = {
    "kms:viaservice": (_endpoint, "AWS KMS developer guide, kms:ViaService"),
    "aws:requestedregion": (_region, _GLOBAL_KEYS),
    **dict.fromkeys(("aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn"), (_arn, _ARNS)),
    **dict.fromkeys(("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"), (_service, _GLOBAL_KEYS)),
    **dict.fromkeys(
        ("aws:sourceaccount", "aws:principalaccount", "aws:resourceaccount", "aws:vpceaccount", "kms:calleraccount"),
        (_account, _GLOBAL_KEYS),
    ),
}


@cache
def endpoint_services(partition: str) -> frozenset[str]:
    """First labels of the host names of a partition's services."""
    return frozenset(_partition(partition)["services"])


@cache
def regions(partition: str) -> frozenset[str]:
    """A partition's Regions."""
    return frozenset(_partition(partition)["regions"])


@cache
def _partition(name: str) -> Mapping[str, Any]:
    return next(each for each in partitions() if each["partition"] == name)
