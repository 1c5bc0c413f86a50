"""What pictures ask of a stack's resources."""

from collections.abc import Sequence

from offline.providers.resource import Resource


def of_type(resources: Sequence[Resource], type_: str) -> list[Resource]:
    """Resources of a type by name, since the engine registers side by side and in an order that differs.

    Args:
        resources: of a stack.
        type_: token, such as aws:ec2/vpc:Vpc.
    """
    return sorted((each for each in resources if each.type == type_), key=lambda each: each.name)
