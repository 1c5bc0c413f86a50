"""What one environment decides about where Spark's shuffles lie: on executors' nodes, or in Celeborn.

Leaves out how many workers Celeborn has and how large they are: node groups with workload `shuffle` say that
(`capacity.py`), so that no number has two owners.
"""

from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place, replaces
from components.model import Model

ROLLS = "rolls masters and workers, one at a time"
SUBMITTED_FROM_NOW_ON = "applications submitted from now on"


class CelebornSettings(Model):
    """Celeborn: three masters on system nodes, and a worker on each node that is kept for shuffles."""

    peak_shuffle_gib: Annotated[int, Field(ge=1, le=4_000_000), OnChange(in_place("nothing but a rule reads it"))]
    """Compressed shuffle data that all running applications have at the same time, at most; workers must hold it."""

    replicate: Annotated[bool, OnChange(in_place(SUBMITTED_FROM_NOW_ON))] = True
    """Keep each piece of a shuffle on two workers, so that losing one costs no application a stage. Doubles what the
    workers hold."""

    @property
    def copies(self) -> int:
        """How often each piece of a shuffle is kept."""
        return 2 if self.replicate else 1


class ShuffleSettings(Model):
    """Where shuffles lie."""

    celeborn: Annotated[
        CelebornSettings | None,
        OnChange(
            in_place(SUBMITTED_FROM_NOW_ON),
            removed=replaces(
                "kubernetes:apps/v1:StatefulSet",
                "kubernetes:core/v1:Namespace",
                "kubernetes:core/v1:PersistentVolumeClaim",
                how="masters and workers go",
                loses="the shuffles of applications that still run",
            ),
        ),
    ] = None
    """The shuffle service; null leaves shuffles on the disks of executors' nodes, followed by Spark itself."""
