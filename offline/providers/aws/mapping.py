"""One AWS resource as CloudFormation and as the API see it: the one translation that judges, diffs and renders share.

The table is `offline.providers.aws.types`; `offline.providers.aws.wording` explains how its columns are read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offline.providers.aws.calls import call_shape
from offline.providers.aws.row import ApiCall, AwsType
from offline.providers.aws.schemas import PRIMARY_REGION, schema_shape
from offline.providers.aws.shape import Shape
from offline.providers.aws.translation import translate
from offline.providers.aws.wording import Translation

# Inputs of every type that are about the provider, not about the resource.
_OF_THE_PROVIDER = frozenset({"region", "tagsAll", "forceDestroy", "skipDestroy"})


@dataclass(frozen=True)
class Called:
    """One call of the API with the parameters that the inputs give it."""

    call: ApiCall
    shape: Shape
    translation: Translation


def given(row: AwsType, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the plain inputs say of the resource itself, with the provider's default tags among its tags."""
    values = {key: value for key, value in inputs.items() if not key.startswith("__")}
    tags, own = values.get("tagsAll"), values.get("tags")
    if isinstance(tags, dict) and (own is None or isinstance(own, dict)):
        values["tags"] = {**tags, **(own or {})}
    hidden = _OF_THE_PROVIDER | row.provider_only | ({f"{row.name}Prefix"} if row.name else set())
    said = {key: value for key, value in values.items() if value is not None and key not in hidden}
    return {key: value for key, value in said.items() if key not in row.unset or value != row.unset[key]}


def in_cloudformation(
    row: AwsType, values: Mapping[str, Any], region: str = PRIMARY_REGION
) -> tuple[Shape, Translation] | None:
    """The values as properties of the row's CloudFormation type; None where it has none."""
    name = row.cloudformation or row.part_of
    if not name:
        return None
    shape = schema_shape(name, region)
    return shape, translate(values, shape, row)


def in_calls(row: AwsType, values: Mapping[str, Any]) -> Iterator[Called]:
    """The values as parameters of each of the row's API calls."""
    for each in row.calls:
        shape = call_shape(each.service, each.operation)
        yield Called(each, shape, translate(values, shape, each))


def mapped_nowhere(row: AwsType, values: Mapping[str, Any], whole: tuple[Shape, Translation] | None) -> tuple[str, ...]:
    """Paths of the inputs that neither CloudFormation nor any call of the row has a name for.

    Args:
        row: of the inputs' type.
        values: the inputs.
        whole: what `in_cloudformation` makes of them.
    """
    missing = [set(whole[1].unmapped)] if whole else []
    missing += [set(called.translation.unmapped) for called in in_calls(row, values)]
    if not missing:
        return tuple(sorted(values))
    everywhere = {path for each in missing for path in each if all(_covers(path, other) for other in missing)}
    return tuple(sorted(everywhere))


def _covers(path: str, missing: set[str]) -> bool:
    return any(path == each or path.startswith(f"{each}.") for each in missing)
