"""The base of every settings model: strict, frozen, and able to state rules that span fields.

Leaves out where settings come from (`settings.py`) and how their errors are worded (`settings_error.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from components.regions import SERVED

AccountId = Annotated[str, Field(pattern=r"^\d{12}$", description="AWS account id: twelve digits, quoted.")]
RegionName = Annotated[str, Field(json_schema_extra={"enum": list(SERVED)})]
RoleArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$",
        description="ARN of an IAM role, such as arn:aws:iam::111111111111:role/platform.",
    ),
]
KeyArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+$",
        description="ARN of an AWS KMS key, such as arn:aws:kms:us-east-1:111111111111:key/0a1b.",
    ),
]


@dataclass(frozen=True)
class Violation:
    """One broken rule of a settings model.

    Args:
        field: path of the field inside the model that states the rule, dots between keys.
        value: what the field holds.
        rule: what must hold, as a sentence.
        reason: why, naming the service or document that the rule comes from.
        fix: what to write instead.
    """

    field: str
    value: object
    rule: str
    reason: str
    fix: str


class Model(BaseModel):
    """A frozen settings model: unknown keys and inexact types are refused, rules are checked on construction.

    Subclasses override `rules()`. Pydantic gathers errors across sibling models, so one run reports the
    broken rules of every area together with its type errors.

    Raises:
        pydantic.ValidationError: with one error per wrong field and one per model with broken rules.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    def rules(self) -> Iterable[Violation]:
        """The rules that span this model's fields; nothing is yielded when all hold."""
        return ()

    @model_validator(mode="after")
    def refuse_broken_rules(self) -> Self:
        """Turn the broken rules into one pydantic error that carries them all."""
        if violations := tuple(self.rules()):
            raise PydanticCustomError("rules", "broken rules", {"violations": violations})
        return self


def overlaps(networks: dict[str, IPv4Network]) -> Iterable[tuple[str, str]]:
    """Pairs of names whose address ranges share an address.

    Args:
        networks: a name, such as a field path, to its range.

    Returns:
        Each overlapping pair once, in the order of the mapping.
    """
    names = list(networks)
    for index, left in enumerate(names):
        for right in names[index + 1 :]:
            if networks[left].overlaps(networks[right]):
                yield left, right
