"""Series, samples, memory and disk that an environment's metrics take at its largest: a model, without any resource.

It counts every node group and pool at its largest, with max_pods on each node, so it is an upper bound of what the
settings allow, not a forecast. Leaves out what users scrape besides: applications' own metrics, ServiceMonitors and
PodMonitors.

Bytes were measured on Prometheus 2.42.0 with `python -m tests.telemetry_load` on 2026-11-23, two cores, amd64: see
docs/metrics-cost.md. Prometheus 3 is run in the cluster, and could not be measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from components.monitoring.sources import SOURCES, Unit

# Pods of a node that are there whatever runs on it: log agent, collector, VPC CNI, kube-proxy, EBS CSI, node exporter,
# pod identity and node monitoring agents; some have more than one container.
AGENT_PODS = 8
AGENT_CONTAINERS = 14

# Resident memory of the program without series, and for each series in memory with full chunks.
BASE_BYTES = 64 * 1024**2
BYTES_A_SERIES = 4700
# Queries, rules and compaction on top of what was measured without them.
HEADROOM = 1.3
# Series stay in memory until the head is cut, which happens when it spans three hours.
HEAD_MINUTES = 180
# On disk: samples after compression, a series in a day's index, and the log of the last three hours.
CHUNK_BYTES_A_SAMPLE = 4.3
INDEX_BYTES_A_SERIES = 103
LOG_BYTES_A_SAMPLE = 8.3
# Amazon Managed Service for Prometheus counts a series as active for this long after its last sample.
ACTIVE_MINUTES = 120

# What the cluster-wide collector holds for each series of one scrape of kube-state-metrics, those among them that its
# rules drop: text, cache and points. Collector 0.155 took 108 MB without targets, 1,720 bytes for each of 176,000
# series with one store, and here there are three.
COLLECTOR_BYTES_A_SERIES = 2000
COLLECTOR_BASE_MIB = 128
# Of kube-state-metrics 2.18, before any is dropped: counted on the program.
STATE_SERIES_A_POD = 45
STATE_SERIES_A_NODE = 47

DAY_SECONDS = 86_400
MONTH_SECONDS = 30 * DAY_SECONDS


@dataclass(frozen=True)
class NodeScale:
    """One node group or pool at its largest.

    Args:
        nodes: nodes.
        vcpus: vCPUs of each: of a group's largest instance type, of what a pool's limit leaves to each.
        max_pods: pods of each.
        executors: whether Spark executors may run on it.
        drivers: whether Spark drivers may.
    """

    nodes: int
    vcpus: int
    max_pods: int
    executors: bool = False
    drivers: bool = False

    @property
    def spark_pods(self) -> int:
        """Spark pods of a node; each takes a vCPU at least, since a task does."""
        return max(0, min(self.max_pods - AGENT_PODS, self.vcpus)) if self.executors or self.drivers else 0


@dataclass(frozen=True)
class Cardinality:
    """What the metrics of some nodes and pods come to.

    Args:
        units: how many there are of what series grow with.
        scrape_interval_seconds: seconds between two samples of a series.
        pod_lifetime_minutes: mean life of a pod on Spark's nodes; each new one is new series.
    """

    units: dict[Unit, int]
    scrape_interval_seconds: int
    pod_lifetime_minutes: int

    @classmethod
    def of(cls, groups: Iterable[NodeScale], scrape_interval_seconds: int, pod_lifetime_minutes: int) -> "Cardinality":
        """The metrics of node groups at their largest."""
        groups = tuple(groups)
        nodes = sum(each.nodes for each in groups)
        pods = sum(each.nodes * each.max_pods for each in groups)
        # Where both may run, a driver and its executors share a node.
        drivers = sum(each.nodes * (1 if each.executors else each.spark_pods) for each in groups if each.drivers)
        units: dict[Unit, int] = {
            "cluster": 1,
            "node": nodes,
            "core": sum(each.nodes * each.vcpus for each in groups),
            "pod": pods,
            "container": pods + nodes * (AGENT_CONTAINERS - AGENT_PODS),
            "driver": drivers,
            "executor": sum(each.nodes * each.spark_pods for each in groups if each.executors),
        }
        return cls(units, scrape_interval_seconds, pod_lifetime_minutes)

    def series_of(self, *units: Unit) -> float:
        """Series that grow with some units."""
        return sum(source.series_a(unit) * self.units[unit] for source in SOURCES for unit in units)

    @property
    def series(self) -> int:
        """Series that get a sample with every scrape."""
        return round(self.series_of(*self.units))

    @property
    def short_lived_series(self) -> float:
        """Of these, the ones that end with a pod; agents and controllers live as long as their nodes."""
        lasting = AGENT_PODS * self.units["node"] / max(1, self.units["pod"])
        return self.series_of("pod", "container") * max(0.0, 1 - lasting) + self.series_of("driver", "executor")

    @property
    def samples_a_second(self) -> float:
        """Samples a second."""
        return self.series / self.scrape_interval_seconds

    def series_within(self, minutes: int) -> int:
        """Series that got a sample within some minutes, those of pods that ended meanwhile among them."""
        return round(self.series + self.short_lived_series * minutes / self.pod_lifetime_minutes)

    @property
    def head_series(self) -> int:
        """Series in Prometheus' memory."""
        return self.series_within(HEAD_MINUTES)

    @property
    def active_series(self) -> int:
        """Series that Amazon Managed Service for Prometheus counts as active."""
        return self.series_within(ACTIVE_MINUTES)

    @property
    def memory_gib(self) -> float:
        """Memory that each replica of Prometheus needs."""
        return (BASE_BYTES + self.head_series * BYTES_A_SERIES) * HEADROOM / 1024**3

    def disk_gib(self, retention_days: int) -> float:
        """Disk that each replica of Prometheus needs."""
        index = self.series_within(DAY_SECONDS // 60) * INDEX_BYTES_A_SERIES
        daily = self.samples_a_second * DAY_SECONDS * CHUNK_BYTES_A_SAMPLE + index
        log = self.samples_a_second * HEAD_MINUTES * 60 * LOG_BYTES_A_SAMPLE
        return (daily * retention_days + log) / 1024**3

    @property
    def cluster_collector_mib(self) -> float:
        """Memory that the cluster-wide collector needs for one scrape of kube-state-metrics."""
        series = self.units["pod"] * STATE_SERIES_A_POD + self.units["node"] * STATE_SERIES_A_NODE
        return COLLECTOR_BASE_MIB + series * COLLECTOR_BYTES_A_SERIES / 1024**2
