"""What one environment decides about its metrics and alerts."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from components.change import OnChange, impossible, in_place, replaces
from components.model import Model, Violation
from components.monitoring.destinations import MetricsDestination, OtlpDestination

# Prometheus keeps about 1.7 bytes a sample on disk after compression and needs head-room for the write-ahead log
# and compaction, so a volume below this fills within the shortest retention.
SMALLEST_VOLUME_GIB = 20
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"


class MonitoringSettings(Model):
    """Where metrics are kept, for how long, and how many replicas serve them."""

    storage: Annotated[
        Literal["in-cluster", "amazon-managed"],
        OnChange(
            in_place("makes the managed workspace, which fills from then on"),
            to={
                "in-cluster": replaces(
                    "aws:amp/workspace:Workspace",
                    "aws:cloudwatch/logGroup:LogGroup",
                    "aws:kms/key:Key",
                    "aws:sns/topic:Topic",
                    how="the managed workspace goes, with its log group, its key and the topic of its heartbeat",
                    loses="the samples of the managed workspace",
                )
            },
        ),
    ] = "amazon-managed"
    """Long-term store: Prometheus in the cluster, or Amazon Managed Service for Prometheus beside it."""

    availability: Annotated[
        Literal["single", "high"],
        OnChange(
            in_place("adds a second replica, whose volume fills from then on"),
            to={
                "single": replaces(
                    STATEFUL_SET, CLAIM, how="the second replica goes", loses="the second replica's volume"
                )
            },
        ),
    ] = "high"
    """One replica, or two in different zones, of Prometheus and Alertmanager. The cluster-wide collector is always
    one, since two would write every sample twice."""

    retention_days: Annotated[
        int,
        Field(ge=1, le=365),
        OnChange(
            in_place("restarts Prometheus"), smaller=in_place("restarts Prometheus", loses="samples that are older")
        ),
    ] = 15
    """Days that Prometheus in the cluster keeps samples."""

    volume_gib: Annotated[
        int,
        Field(ge=SMALLEST_VOLUME_GIB, le=16384),
        OnChange(impossible("a volume does not shrink"), larger=in_place("the volumes grow while they are in use")),
    ] = 600
    """Size of each Prometheus replica's gp3 volume: a larger one grows it in place, a smaller one is refused."""

    scrape_interval_seconds: Annotated[int, Field(ge=10, le=300), OnChange(in_place("rolls the collectors"))] = 30
    """Seconds between two scrapes of a target."""

    prometheus_memory_gib: Annotated[
        int, Field(ge=1, le=256), OnChange(in_place("restarts the replicas of Prometheus one by one"))
    ] = 32
    """Memory request and limit of each Prometheus replica; it must hold the metrics of every node group."""

    spark_pod_lifetime_minutes: Annotated[int, Field(ge=5, le=1440), OnChange(in_place())] = 120
    """Mean life of a Spark pod that the sizes here must bear. Series of a pod that ended stay in memory for up to
    three hours, so the shorter pods live, the more memory they take."""

    active_series_quota: Annotated[int, Field(ge=2_000_000, le=1_000_000_000), OnChange(in_place())] = 50_000_000
    """The managed workspace's quota of active series, which AWS raises on request to a thousand million at most."""

    agent_memory_mib: Annotated[int, Field(ge=256, le=8192), OnChange(in_place("rolls the collectors"))] = 512
    """Memory limit of the collector on each node."""

    cluster_collector_memory_mib: Annotated[
        int, Field(ge=512, le=65536), OnChange(in_place("rolls the collectors"))
    ] = 4096
    """Memory request and limit of the cluster-wide collector; it holds one scrape of kube-state-metrics at a time."""

    agent_queue_mib: Annotated[int, Field(ge=16, le=8192), OnChange(in_place("rolls the collectors"))] = 128
    """Disk on each node for what waits for one store that is away; two hours of an ordinary node's samples."""

    cluster_queue_mib: Annotated[int, Field(ge=64, le=65536), OnChange(in_place("rolls the collectors"))] = 2048
    """The same for the cluster-wide collector, on the disk of the node that it runs on."""

    forward_to: Annotated[MetricsDestination | None, OnChange(in_place("rolls the collectors"))] = None
    """A store outside that gets the metrics of an allow-list; nothing is forwarded by default."""

    traces_and_logs_to: Annotated[OtlpDestination | None, OnChange(in_place("rolls the collectors"))] = None
    """A store outside that gets the traces and log records that applications send by OTLP. By default the collectors
    refuse them, and applications notice."""

    grafana: Annotated[
        Literal["in-cluster", "amazon-managed"],
        OnChange(
            in_place("makes Grafana, with the dashboards of this repository"),
            to={
                "amazon-managed": replaces(
                    STATEFUL_SET, CLAIM, how="Grafana goes", loses="what people saved in Grafana"
                )
            },
        ),
    ] = "in-cluster"
    """Who shows dashboards: Grafana in the cluster, which loads them from this repository, or Amazon Managed Grafana,
    where people log in with IAM Identity Center and dashboards are uploaded with its API."""

    monitors: Annotated[
        Literal["ignored", "honoured"],
        OnChange(
            in_place("the target allocator comes"),
            to={"ignored": replaces("kubernetes:apps/v1:Deployment", how="the target allocator goes")},
        ),
    ] = "ignored"
    """Whether the targets of ServiceMonitors and PodMonitors are scraped. Their CustomResourceDefinitions come with
    the prometheus-operator-crds chart and must be there first."""

    @property
    def scrape_timeout_seconds(self) -> int:
        """Seconds after which a scrape is given up: before the next one starts."""
        return max(10, self.scrape_interval_seconds - 5)

    @property
    def retention_size_gib(self) -> int:
        """Size at which Prometheus drops its oldest samples: a fifth of the volume is left for compaction."""
        return self.volume_gib * 4 // 5

    @property
    def replicas(self) -> int:
        """Replicas of each component that can run more than once."""
        return 2 if self.availability == "high" else 1

    @property
    def endpoint_services(self) -> tuple[Literal["aps-workspaces"], ...]:
        """AWS services that collectors and Prometheus call, each by a VPC endpoint of its own."""
        return ("aps-workspaces",) if self.storage == "amazon-managed" else ()

    def rules(self) -> Iterable[Violation]:
        """A managed store makes a long local retention pointless, and managed dashboards need one."""
        if self.storage == "amazon-managed" and self.retention_days > 31:
            yield Violation(
                "retention_days",
                self.retention_days,
                "must be at most 31 while storage is amazon-managed",
                "the managed workspace keeps 150 days; the replicas in the cluster are its buffer",
                "shorten it, or set storage: in-cluster",
            )
        if self.grafana == "amazon-managed" and self.storage != "amazon-managed":
            yield Violation(
                "grafana",
                self.grafana,
                "must be in-cluster while storage is in-cluster",
                "Amazon Managed Grafana stands outside of the cluster and could reach no Prometheus",
                "write in-cluster, or set storage: amazon-managed",
            )
