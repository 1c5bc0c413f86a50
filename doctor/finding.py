"""What a check found out about one thing."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail", "skip"]
# From the least to what matters most; a check is as bad as the worst of what it found.
ORDER: tuple[Status, ...] = ("ok", "skip", "warn", "fail")
_SEVERITY: dict[Status, int] = {status: place for place, status in enumerate(ORDER)}


@dataclass(frozen=True)
class Finding:
    """One thing that is as it should be, or is not.

    Args:
        status: ok; warn for what `pulumi up` comes through, or nobody could look at; fail for what ends it; skip for
            what was not looked at since something else failed.
        detail: what was found, as a part of a sentence.
        fix: a command or a sentence that mends it; empty where nothing has to be.
    """

    status: Status
    detail: str
    fix: str = ""


def ok(detail: str) -> Finding:
    """Something that is as it should be."""
    return Finding("ok", detail)


def warn(detail: str, fix: str) -> Finding:
    """Something that `pulumi up` comes through, or that nobody could look at."""
    return Finding("warn", detail, fix)


def fail(detail: str, fix: str) -> Finding:
    """Something that ends `pulumi up`."""
    return Finding("fail", detail, fix)


def worst(findings: list[Finding]) -> Status:
    """The status of a check that found these."""
    found: list[Status] = ["ok", *(each.status for each in findings)]
    return max(found, key=_SEVERITY.__getitem__)
