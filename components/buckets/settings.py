"""What one environment decides about its log buckets."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from components.change import OnChange, impossible, in_place
from components.model import Model, Violation

# Amazon S3 user guide, "Transitioning objects": STANDARD_IA takes objects that are at least 30 days old.
EARLIEST_INFREQUENT_ACCESS_DAYS = 30


class LogBucketsSettings(Model):
    """Lifecycle and protection of every log bucket of one environment."""

    retention_days: Annotated[
        int,
        Field(ge=1, le=3650),
        OnChange(in_place(), smaller=in_place("expiry follows within a day or two", loses="objects that are older")),
    ] = 400
    """Days after which an object expires."""

    infrequent_access_after_days: Annotated[
        Annotated[int, Field(ge=EARLIEST_INFREQUENT_ACCESS_DAYS)] | None, OnChange(in_place())
    ] = 30
    """Days after which an object moves to STANDARD_IA; null keeps it in STANDARD."""

    versioned: Annotated[
        bool, OnChange(in_place(), removed=in_place("versions that exist stay until the lifecycle removes them"))
    ] = True
    """Keep the versions that an overwrite or a delete would replace."""

    noncurrent_retention_days: Annotated[
        int,
        Field(ge=1, le=3650),
        OnChange(
            in_place(), smaller=in_place("expiry follows within a day or two", loses="replaced versions that are older")
        ),
    ] = 30
    """Days that a replaced version stays."""

    object_lock_days: Annotated[
        Annotated[int, Field(ge=1, le=3650)] | None,
        OnChange(
            in_place("objects written from now on are held as long"),
            removed=impossible("Amazon S3 does not turn Object Lock off"),
        ),
    ] = 90
    """Days during which Object Lock in governance mode refuses to delete a version; null for no lock."""

    on_destroy: Annotated[
        Literal["keep", "refuse", "empty"],
        OnChange(
            in_place("buckets are protected unless it is empty, and who may delete logs stands in their policies")
        ),
    ] = "keep"
    """`pulumi destroy` leaves the buckets in the account, is refused before it deletes anything, or empties them.
    Only while it is empty may anybody delete logs: the roles under cluster.access that deploy, locked logs too."""

    def rules(self) -> Iterable[Violation]:
        """Order of the lifecycle, and what Object Lock needs."""
        transition = self.infrequent_access_after_days
        if transition is not None and transition >= self.retention_days:
            yield Violation(
                "infrequent_access_after_days",
                transition,
                f"must be smaller than retention_days ({self.retention_days})",
                "Amazon S3 refuses a transition on or after the day of expiry",
                "write null, or keep objects longer",
            )
        if self.object_lock_days is None:
            return
        if not self.versioned:
            yield Violation(
                "versioned",
                self.versioned,
                f"must be true while object_lock_days is {self.object_lock_days}",
                "Amazon S3 Object Lock works on versions only",
                "set versioned: true, or object_lock_days: null",
            )
        if self.object_lock_days > self.retention_days:
            yield Violation(
                "object_lock_days",
                self.object_lock_days,
                f"must be at most retention_days ({self.retention_days})",
                "a lock that outlives the expiry keeps paying for objects that nobody should need",
                "shorten the lock or lengthen the retention",
            )
