"""A wildcard that a policy grants something by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wildcard:
    """Wildcards of one statement.

    Args:
        policy: kind and logical name of the policy; a * stands for names of teams, service accounts or resources.
        sid: of the statement.
        texts: the actions and resources that hold one. A resource is told by service and name, without partition,
            Region and account; what an environment, a team or its settings give stands in angle brackets.
        reason: why none of them can be narrower.
    """

    policy: str
    sid: str
    texts: tuple[str, ...]
    reason: str
