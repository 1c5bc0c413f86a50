"""What a protected environment must not do."""

from collections.abc import Iterable

from components.buckets.settings import LogBucketsSettings
from components.cluster.settings import ClusterSettings
from components.model import Violation


def rules_of_protection(
    protect: bool, log_buckets: LogBucketsSettings, cluster: ClusterSettings
) -> Iterable[Violation]:
    """Nothing empties the log buckets of a protected environment, and the internet does not reach its API.

    Args:
        protect: whether the environment is protected.
        log_buckets: its log buckets.
        cluster: its control plane.
    """
    if protect and log_buckets.on_destroy == "empty":
        yield Violation(
            "log_buckets.on_destroy",
            "empty",
            "must be keep or refuse while protect is true",
            "a protected environment must not be able to empty its logs",
            "write refuse, or protect: false in a throw-away environment",
        )
    if protect and cluster.public_access_cidrs:
        yield Violation(
            "cluster.public_access_cidrs",
            [str(each) for each in cluster.public_access_cidrs],
            "must be empty while protect is true",
            "a credential that leaks would be of use from outside, and an error in the list would open it to everybody",
            "reach the private endpoint from the VPC, or write protect: false in a throw-away environment",
        )
