"""What is told of a cluster as a whole: objects other than pods, the control plane, DNS, scheduler and operator."""

from components.monitoring.sources.source import Family, Source

WORKLOADS = 25
# Four conditions of the kubelet and four of the node monitoring agent, each of three states.
NODE_CONDITIONS = 24
DNS_REPLICAS = 20
API_SERVERS = 4
QUEUES = 50
CELEBORN_MASTERS = 3
CELEBORN_WORKERS = 50
POOLS = 10
ZONES = 3

OBJECT_STATE = Source(
    "kube-state-metrics",
    "kube-state-metrics 2.18",
    "run on nodes of eight conditions and six resources; kube-state-metrics, docs/metrics",
    "run",
    "",
    (
        Family("kube_node_status_condition", "node", NODE_CONDITIONS, "node condition status"),
        Family("kube_node_status_allocatable kube_node_status_capacity", "node", 6, "node resource unit"),
        Family("kube_node_info", "node", 1, "node internal_ip kernel_version kubelet_version os_image provider_id"),
        Family(
            "kube_node_labels",
            "node",
            1,
            "node label_kubernetes_io_arch label_node_kubernetes_io_instance_type label_eks_amazonaws_com_nodegroup "
            "label_eks_amazonaws_com_capacity_type label_topology_kubernetes_io_zone label_moka_workload",
        ),
        Family("kube_node_spec_unschedulable kube_node_created", "node", 1, "node"),
        Family("kube_node_spec_taint", "node", 2, "node key value effect"),
        Family(
            "kube_daemonset_status_desired_number_scheduled kube_daemonset_status_number_available "
            "kube_daemonset_status_number_ready kube_daemonset_status_number_unavailable",
            "cluster",
            WORKLOADS,
            "namespace daemonset",
        ),
        Family(
            "kube_deployment_spec_replicas kube_deployment_status_replicas kube_deployment_status_replicas_available",
            "cluster",
            WORKLOADS,
            "namespace deployment",
        ),
        Family(
            "kube_statefulset_replicas kube_statefulset_status_replicas kube_statefulset_status_replicas_ready",
            "cluster",
            5,
            "namespace statefulset",
        ),
        Family("kube_poddisruptionbudget_status_pod_disruptions_allowed", "cluster", 10, "namespace"),
        Family("kube_resourcequota", "cluster", 40, "namespace resourcequota resource type"),
        Family("kube_namespace_status_phase", "cluster", 40, "namespace phase"),
        Family("kube_cronjob_created kube_cronjob_status_last_successful_time", "cluster", 2, "namespace cronjob"),
        # Finished Jobs of the log canary, each with every reason for which a Job can fail.
        Family("kube_job_status_failed", "cluster", 30, "namespace job_name reason"),
    ),
)

API_SERVER = Source(
    "apiserver",
    "kube-apiserver 1.35",
    "Kubernetes reference, Kubernetes Metrics Reference; counts of label values are estimated",
    "estimated",
    "",
    (
        Family("apiserver_request_total", "cluster", 1500 * API_SERVERS, "code resource scope verb"),
        Family(
            "apiserver_request_duration_seconds_sum apiserver_request_duration_seconds_count",
            "cluster",
            700 * API_SERVERS,
            "resource scope verb",
        ),
        Family("apiserver_current_inflight_requests", "cluster", 2 * API_SERVERS, "request_kind"),
        Family(
            "apiserver_flowcontrol_rejected_requests_total apiserver_flowcontrol_current_inqueue_requests",
            "cluster",
            15 * API_SERVERS,
            "flow_schema priority_level reason",
        ),
        Family("apiserver_storage_size_bytes", "cluster", 2 * API_SERVERS, "storage_cluster_id"),
        Family("apiserver_storage_objects", "cluster", 90 * API_SERVERS, "resource"),
        Family("apiserver_admission_webhook_rejection_count", "cluster", 10 * API_SERVERS, "name operation error_type"),
        Family(
            "process_cpu_seconds_total process_resident_memory_bytes process_start_time_seconds", "cluster", API_SERVERS
        ),
    ),
)

COREDNS = Source(
    "coredns",
    "CoreDNS 1.12",
    "CoreDNS, plugin/metrics and plugin/cache",
    "documented",
    "pod",
    (
        Family("coredns_dns_requests_total", "cluster", 10 * DNS_REPLICAS, "server zone proto family type"),
        Family("coredns_dns_responses_total", "cluster", 10 * DNS_REPLICAS, "server zone rcode"),
        Family(
            "coredns_dns_request_duration_seconds_sum coredns_dns_request_duration_seconds_count",
            "cluster",
            3 * DNS_REPLICAS,
            "server zone",
        ),
        Family("coredns_cache_hits_total", "cluster", 4 * DNS_REPLICAS, "server zones type"),
        Family("coredns_cache_misses_total", "cluster", 2 * DNS_REPLICAS, "server zones"),
        Family("coredns_forward_requests_total", "cluster", 2 * DNS_REPLICAS, "to"),
        Family("coredns_panics_total", "cluster", DNS_REPLICAS),
    ),
)

