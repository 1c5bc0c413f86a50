"""The judge that holds AWS resources against CloudFormation's schemas, and the table of types against the program.

Source: the schemas of the CloudFormation registry as cfn-lint carries and corrects them,
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from collections.abc import Iterator, Sequence
from typing import Any

from offline.checks.aws_schema.extensions import further_problems
from offline.checks.aws_schema.opinions import known_elsewhere
from offline.checks.aws_schema.places import finding, value_at
from offline.checks.aws_schema.validation import problems
from offline.checks.finding import Finding
from offline.providers.aws.account import Account
from offline.providers.aws.mapping import given, in_cloudformation, mapped_nowhere
from offline.providers.aws.row import AwsType
from offline.providers.aws.shape import Shape
from offline.providers.aws.types import TYPES
from offline.providers.aws.wording import Translation
from offline.providers.resource import Resource

_TABLE = "offline/providers/aws/types/"


class CloudFormationJudge:
    """Says what the schema of a resource's CloudFormation type refuses, and what the table has no name for."""

    name = "cloudformation-schema"

    def inspect(self, resource: Resource) -> Iterator[Finding]:
        """Mistakes in one resource."""
        if not resource.type.startswith("aws:"):
            return
        row = TYPES.get(resource.type)
        if row is None or not (row.cloudformation or row.part_of or row.calls):
            yield self._unknown_type(resource)
            return
        values, region = given(row, resource.plain_inputs), Account.of(resource.settings).region
        whole = in_cloudformation(row, values, region)
        if whole is not None:
            yield from self._refused(resource, row, values, whole)
        for place in mapped_nowhere(row, values, whole):
            yield self._unknown_property(resource, place)

    def inspect_together(self, resources: Sequence[Resource]) -> Iterator[Finding]:
        """A schema knows one resource only."""
        del resources
        return iter(())

    def _refused(
        self, resource: Resource, row: AwsType, values: dict[str, Any], whole: tuple[Shape, Translation]
    ) -> Iterator[Finding]:
        (shape, translation), kind = whole, row.cloudformation or row.part_of
        region = Account.of(resource.settings).region
        for problem in problems(shape.root, translation.properties):
            if known_elsewhere(problem, translation.place(problem.path), row, values):
                continue
            source = f"CloudFormation's schema of {kind}, {problem.keyword}"
            yield finding(self.name, resource, problem, (translation, row), source)
        for addition, problem in further_problems(kind, translation.properties, region):
            source = f"cfn-lint's addition to the schema of {kind}, {addition}"
            yield finding(self.name, resource, problem, (translation, row), source)

    def _unknown_type(self, resource: Resource) -> Finding:
        return Finding.of(
            judge=self.name,
            resource=resource,
            place="",
            value=None,
            rule="has no mapping to CloudFormation or to AWS's API, so nothing can say whether it is right",
            source=_TABLE,
            fix=f"Give its row in {_TABLE} a `cloudformation` type, or the `calls` of the API that make it",
        )

    def _unknown_property(self, resource: Resource, place: str) -> Finding:
        return Finding.of(
            judge=self.name,
            resource=resource,
            place=place,
            value=value_at(resource, place),
            rule="is mapped to nothing in CloudFormation or AWS's API, so nothing can say whether it is right",
            source=_TABLE,
            fix=f"Correct its name, or say in `renamed` of the type's row in {_TABLE} what AWS calls it",
        )
