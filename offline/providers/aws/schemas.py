"""What AWS publishes of a resource type, from the CloudFormation schemas that cfn-lint carries.

They are read from its files: the package itself takes a second to import, with all that its rules need. A test holds
what is read against what the package answers.

Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html; cfn-lint,
src/cfnlint/schema/manager.py.
"""

import json
import runpy
from functools import cache
from importlib.util import find_spec
from pathlib import Path
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
    for place in (region, PRIMARY_REGION):
        if digest := _digests(place).get(cloudformation_type):
            return _read(digest)
    return {}


@cache
def extension(name: str) -> dict[str, Any]:
    """A schema that cfn-lint adds to CloudFormation's, by its directory and name, such as aws_sqs_queue/properties."""
    return json.loads((_files() / "extensions" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _files() -> Path:
    package = find_spec("cfnlint")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("cfn-lint is not installed: run make .venv/.installed")
    return Path(package.submodule_search_locations[0]) / "data" / "schemas"


@cache
def _digests(region: str) -> dict[str, str]:
    """CloudFormation type to the digest by which its schema is kept; empty for a region that is not known."""
    file = _files() / "providers" / f"{region.replace('-', '_')}.py"
    return runpy.run_path(str(file))["types"] if file.is_file() else {}


@cache
def _read(digest: str) -> dict[str, Any]:
    return json.loads((_files() / "resources" / f"{digest}.json").read_text(encoding="utf-8"))


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
