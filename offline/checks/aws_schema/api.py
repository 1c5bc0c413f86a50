"""The judge that holds AWS resources against the API calls that make them: a second opinion beside CloudFormation's.

It is the only one where CloudFormation has no such resource, and often the stricter: enumerations, patterns that must
match as a whole, lengths and ranges.

Source: the service models that botocore carries, https://github.com/boto/botocore/tree/develop/botocore/data
"""

from collections.abc import Iterator, Sequence
from typing import Any

from offline.checks.aws_schema.opinions import known_elsewhere
from offline.checks.aws_schema.places import finding
from offline.checks.aws_schema.validation import problems
from offline.checks.finding import Finding
from offline.providers.aws.mapping import Called, given, in_calls
from offline.providers.aws.row import AwsType
from offline.providers.aws.types import TYPES
from offline.providers.resource import Resource


class ApiJudge:
    """Says what the model of an API call refuses."""

    name = "api-shape"

    def inspect(self, resource: Resource) -> Iterator[Finding]:
        """Mistakes in one resource."""
        row = TYPES.get(resource.type)
        if row is None:
            return
        values = given(row, resource.plain_inputs)
        found: dict[str, Finding] = {}
        for called in in_calls(row, values):
            for each in self._refused(resource, row, values, called):
                # Several calls take the same name; one finding says it.
                found.setdefault(each.property, each)
        yield from found.values()

    def inspect_together(self, resources: Sequence[Resource]) -> Iterator[Finding]:
        """A call makes one resource only."""
        del resources
        return iter(())

    def _refused(self, resource: Resource, row: AwsType, values: dict[str, Any], called: Called) -> Iterator[Finding]:
        call, translation = called.call, called.translation
        source = f"API {call.service} {call.operation}"
        for problem in problems(called.shape.root, translation.properties):
            filled = problem.keyword == "required" and problem.path[-1] in call.filled
            if not filled and not known_elsewhere(problem, translation.place(problem.path), row, values):
                where = f"{source}, {'.'.join(str(step) for step in problem.path)} {problem.keyword}"
                yield finding(self.name, resource, problem, (translation, call), where)
