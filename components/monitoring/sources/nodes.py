"""What is told of nodes: kubelet, node exporter, VPC CNI, log agent and collector, each on every node."""

from components.monitoring.sources.source import Family, Source

# An instance with local NVMe storage has a root volume and, over its volumes, one RAID array.
DISKS = 3
# One interface takes more than two hundred pods by prefix delegation; pods' own ends of it are dropped.
INTERFACES = 1
# Tail inputs container_logs, yunikorn_usage and spark_events; S3 outputs of four kinds of keys.
LOG_INPUTS = 3
LOG_OUTPUTS = 4
# Stores that a collector writes to: two replicas and the managed workspace.
STORES = 3
# Prometheus' scrapes, and OTLP over gRPC and over HTTP.
RECEIVERS = 3

KUBELET = Source(
    "kubelet",
    "kubelet 1.35",
    "Kubernetes reference, Kubernetes Metrics Reference",
    "documented",
    "node",
    (
        Family("kubelet_running_pods kubelet_node_name", "node"),
        Family("kubelet_running_containers", "node", 3, "container_state"),
        Family("kubelet_evictions", "node", 2, "eviction_signal"),
        Family("kubelet_runtime_operations_errors_total", "node", 4, "operation_type"),
        # Volume claims are few: those of the monitoring namespace, and what users mount.
        Family(
            "kubelet_volume_stats_available_bytes kubelet_volume_stats_capacity_bytes kubelet_volume_stats_used_bytes "
            "kubelet_volume_stats_inodes kubelet_volume_stats_inodes_free kubelet_volume_stats_inodes_used",
            "cluster",
            10,
            "namespace persistentvolumeclaim",
        ),
    ),
)

NODE_EXPORTER = Source(
    "node-exporter",
    "node_exporter 1.10.2",
    "run on Linux 6 with its default collectors; counts of disks and interfaces by what an instance has",
    "run",
    "node",
    (
        Family("node_cpu_seconds_total", "core", 5, "cpu mode"),
        Family("node_load1 node_load5 node_load15 node_boot_time_seconds node_time_seconds", "node"),
        Family("node_uname_info", "node", 1, "domainname machine nodename release sysname version"),
        Family(
            "node_memory_MemTotal_bytes node_memory_MemAvailable_bytes node_memory_MemFree_bytes "
            "node_memory_Cached_bytes node_memory_Buffers_bytes node_memory_Dirty_bytes node_memory_Slab_bytes "
            "node_memory_AnonPages_bytes",
            "node",
        ),
        Family("node_vmstat_oom_kill node_vmstat_pgmajfault", "node"),
        Family(
            "node_pressure_cpu_waiting_seconds_total node_pressure_io_waiting_seconds_total "
            "node_pressure_io_stalled_seconds_total node_pressure_memory_waiting_seconds_total "
            "node_pressure_memory_stalled_seconds_total",
            "node",
        ),
        Family("node_filefd_allocated node_filefd_maximum", "node"),
        Family("node_nf_conntrack_entries node_nf_conntrack_entries_limit", "node"),
        Family("node_timex_offset_seconds node_timex_sync_status", "node"),
        Family(
            "node_filesystem_avail_bytes node_filesystem_size_bytes node_filesystem_files node_filesystem_files_free "
            "node_filesystem_readonly",
            "node",
            DISKS,
            "device device_error fstype mountpoint",
        ),
        Family(
            "node_disk_read_bytes_total node_disk_written_bytes_total node_disk_io_time_seconds_total "
            "node_disk_reads_completed_total node_disk_writes_completed_total node_disk_read_time_seconds_total "
            "node_disk_write_time_seconds_total",
            "node",
            DISKS,
            "device",
        ),
        Family(
            "node_network_receive_bytes_total node_network_transmit_bytes_total node_network_receive_errs_total "
            "node_network_transmit_errs_total node_network_receive_drop_total node_network_transmit_drop_total",
            "node",
            INTERFACES,
            "device",
        ),
    ),
)

AWS_NODE = Source(
    "aws-node",
    "amazon-vpc-cni-k8s 1.20",
    "amazon-vpc-cni-k8s, utils/prometheusmetrics/prometheusmetrics.go",
    "documented",
    "node",
    (
        Family(
            "awscni_assigned_ip_addresses awscni_total_ip_addresses awscni_total_ipv4_prefixes awscni_eni_allocated "
            "awscni_eni_max awscni_ip_max awscni_no_available_ip_addresses awscni_add_ip_req_count",
            "node",
        ),
        Family("awscni_del_ip_req_count", "node", 1, "reason"),
        Family("awscni_ipamd_error_count", "node", 4, "fn"),
        Family("awscni_aws_api_error_count", "node", 2, "api error"),
        Family("awscni_ec2api_error_count", "node", 2, "fn"),
    ),
)

FLUENT_BIT = Source(
    "fluent-bit",
    "Fluent Bit 4.2",
    "Fluent Bit manual, Monitoring, metrics of /api/v2; some read from a running program",
    "documented",
    "node pod namespace",
    (
        Family("fluentbit_uptime", "node", 1, "hostname"),
        Family(
            "fluentbit_input_records_total fluentbit_input_bytes_total fluentbit_input_ingestion_paused "
            "fluentbit_input_storage_overlimit fluentbit_input_storage_memory_bytes fluentbit_input_storage_chunks "
            "fluentbit_input_storage_chunks_busy fluentbit_input_files_opened_total "
            "fluentbit_input_files_closed_total fluentbit_input_files_rotated_total",
            "node",
            LOG_INPUTS,
            "name",
        ),
        Family(
            "fluentbit_output_proc_records_total fluentbit_output_proc_bytes_total fluentbit_output_errors_total "
            "fluentbit_output_retries_total fluentbit_output_retries_failed_total "
            "fluentbit_output_dropped_records_total fluentbit_output_retried_records_total",
            "node",
            LOG_OUTPUTS,
            "name",
        ),
        Family("fluentbit_filter_drop_records_total fluentbit_filter_add_records_total", "node", 4, "name"),
        Family("fluentbit_logger_logs_total", "node", 5, "message_type"),
        Family("fluentbit_storage_chunks fluentbit_storage_fs_chunks fluentbit_storage_mem_chunks", "node"),
    ),
)

OTEL_AGENT = Source(
    "otel-agent",
    "OpenTelemetry Collector 0.155",
    "run with one store; OpenTelemetry Collector documentation, Internal telemetry, level normal",
    "run",
    "node pod",
    (
        Family(
            "otelcol_receiver_accepted_metric_points otelcol_receiver_refused_metric_points "
            "otelcol_receiver_failed_metric_points",
            "node",
            RECEIVERS,
            "receiver transport",
        ),
        Family(
            "otelcol_exporter_sent_metric_points otelcol_exporter_send_failed_metric_points "
            "otelcol_exporter_enqueue_failed_metric_points otelcol_exporter_queue_size "
            "otelcol_exporter_queue_capacity",
            "node",
            STORES,
            "exporter data_type",
        ),
        Family("otelcol_process_cpu_seconds otelcol_process_memory_rss otelcol_process_uptime", "node"),
    ),
)

NODES = (KUBELET, NODE_EXPORTER, AWS_NODE, FLUENT_BIT, OTEL_AGENT)
