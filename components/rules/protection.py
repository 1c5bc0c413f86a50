"""What a protected environment, and production however it is protected, must not do."""

from collections.abc import Iterable

from components.buckets.settings import LogBucketsSettings
from components.cluster.settings import ClusterSettings
from components.model import Violation

FIELD = "log_buckets.on_destroy"
# Its logs outlive it. Who really wants them gone deletes them in the account, with a second person's eyes.
NEVER_EMPTIED = "production"


def rules_of_protection(
    name: str, protect: bool, log_buckets: LogBucketsSettings, cluster: ClusterSettings
) -> Iterable[Violation]:
    """Nothing empties the log buckets of a protected environment, nor ever production's; no internet at its API.

    Args:
        name: of the environment.
        protect: whether it is protected.
        log_buckets: its log buckets.
        cluster: its control plane.
    """
    yield from _rules_of_emptying(name, protect, log_buckets)
    if protect and cluster.public_access_cidrs:
        yield Violation(
            "cluster.public_access_cidrs",
            [str(each) for each in cluster.public_access_cidrs],
            "must be empty while protect is true",
            "a credential that leaks would be of use from outside, and an error in the list would open it to everybody",
            "reach the private endpoint from the VPC, or write protect: false in a throw-away environment",
        )


def _rules_of_emptying(name: str, protect: bool, log_buckets: LogBucketsSettings) -> Iterable[Violation]:
    if log_buckets.on_destroy != "empty":
        return
    if name == NEVER_EMPTIED:
        yield Violation(
            FIELD,
            "empty",
            f"must be keep or refuse in {name}",
            "its logs stay until they expire, whatever becomes of the environment",
            "write keep",
        )
    elif protect:
        yield Violation(
            FIELD,
            "empty",
            "must be keep or refuse while protect is true",
            "a protected environment must not be able to empty its logs",
            "write refuse; or protect: false beside it, when the environment is to be destroyed",
        )
