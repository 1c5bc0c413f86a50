"""What follows from a team's name."""


def namespace_of(team: str) -> str:
    """The namespace that a team's applications run in."""
    return f"spark-{team}"
