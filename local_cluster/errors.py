"""What can go wrong with a cluster on this machine, each with a message for the person who typed the command."""

from offline.errors import OfflineError


class ClusterError(OfflineError):
    """A cluster does not start, or ended; the message says what of it, why, and what to do."""
