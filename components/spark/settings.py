"""What one environment decides about its Spark applications' defaults, and about how their pages are seen."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place, replaces
from components.model import Model, Violation
from components.operator.settings import OperatorSettings
from components.spark_ui.settings import LiveUiSettings

# A tag that names a version, and a digest where it is known; `latest` and `stable` start with no digit.
PinnedImage = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._:-]*/[a-z0-9/._-]+:v?\d[\w.-]*(@sha256:[0-9a-f]{64})?$",
        description="Container image with its registry and a version as tag, such as registry.example/spark:4.1.2.",
    ),
]

# spark.eventLog.rolling.maxFileSize refuses less.
SMALLEST_ROLL_MIB = 10
# What one driver of Spark copes with, and what spark-defaults.conf asks Kubernetes for in twenty seconds.
MOST_EXECUTORS = 1000
# What the JVM needs outside its heap: classes, threads, network buffers, RocksDB's caches.
OFF_HEAP_MIB = 768
# The server itself and the list of applications, whose entries lie on disk.
HEAP_BASE_MIB = 1024


class HistoryServerSettings(Model):
    """Size of the History Server."""

    replicas: Annotated[int, Field(ge=1, le=3), OnChange(in_place("rolls the History Server"))] = 1
    """Servers; each one reads the bucket for itself."""

    update_interval_seconds: Annotated[int, Field(ge=10, le=3600), OnChange(in_place("rolls the History Server"))] = 300
    """Seconds between two looks at the bucket; each look is one LIST request, and two for every application kept."""

    replay_gib: Annotated[int, Field(ge=1, le=64), OnChange(in_place("rolls the History Server"))] = 4
    """Event logs that are read into memory at the same time, together; larger ones go to disk at once, slower."""

    disk_gib: Annotated[int, Field(ge=5, le=1000), OnChange(in_place("rolls the History Server"))] = 20
    """Disk of the node for applications that were read; the oldest give way."""

    @property
    def replay_memory_mib(self) -> int:
        """Memory for applications that are being read.

        Half of what is read: Spark reckons with that ratio for event logs that are not compressed.

        Source: apache/spark, HistoryServerMemoryManager, approximateMemoryUsage.
        """
        return self.replay_gib * 1024 // 2

    @property
    def heap_mib(self) -> int:
        """Heap of the JVM."""
        return HEAP_BASE_MIB + self.replay_memory_mib

    @property
    def memory_mib(self) -> int:
        """Memory request and limit of a server."""
        return self.heap_mib + OFF_HEAP_MIB

    @property
    def disk_usage_gib(self) -> int:
        """What Spark may use of the disk; the rest is for what it is writing when it notices."""
        return self.disk_gib * 4 // 5


class ExecutorsSettings(Model):
    """How many executors an application has whose author says nothing of it; Spark adds and removes them by itself."""

    minimum: Annotated[
        int, Field(ge=0, le=MOST_EXECUTORS), OnChange(in_place("applications submitted from now on"))
    ] = 0
    """Executors that an application keeps while it has nothing to do."""

    initial: Annotated[
        int, Field(ge=0, le=MOST_EXECUTORS), OnChange(in_place("applications submitted from now on"))
    ] = 2
    """Executors that it starts with."""

    maximum: Annotated[
        int, Field(ge=1, le=MOST_EXECUTORS), OnChange(in_place("applications submitted from now on"))
    ] = 200
    """Executors that it has at most; what needs more says so, and a mistake costs no more than these."""

    def rules(self) -> Iterable[Violation]:
        """They start between the fewest and the most."""
        if not self.minimum <= self.initial <= self.maximum:
            yield Violation(
                "initial",
                self.initial,
                f"must lie between minimum ({self.minimum}) and maximum ({self.maximum})",
                "Spark refuses to start where minimum is above maximum, and ignores an initial number below minimum",
                "write a number between them",
            )


class SparkSettings(Model):
    """Defaults of Spark applications that differ between environments."""

    image: Annotated[PinnedImage | None, OnChange(in_place("applications submitted from now on"))] = None
    """Image of drivers and executors whose author names none; null for moka/spark of this release, by its tag."""

    event_log_roll_mib: Annotated[
        int, Field(ge=SMALLEST_ROLL_MIB, le=1024), OnChange(in_place("applications submitted from now on"))
    ] = 16
    """Size at which an event log starts its next file: the part of a running application's log that Amazon S3 does
    not have yet is smaller than this."""

    event_logs_at_root_until: Annotated[
        date | None,
        OnChange(in_place("teams' roles get the right, or lose it, at once; see docs/changes.md")),
    ] = None
    """Day at whose beginning, in UTC, the right ends to write event logs at the bucket's root, where every team reads
    and changes every other's: for applications of a release without directories of teams; null for no such right."""

    executors: ExecutorsSettings = ExecutorsSettings()
    history_server: HistoryServerSettings = HistoryServerSettings()
    operator: OperatorSettings = OperatorSettings()
    live_ui: Annotated[
        LiveUiSettings | None,
        OnChange(
            in_place(),
            added=in_place("load balancer and proxies come up; the proxies wait for the Secret of docs/live-ui.md"),
            removed=replaces(
                "aws:lb/loadBalancer:LoadBalancer",
                "kubernetes:apps/v1:Deployment",
                "kubernetes:core/v1:Namespace",
                how="the pages go, and the login's Secret with their namespace; port forwarding goes on",
            ),
        ),
    ] = None
    """The Spark UI of running applications in a browser, behind the company's login; null for none."""
