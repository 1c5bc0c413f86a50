"""Who writes into which log bucket, and which objects a writer may take back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from components.account import Account
from components.identity.pod_role import pod_role_arn
from components.spark.event_logs import DIRECTORIES, EVENT_LOGS, MARK

Purpose = Literal["spark-logs", "spark-events", "system-logs"]


@dataclass(frozen=True)
class Writers:
    """The writers of one bucket.

    Args:
        identities: logical names of pod identities.
        unfinished: key patterns of objects that writers may delete; everything else only the lifecycle deletes.
        marks: key patterns of objects that say nothing but that a directory exists; whoever deploys writes them.
    """

    identities: tuple[str, ...]
    unfinished: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    def arns(self, account: Account, others: Sequence[str] = ()) -> list[str]:
        """ARNs of the writers' roles, and of those of other pod identities."""
        return [pod_role_arn(identity, account) for identity in (*self.identities, *others)]


# Names of pod identities in logs/identities.py; teams' service accounts write event logs beside them. What a writer may
# put where inside its bucket, its own policy says.
WRITERS: Mapping[Purpose, Writers] = {
    "spark-logs": Writers(("fluent-bit",)),
    "system-logs": Writers(("fluent-bit", "cluster-events")),
    # Spark marks a running application by an object that it renames, which on Amazon S3 is a copy and a delete.
    # At the root lies what applications of earlier releases write.
    "spark-events": Writers(
        ("fluent-bit",),
        unfinished=tuple(f"{place}{EVENT_LOGS}/appstatus_*.inprogress" for place in ("", f"{DIRECTORIES}/*/")),
        marks=(f"{DIRECTORIES}/*/{MARK}",),
    ),
}
