"""What one environment decides about its logs."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from components.catalog.settings import LogCatalogSettings
from components.change import OnChange, in_place
from components.logs.canary_settings import LogCanarySettings
from components.logs.reader_settings import LogReadersSettings
from components.model import Model, Violation

# Time for a pod to start, for the agent to find its file, and for a repeated upload.
LONGEST_PICK_UP_MINUTES = 5


class LogsSettings(Model):
    """Size and pace of the Fluent Bit agent on each node, and who finds what it ships."""

    agent_memory_mib: Annotated[int, Field(ge=256, le=4096), OnChange(in_place("rolls the log agents"))] = 512
    """Memory limit of the agent; a million-line backlog needs about 180 MiB."""

    spark_upload_interval_minutes: Annotated[int, Field(ge=1, le=60), OnChange(in_place("rolls the log agents"))] = 1
    """Longest time that a Spark log line waits on the node before its upload; one PUT per pod and interval."""

    system_upload_interval_minutes: Annotated[int, Field(ge=1, le=60), OnChange(in_place("rolls the log agents"))] = 5
    """The same for system pods' lines."""

    agent_log_level: Annotated[
        Literal["error", "warn", "info", "debug"], OnChange(in_place("rolls the log agents"))
    ] = "info"
    """How much the agent says about itself."""

    node_log_kib_per_second: Annotated[int, Field(ge=16, le=7000), OnChange(in_place())] = 512
    """Lines that the pods of one node write, on average over an outage, in KiB per second."""

    longest_outage_hours: Annotated[int, Field(ge=1, le=72), OnChange(in_place("rolls the log agents"))] = 12
    """Hours without Amazon S3 whose lines every node keeps on its disk; a longer one fills it."""

    catalog: LogCatalogSettings = LogCatalogSettings()
    readers: LogReadersSettings = LogReadersSettings()
    canary: LogCanarySettings = LogCanarySettings()

    def rules(self) -> Iterable[Violation]:
        """The canary is no stricter than the agent is quick."""
        shortest = self.system_upload_interval_minutes + LONGEST_PICK_UP_MINUTES
        if self.canary.bound_minutes < shortest:
            yield Violation(
                "canary.bound_minutes",
                self.canary.bound_minutes,
                f"must be at least {shortest}: system_upload_interval_minutes and {LONGEST_PICK_UP_MINUTES}",
                "the agent hands a line on that late in normal running, so the canary would fail for nothing",
                "raise it, or upload more often",
            )
