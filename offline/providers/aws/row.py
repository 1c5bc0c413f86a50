"""The shape of one row in the table of AWS types, and short ways to write ARNs.

Templates are format strings over the resource's inputs (camelCase) and these names: `account`, `region`, `partition`,
`suffix` (DNS suffix), `id`, `arn`, `name` (physical name), `logical`, `created` (a time), `token` (32 upper-case
hexadecimal characters, the same in every template of a resource), and per template `{hex:N}`, `{digits:N}`,
`{letters:N}` and `{uuid}`. An output whose template names an absent input is left out.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from offline.providers.aws.wording import Wording
from offline.providers.values import Properties

Template = Any


@dataclass(frozen=True, kw_only=True)
class ApiCall(Wording):
    """A call by which the provider makes a resource or sets part of it; `call` writes one.

    Args:
        service: as botocore names it.
        operation: for example `CreateNodegroup`.
        filled: required parameters that the provider fills in by itself.
    """

    service: str
    operation: str
    filled: frozenset[str] = frozenset()


def call(service: str, operation: str, renamed: Mapping[str, str] | None = None, **more: Any) -> ApiCall:
    """One call. EC2 takes tags in a way of its own, so its calls that make something have that mapped."""
    makes = operation.startswith(("Create", "Allocate", "Authorize")) and operation != "CreateRoute"
    tags = {"tags": "TagSpecifications[0].Tags"} if service == "ec2" and makes else {}
    return ApiCall(service=service, operation=operation, renamed={**tags, **(renamed or {})}, **more)


@dataclass(frozen=True, kw_only=True)
class AwsType(Wording):
    """What the offline cloud knows of one Pulumi type; what it inherits is the wording of `cloudformation`.

    Args:
        cloudformation: the CloudFormation type whose schema says what is right, what replaces and what can be tagged;
            empty where CloudFormation has no such resource.
        part_of: instead, the CloudFormation type that has this resource as one of its properties.
        calls: the API calls that make it.
        unset: values by which an input says that it is not set.
        provider_only: inputs that the provider keeps to itself or spends on something else than this resource.
        identifier: template of the id.
        arn: template of the ARN, empty where the type has none.
        name: the input that holds the physical name, if Pulumi names the resource automatically.
        name_limit: longest physical name AWS takes.
        name_prefix: what every automatic name starts with.
        outputs: templates of what AWS computes; a mapping is merged below what the inputs give.
        replaces: dotted paths that force a replacement beyond the schema's `createOnlyProperties`.
        updates: properties that the provider updates in place although the schema says otherwise.
        addable: properties that may be added in place, but neither changed nor removed.
        on_update: outputs that an update changes, from the old outputs and the new inputs.
        taggable: set where the schema's answer differs from the provider's.
        regional: False for global services, whose resources have no `region` output.
    """

    cloudformation: str = ""
    part_of: str = ""
    calls: tuple[ApiCall, ...] = ()
    unset: Mapping[str, Any] = field(default_factory=dict)
    provider_only: frozenset[str] = frozenset()
    identifier: Template
    arn: Template = ""
    name: str = ""
    name_limit: int = 255
    name_prefix: str = ""
    outputs: Mapping[str, Template] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()
    updates: frozenset[str] = frozenset()
    addable: frozenset[str] = frozenset()
    on_update: Callable[[Properties, Properties], Properties] | None = None
    taggable: bool | None = None
    regional: bool = True


def arn(service: str, resource: str) -> str:
    """Template of a regional ARN."""
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{resource}"


def global_arn(service: str, resource: str) -> str:
    """Template of an ARN without a region, as IAM's are."""
    return f"arn:{{partition}}:{service}::{{account}}:{resource}"


def part_of(prefix: str, owner: str) -> str:
    """The id of what AWS makes along with another resource, found again from that resource's id."""
    return f"{prefix}-{hashlib.sha256(f'{prefix}{owner}'.encode()).hexdigest()[:17]}"
