"""What telemetry tells of itself: the cluster-wide collector, Prometheus, Alertmanager, Grafana, and every scrape."""

from components.monitoring.sources.nodes import OTEL_AGENT
from components.monitoring.sources.source import Family, Source

NODE_TARGETS = 6
CLUSTER_TARGETS = 40

SCRAPES = Source(
    "*",
    "OpenTelemetry Collector 0.155, Prometheus 3",
    "Prometheus documentation, Jobs and instances; every target has them",
    "documented",
    "job instance",
    (
        Family(
            "up scrape_duration_seconds scrape_samples_scraped scrape_samples_post_metric_relabeling "
            "scrape_series_added",
            "node",
            NODE_TARGETS,
        ),
        # A driver is two targets: its own metrics and its executors'.
        Family(
            "up scrape_duration_seconds scrape_samples_scraped scrape_samples_post_metric_relabeling "
            "scrape_series_added",
            "driver",
            2,
        ),
        Family(
            "up scrape_duration_seconds scrape_samples_scraped scrape_samples_post_metric_relabeling "
            "scrape_series_added",
            "cluster",
            CLUSTER_TARGETS,
        ),
    ),
)

OTEL_CLUSTER = Source(
    "otel-cluster",
    OTEL_AGENT.program,
    OTEL_AGENT.reference,
    OTEL_AGENT.counted,
    "pod",
    tuple(Family(each.names, "cluster", each.series, each.labels) for each in OTEL_AGENT.families),
)

PROMETHEUS = Source(
    "prometheus",
    "Prometheus 2.42 and 3.13",
    "names read from a running 2.42; these scrapes are not written to the managed workspace",
    "run",
    "",
    (
        Family(
            "prometheus_tsdb_head_series prometheus_tsdb_head_chunks prometheus_tsdb_head_series_created_total "
            "prometheus_tsdb_head_series_removed_total prometheus_tsdb_size_retentions_total "
            "prometheus_tsdb_storage_blocks_bytes prometheus_tsdb_retention_limit_bytes "
            "prometheus_tsdb_compactions_failed_total "
            "prometheus_tsdb_wal_corruptions_total prometheus_tsdb_wal_writes_failed_total "
            "prometheus_tsdb_out_of_order_samples_total prometheus_notifications_dropped_total "
            "prometheus_notifications_alertmanagers_discovered prometheus_config_last_reload_successful "
            "process_resident_memory_bytes process_cpu_seconds_total process_start_time_seconds "
            "go_memstats_heap_inuse_bytes",
            "cluster",
        ),
        Family("prometheus_tsdb_head_samples_appended_total", "cluster", 2, "type"),
        Family("prometheus_rule_evaluation_failures_total", "cluster", 20, "rule_group"),
        Family("prometheus_rule_group_last_duration_seconds", "cluster", 20, "rule_group"),
        Family("prometheus_engine_query_duration_seconds", "cluster", 12, "slice quantile"),
        Family("prometheus_http_requests_total", "cluster", 60, "handler code"),
        # What it tells besides: of its Go runtime, discovery, and each handler's time.
        Family("prometheus_http_request_duration_seconds_bucket", "cluster", 600, "handler le"),
    ),
)

ALERTMANAGER = Source(
    "alertmanager",
    "Alertmanager 0.34",
    "Alertmanager, notify/notify.go and cluster/cluster.go",
    "documented",
    "pod",
    (
        Family(
            "alertmanager_notifications_total alertmanager_notifications_failed_total", "cluster", 15, "integration"
        ),
        Family("alertmanager_alerts", "cluster", 3, "state"),
        Family("alertmanager_cluster_members alertmanager_cluster_failed_peers", "cluster"),
    ),
)

GRAFANA = Source(
    "grafana",
    "Grafana 13.2",
    "Grafana documentation, Set up Grafana monitoring; its number of series is estimated",
    "estimated",
    "",
    (Family("grafana_http_request_duration_seconds_bucket", "cluster", 1500, "handler method status_code le"),),
)

TELEMETRY = (SCRAPES, OTEL_CLUSTER, PROMETHEUS, ALERTMANAGER, GRAFANA)
