"""What a release can't be made of; the message says what to do."""


class ReleaseError(Exception):
    """A release, its changelog or its notes can't be made."""
