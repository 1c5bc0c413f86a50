"""A quota of an account, and how what a stack asks for is held against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from doctor.aws import Aws, CallError, DeniedError
from doctor.finding import Finding, fail, ok, warn

GET = ("service-quotas:GetServiceQuota", "service-quotas:GetAWSDefaultServiceQuota")
PENDING = "service-quotas:ListRequestedServiceQuotaChangeHistoryByQuota"
CALLS = (*GET, PENDING)
_STILL_PENDING = ("PENDING", "CASE_OPENED")
_NONE_APPLIED = "NoSuchResourceException"


@dataclass(frozen=True)
class Quota:
    """One quota, as Service Quotas knows it.

    Args:
        service: its code, such as vpc.
        code: of the quota, such as L-F678F1CE.
        title: its name.
        region: where it is asked for; the stack's Region unless given.
    """

    service: str
    code: str
    title: str
    region: str | None = None


@dataclass(frozen=True)
class Demand:
    """What a stack asks of a quota, in the quota's unit.

    Args:
        at_once: what `pulumi up` makes.
        others: what is in use in the account beside the stack's own.
        at_most: what the settings allow later; the same unless given.
        later: when that is, as a part of a sentence.
        place: what it is counted for where the quota is no whole account's, such as a zone.
    """

    at_once: float
    others: float = 0
    at_most: float | None = None
    later: str = ""
    place: str = ""


def held(aws: Aws, quota: Quota) -> float | None:
    """What the account has; None where nobody knows.

    Args:
        aws: asks.
        quota: the quota.
    """
    for call in GET:
        try:
            answer = aws.ask(call, region=quota.region, ServiceCode=quota.service, QuotaCode=quota.code)
        except DeniedError:
            raise
        except CallError as error:
            # A quota that was never raised may have none applied, and then AWS's own value holds.
            if error.code != _NONE_APPLIED:
                raise
        else:
            return float(answer["Quota"]["Value"])
    return None


def judge(aws: Aws, quota: Quota, demands: Iterable[Demand]) -> Iterable[Finding]:
    """What comes of demands.

    Args:
        aws: asks.
        quota: the quota.
        demands: each held against it by itself.
    """
    has = held(aws, quota)
    for demand in demands:
        if has is None:
            yield warn(
                f"Service Quotas knows no {quota.title} here; {demand.at_once:g} are needed",
                f"aws service-quotas list-service-quotas --service-code {quota.service}",
            )
            continue
        at_most = demand.at_once if demand.at_most is None else demand.at_most
        text = _text(quota, demand, has)
        if demand.others + at_most <= has:
            yield ok(text)
            continue
        fix = _pending(aws, quota, demand.others + at_most) or _request(aws, quota, demand.others + at_most)
        yield (fail if demand.others + demand.at_once > has else warn)(text, fix)


def _text(quota: Quota, demand: Demand, has: float) -> str:
    parts = [f"{_number(demand.at_once)} needed"]
    if demand.at_most is not None and demand.at_most > demand.at_once:
        parts.append(f"{_number(demand.at_most)} {demand.later}")
    if demand.others:
        parts.append(f"{_number(demand.others)} in use by others")
    place = f" ({demand.place})" if demand.place else ""
    return f"{quota.title}{place}: {', '.join(parts)}; {_number(has)} held"


def _request(aws: Aws, quota: Quota, value: float) -> str:
    return (
        f"aws service-quotas request-service-quota-increase --region {quota.region or aws.region} "
        f"--service-code {quota.service} --quota-code {quota.code} --desired-value {ceil(value)}"
    )


def _pending(aws: Aws, quota: Quota, value: float) -> str:
    """What to do where somebody has asked for enough already; empty where nobody has, or nobody can say."""
    try:
        asked = aws.pages(
            PENDING, "RequestedQuotas", region=quota.region, ServiceCode=quota.service, QuotaCode=quota.code
        )
        enough = [each for each in asked if each["Status"] in _STILL_PENDING and each["DesiredValue"] >= value]
    except CallError:
        # The request that is printed instead is refused while another one is open.
        return ""
    return f"wait: request {enough[0]['Id']} for {_number(enough[0]['DesiredValue'])} is pending" if enough else ""


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
