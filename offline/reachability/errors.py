"""What the evaluation does not read, it refuses: a rule passed over would make the matrix wrong without a word."""

from offline.errors import OfflineError


class ReachabilityError(OfflineError):
    """A stack has a rule of a form that is not read here, or lacks what one refers to."""