YUNIKORN = Source(
    "yunikorn",
    "YuniKorn 1.8",
    "yunikorn-core, pkg/metrics; histograms named milliseconds are observed in seconds",
    "documented",
    "pod",
    (
        Family("yunikorn_scheduler_container_allocation_attempt_total", "cluster", 4, "state"),
        Family("yunikorn_scheduler_application_submission_total", "cluster", 3, "result"),
        Family("yunikorn_scheduler_application_total", "cluster", 6, "state"),
        Family("yunikorn_scheduler_scheduling_latency_milliseconds_bucket", "cluster", 9, "le"),
        Family(
            "yunikorn_scheduler_scheduling_latency_milliseconds_sum "
            "yunikorn_scheduler_scheduling_latency_milliseconds_count",
            "cluster",
        ),
        Family("yunikorn_scheduler_node", "cluster", 3, "state"),
        # Five states of four resources or so, and the limit of applications.
        Family("yunikorn_queue_resource", "cluster", 21 * QUEUES, "queue state resource"),
        Family("yunikorn_queue_app", "cluster", 9 * QUEUES, "queue state"),
    ),
)

SPARK_OPERATOR = Source(
    "spark-operator",
    "Kubeflow Spark Operator 2.5",
    "spark-operator, internal/metrics/sparkapplication_metrics.go",
    "documented",
    "pod",
    (
        # The application's namespace, where the chart's prometheus.metrics.labels asks for it.
        Family(
            "spark_application_count spark_application_submit_count spark_application_failed_submission_count "
            "spark_application_success_count spark_application_failure_count spark_application_running_count",
            "cluster",
            20,
            "namespace",
        ),
        Family("spark_application_start_latency_seconds_histogram_bucket", "cluster", 240, "namespace le"),
        Family(
            "spark_application_start_latency_seconds_histogram_sum "
            "spark_application_start_latency_seconds_histogram_count",
            "cluster",
            20,
            "namespace",
        ),
        Family("workqueue_depth", "cluster", 5, "name"),
    ),
)

CELEBORN = Source(
    "celeborn",
    "Celeborn 0.7",
    "Apache Celeborn, MasterSource.scala, WorkerSource.scala and AbstractSource.scala (names); disks are told of by "
    "masters alone where workers watch no device",
    "documented",
    "pod role",
    (
        Family(
            "celeborn_WorkerCount celeborn_AvailableWorkerCount celeborn_ExcludedWorkerCount celeborn_LostWorkerCount "
            "celeborn_ShutdownWorkerCount celeborn_DecommissionWorkerCount celeborn_ShuffleTotalCount "
            "celeborn_ShuffleFallbackCount celeborn_IsActiveMaster celeborn_DeviceCelebornFreeBytes "
            "celeborn_DeviceCelebornTotalBytes",
            "cluster",
            CELEBORN_MASTERS,
        ),
        Family(
            "celeborn_RegisteredShuffleCount celeborn_RunningApplicationCount celeborn_ActiveShuffleSize",
            "cluster",
            CELEBORN_MASTERS + CELEBORN_WORKERS,
        ),
        Family(
            "celeborn_UnreleasedShuffleCount celeborn_IsDecommissioningWorker celeborn_PausePushDataStatus "
            "celeborn_PausePushDataAndReplicateStatus celeborn_DirectMemoryUsageRatio celeborn_WriteDataFailCount "
            "celeborn_ReplicateDataFailCount celeborn_FetchLocalChunkFailCount",
            "cluster",
            CELEBORN_WORKERS,
        ),
    ),
)

KARPENTER = Source(
    "karpenter",
    "Karpenter 1.14",
    "kubernetes-sigs/karpenter v1.14.1, pkg/metrics and pkg/controllers; aws/karpenter-provider-aws, metrics.go of "
    "pkg/controllers/interruption and pkg/providers/instance",
    "documented",
    "pod",
    (
        Family("karpenter_nodepools_limit", "cluster", 3 * POOLS, "nodepool resource_type"),
        Family("karpenter_nodepools_usage", "cluster", 6 * POOLS, "nodepool resource_type"),
        Family("karpenter_nodepools_allowed_disruptions", "cluster", 3 * POOLS, "nodepool reason"),
        Family("karpenter_nodeclaims_created_total", "cluster", 2 * POOLS, "nodepool reason min_values_relaxed"),
        Family("karpenter_nodeclaims_terminated_total", "cluster", ZONES * POOLS, "nodepool capacity_type zone"),
        Family("karpenter_nodeclaims_disrupted_total", "cluster", 5 * POOLS, "nodepool reason capacity_type"),
        Family(
            "karpenter_nodes_created_total karpenter_nodes_terminated_total", "cluster", ZONES * POOLS, "nodepool zone"
        ),
        Family("karpenter_interruption_received_messages_total", "cluster", 5, "message_type"),
        Family(
            "karpenter_cloudprovider_instance_launch_failures_total",
            "cluster",
            10 * ZONES,
            "zone zone_id capacity_type reason",
        ),
        Family("karpenter_cluster_state_node_count", "cluster"),
        Family("karpenter_scheduler_unschedulable_pods_count", "cluster", 2, "controller"),
    ),
)

CLUSTER = (OBJECT_STATE, API_SERVER, COREDNS, YUNIKORN, SPARK_OPERATOR, KARPENTER, CELEBORN)
