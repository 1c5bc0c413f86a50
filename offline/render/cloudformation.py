"""The AWS resources of a stack as a CloudFormation template, for tools that read templates.

Physical ids stand where a template would have references. A resource that holds one part of a bucket's configuration
is folded into the bucket; what CloudFormation has no resource for, and properties it has no name for, are listed under
`Metadata`, so that nothing is silently missing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from offline.providers.aws.mapping import given, in_cloudformation
from offline.providers.aws.row import AwsType
from offline.providers.aws.schemas import pascal
from offline.providers.aws.types import TYPES
from offline.providers.values import plain


def template(resources: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The template: `Resources`, and `Metadata` with what is left out."""
    made: dict[str, dict[str, Any]] = {}
    owners: dict[str, dict[str, Any]] = {}
    left_out: list[str] = []
    not_mapped: dict[str, list[str]] = {}
    known = [(TYPES[each["type"]], each) for each in resources if each["type"].split(":")[0] == "aws"]
    for row, resource in known:
        if row.part_of:
            continue
        if not row.cloudformation:
            left_out.append(f"{resource['type']} {_name(resource)}")
            continue
        logical = _unique(_logical_id(resource), made)
        properties, rest = _properties(row, resource)
        made[logical] = {"Type": row.cloudformation, "Properties": properties}
        if rest:
            not_mapped[logical] = rest
        owners[f"{row.cloudformation} {resource['id']}"] = properties
    for row, part in known:
        if row.part_of:
            # The parts of a bucket carry the bucket's name as their id.
            owner = owners.get(f"{row.part_of} {part['id']}")
            if owner is None:
                left_out.append(f"{part['type']} {_name(part)}")
            else:
                owner |= _properties(row, part)[0]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Metadata": {"LeftOut": sorted(left_out), "PropertiesNotMapped": not_mapped},
        "Resources": made,
    }


def _properties(row: AwsType, resource: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The resource's inputs in CloudFormation's names and shapes, and the inputs that have none."""
    whole = in_cloudformation(row, given(row, plain(resource["inputs"])))
    if whole is None:
        return {}, []
    return whole[1].properties, sorted(whole[1].unmapped)


def _name(resource: Mapping[str, Any]) -> str:
    return resource["urn"].rsplit("::", 1)[-1]


def _logical_id(resource: Mapping[str, Any]) -> str:
    """Letters and digits only, as CloudFormation wants: the name and the kind of resource."""
    words = re.findall(r"[A-Za-z0-9]+", _name(resource))
    return "".join(pascal(word) for word in words) + resource["type"].rsplit(":", 1)[-1]


def _unique(logical: str, taken: Mapping[str, Any]) -> str:
    number, candidate = 2, logical
    while candidate in taken:
        candidate, number = f"{logical}{number}", number + 1
    return candidate
