"""What AWS publishes of a resource type, from the CloudFormation schemas that cfn-lint carries.

The library takes about a second to import, so it is imported when the first type is looked up.

Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import importlib
from functools import cache
from typing import Any

from offline.providers.aws.shape import Shape

PRIMARY_REGION = "us-east-1"
_PREFIX = "/properties/"


@cache
def schema(cloudformation_type: str, region: str = PRIMARY_REGION) -> dict[str, Any]:
    """The resource schema of a CloudFormation type; empty for a type that has none.

    Some regions have schemas of their own. Where cfn-lint knows none for a region, the type is taken to be there as
    everywhere: its list of regions may be older than AWS's.
    """
    if not cloudformation_type:
        return {}
    published = importlib.import_module("cfnlint.schema").PROVIDER_SCHEMA_MANAGER
    errors = importlib.import_module("cfnlint.schema").ResourceNotFoundError
    for place in (region, PRIMARY_REGION):
        try:
            return published.get_resource_schema(place, cloudformation_type).schema
        except (errors, KeyError, ImportError):
            continue
    return {}


@cache
def schema_shape(cloudformation_type: str, region: str = PRIMARY_REGION) -> Shape:
    """The same, to be read by a translation."""
    return Shape(schema(cloudformation_type, region))


@cache
def create_only(cloudformation_type: str) -> tuple[tuple[str, ...], ...]:
    """Paths of the properties that can only be set when the resource is created."""
    paths = schema(cloudformation_type).get("createOnlyProperties", [])
    return tuple(tuple(path.removeprefix(_PREFIX).split("/")) for path in paths)


def has_tags(cloudformation_type: str) -> bool:
    """Whether the type takes tags."""
    return "Tags" in schema(cloudformation_type).get("properties", {})


def pascal(name: str) -> str:
    """`subnetIds` -> `SubnetIds`."""
    return name[:1].upper() + name[1:]
