"""Whether a change of inputs updates an AWS resource or replaces it.

The answer comes from the schema's `createOnlyProperties`, read through the same translation as everything else; a row's
`replaces`, `updates` and `addable` hold what the provider does differently. A physical name that the program fixed
cannot exist twice, so such a replacement deletes first.

Source of the last rule: https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/
"""

from typing import Any

from offline.providers.aws.mapping import in_cloudformation
from offline.providers.aws.row import AwsType
from offline.providers.aws.schemas import create_only
from offline.providers.resource import Difference, Resource, changed_properties
from offline.providers.values import Properties, plain

AUTOMATIC = "__defaults"


def difference(row: AwsType, resource: Resource) -> Difference:
    """What changes, what of it replaces, and whether the old resource has to go first."""
    old, new = resource.old_inputs, resource.inputs
    changed = changed_properties(old, new)
    replaces = tuple(key for key in changed if _replaces(row, key, plain(old.get(key)), plain(new.get(key))))
    fixed_name = bool(row.name) and row.name not in new.get(AUTOMATIC, [])
    same_name = plain(old.get(row.name)) == plain(new.get(row.name))
    return Difference(changed, replaces, delete_first=bool(replaces) and fixed_name and same_name)


def _replaces(row: AwsType, key: str, old: Any, new: Any) -> bool:
    if any(_at({key: old}, path) != _at({key: new}, path) for path in _paths(row, key)):
        return True
    if key in row.updates or (key in row.addable and old is None):
        return False
    before, after = _translated(row, {key: old}), _translated(row, {key: new})
    return any(_at(before, path) != _at(after, path) for path in create_only(row.cloudformation))


def _paths(row: AwsType, key: str) -> list[tuple[str, ...]]:
    """What the row itself says of the property or of parts of it."""
    paths = (tuple(each.split(".")) for each in row.replaces)
    return [path for path in paths if path[0] == key]


def _translated(row: AwsType, values: Properties) -> Properties:
    whole = in_cloudformation(row, {key: value for key, value in values.items() if value is not None})
    return whole[1].properties if whole else {}


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        value = value.get(step) if isinstance(value, dict) else None
    return value
