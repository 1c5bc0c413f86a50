"""What is printed: a line for each check as it is made, or one JSON document."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from doctor.finding import ORDER, Finding
from doctor.run import Outcome

_WIDTH = max(map(len, ORDER))
_INDENT = " " * (_WIDTH + 2)


def lines(outcome: Outcome) -> Iterator[Text]:
    """The line of a check; below it each thing that is wrong where it found several, and each fix."""
    wrong = [each for each in outcome.findings if each.status != "ok"]
    head = Text.assemble((outcome.status.ljust(_WIDTH), outcome.status), f"  {outcome.check.name}: ")
    if len(wrong) > 1:
        yield head.append(f"{len(wrong)} findings")
        for each in wrong:
            yield from map(Text, _below(f"- {each.detail}", "  "))
            yield from map(Text, _fix(each, "    "))
        return
    told = wrong or outcome.findings
    first, *more = "; ".join(each.detail for each in told).splitlines() or [""]
    yield head.append(first)
    for line in more:
        yield Text(f"{_INDENT}{line}")
    for each in wrong:
        yield from map(Text, _fix(each, "  "))


def summary(outcomes: Sequence[Outcome]) -> str:
    """The last line."""
    counts = Counter(each.status for each in outcomes)
    return ", ".join(f"{counts[each]} {each}" for each in ORDER) + f", of {len(outcomes)} checks"


def has_passed(outcomes: Sequence[Outcome]) -> bool:
    """Whether nothing fails."""
    return all(each.status != "fail" for each in outcomes)


def document(stack: str, outcomes: Sequence[Outcome], areas: Mapping[str, str]) -> dict[str, Any]:
    """All of it, for programs.

    Args:
        stack: name of the stack.
        outcomes: of all checks.
        areas: name of each check to its area.
    """
    return {
        "stack": stack,
        "passed": has_passed(outcomes),
        "checks": [
            {
                "name": each.check.name,
                "area": areas[each.check.name],
                "status": each.status,
                "findings": [
                    {"status": found.status, "detail": found.detail, "fix": found.fix or None}
                    for found in each.findings
                ],
            }
            for each in outcomes
        ],
    }


def _below(text: str, indent: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines()):
        yield f"{_INDENT}{line}" if not number else f"{_INDENT}{indent}{line}"


def _fix(finding: Finding, indent: str) -> Iterator[str]:
    if finding.fix:
        yield f"{_INDENT}{indent}fix: {finding.fix}"
