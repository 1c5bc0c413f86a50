"""What follows from a team's name: its namespace, its group of people, its service accounts' identities."""

# Namespaces of the platform that begin as those of teams do.
RESERVED = ("history", "operator", "ui")


def namespace_of(team: str) -> str:
    """The namespace that a team's applications run in."""
    return f"spark-{team}"


def group_of(team: str) -> str:
    """The Kubernetes group of a team's people, which their access entry puts them into."""
    return f"moka:{team}"


def identity_of(team: str, service_account: str) -> str:
    """Logical name of the pod identity of a team's service account.

    A service account's name has no hyphen, so the last one ends the team's: no two of a stack are called the same.
    """
    return f"spark-{team}-{service_account}"
