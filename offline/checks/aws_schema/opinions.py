"""Whether one source of AWS's enumerations knows a value that another refuses.

CloudFormation's schemas and botocore's models come out at different times, so a value that AWS has just introduced may
be missing in one of them. What either knows is right.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from offline.checks.aws_schema.validation import Problem
from offline.providers.aws.mapping import in_calls, in_cloudformation
from offline.providers.aws.row import AwsType
from offline.providers.aws.shape import Shape
from offline.providers.aws.wording import Translation


def known_elsewhere(problem: Problem, place: str, row: AwsType, values: dict[str, Any]) -> bool:
    """Whether the refused value is in another source's enumeration for the same input."""
    return problem.keyword == "enum" and any(problem.value in values for values in _enumerations(place, row, values))


def _enumerations(place: str, row: AwsType, values: dict[str, Any]) -> Iterator[Sequence[Any]]:
    sources: list[tuple[Shape, Translation]] = [(each.shape, each.translation) for each in in_calls(row, values)]
    whole = in_cloudformation(row, values)
    for shape, translation in [*sources, *([whole] if whole else [])]:
        for path, known in translation.places.items():
            if known == place:
                yield shape.at(path).get("enum", ())
