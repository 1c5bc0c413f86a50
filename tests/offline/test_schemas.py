"""Schemas are read from cfn-lint's files as the package itself answers."""

import importlib
import subprocess
import sys

import pytest

from components.regions import SERVED
from offline.providers.aws.schemas import PRIMARY_REGION, extension, schema
from offline.providers.aws.types import TYPES

KINDS = sorted({each.cloudformation or each.part_of for each in TYPES.values()} - {""})
WITHOUT_THE_PACKAGE = """
import sys
from offline.providers.aws.schemas import extension, has_tags
assert has_tags("AWS::S3::Bucket")
assert extension("aws_sqs_queue/properties")
print("cfnlint" in sys.modules)
"""


@pytest.mark.parametrize("region", SERVED)
def test_a_schema_is_what_cfn_lint_answers_for_a_region(region: str) -> None:
    package = importlib.import_module("cfnlint.schema")

    def answered(kind: str) -> dict[str, object]:
        for place in (region, PRIMARY_REGION):
            try:
                return package.PROVIDER_SCHEMA_MANAGER.get_resource_schema(place, kind).schema
            except package.ResourceNotFoundError:
                continue
        return {}

    assert len(KINDS) > 40
    assert [kind for kind in KINDS if schema(kind, region) != answered(kind)] == []


def test_a_type_or_region_that_nobody_knows_has_no_schema_of_its_own() -> None:
    assert schema("AWS::Nothing::AtAll") == {}
    assert schema("AWS::S3::Bucket", "mars-north-1") == schema("AWS::S3::Bucket")


def test_an_addition_is_what_cfn_lint_loads() -> None:
    package = importlib.import_module("cfnlint.data.schemas.extensions.aws_sqs_queue")
    load = importlib.import_module("cfnlint.helpers").load_resource
    assert extension("aws_sqs_queue/properties") == load(package, filename="properties.json")


def test_the_package_is_not_imported_for_it() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_THE_PACKAGE], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
