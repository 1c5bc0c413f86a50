"""What a protected environment must not do."""

from collections.abc import Iterable

from components.buckets.settings import LogBucketsSettings
from components.model import Violation


def rules_of_protection(protect: bool, log_buckets: LogBucketsSettings) -> Iterable[Violation]:
    """Nothing empties the log buckets of a protected environment.

    Args:
        protect: whether the environment is protected.
        log_buckets: its log buckets.
    """
    if protect and log_buckets.on_destroy == "empty":
        yield Violation(
            "log_buckets.on_destroy",
            "empty",
            "must be keep or refuse while protect is true",
            "a protected environment must not be able to empty its logs",
            "write refuse, or protect: false in a throw-away environment",
        )
