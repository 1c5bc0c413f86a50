"""Who may read the logs of one environment."""

from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model, RoleArn

# Whose readers see logs of every team; no team may be called so, because roles are called after both.
KINDS = ("platform", "spark")

Readers = Annotated[tuple[RoleArn, ...], Field(max_length=50)]


class LogReadersSettings(Model):
    """IAM roles of people that may assume a role which reads logs, by what they read."""

    platform: Annotated[Readers, OnChange(in_place())] = ()
    """They read every log: of Spark applications, of the system and its nodes, and event logs."""

    spark: Annotated[Readers, OnChange(in_place())] = ()
    """They read logs and event logs of Spark applications, and what each application used."""

    def all_roles(self) -> dict[str, RoleArn]:
        """Field path of every listed role to its ARN."""
        return {f"{kind}.{index}": arn for kind in KINDS for index, arn in enumerate(getattr(self, kind))}
