"""What must belong to one environment alone: its name, its AWS account and its address ranges.

Reads the other stacks' files next to this one's, because only there can a copied account id or range be seen. Reads
loosely, so that a file with other errors is still compared. Leaves out everything else in the other files: each is
judged in full when it is deployed itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Self

from components.model import Violation
from components.stack_file import SETTINGS, configurations, mapping


@dataclass(frozen=True)
class Footprint:
    """Name, account and ranges of an environment, as far as its settings state them.

    Args:
        name: name of the environment, or None.
        account_id: twelve digits, or None.
        ranges: field path to each range of its network that can be parsed.
    """

    name: str | None
    account_id: str | None
    ranges: Mapping[str, IPv4Network]

    @classmethod
    def of(cls, tree: object) -> Self:
        """The footprint of a settings tree that need not be valid."""
        settings = mapping(tree)
        network = mapping(settings.get("network"))
        texts = {"cidr": network.get("cidr")}
        texts |= {f"zones.{zone}": block for zone, block in mapping(network.get("zones")).items()}
        ranges = {f"network.{field}": cidr for field, text in texts.items() if (cidr := _range(text))}
        return cls(_text(settings.get("name")), _text(settings.get("account_id")), ranges)


def other_footprints(directory: Path, stack: str) -> dict[str, Footprint]:
    """Stack name to footprint, for every stack file but one.

    Args:
        directory: where the stack files lie.
        stack: name of the stack to leave out.
    """
    return {
        name: Footprint.of(configuration.get(SETTINGS))
        for name, configuration in configurations(directory).items()
        if name != stack
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _range(text: object) -> IPv4Network | None:
    try:
        return IPv4Network(str(text))
    except ValueError:
        # Its own field is reported as wrong; here it cannot overlap anything.
        return None


def rules_of_footprint(own: Footprint, stack: str, others: Mapping[str, Footprint]) -> Iterable[Violation]:
    """The environment is the stack's, and shares neither account nor address with another one.

    Args:
        own: of the stack that is being deployed.
        stack: its name.
        others: the other stacks by name.
    """
    if own.name is not None and own.name != stack:
        yield Violation(
            "name",
            own.name,
            f"must be {stack}, the name of the stack",
            "another environment's file would build that environment's network and names here",
            f"restore stacks/Pulumi.{stack}.yaml, or select stack {own.name}",
        )
    for name, other in others.items():
        if own.account_id is not None and other.account_id == own.account_id:
            yield Violation(
                "account_id",
                own.account_id,
                f"must differ from stack {name}'s",
                "the account is what keeps one environment from writing another's data",
                "give each environment an AWS account of its own",
            )
        for field, cidr in own.ranges.items():
            for taken in other.ranges.values():
                if cidr.overlaps(taken):
                    yield Violation(
                        field,
                        cidr,
                        f"must not overlap {taken} of stack {name}",
                        "overlapping environments can never be peered, and a log's address would name two hosts",
                        "choose a free range",
                    )
