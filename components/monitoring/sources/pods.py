"""What is told of pods and of Spark: cAdvisor, kube-state-metrics' pod part, drivers.

An executor is told of three times: as a pod by kube-state-metrics, as a container by cAdvisor, and as an executor by
its driver.
"""

from components.monitoring.sources.source import Family, Source

# A container writes to its node's root disk and to the array of local volumes.
CONTAINER_DISKS = 2

CADVISOR = Source(
    "cadvisor",
    "cAdvisor in kubelet 1.35",
    "cAdvisor, docs/storage/prometheus.md; a pod has one interface",
    "documented",
    "node",
    (
        Family(
            "container_cpu_usage_seconds_total container_cpu_cfs_periods_total "
            "container_cpu_cfs_throttled_periods_total container_memory_working_set_bytes container_memory_rss "
            "container_memory_cache container_oom_events_total",
            "container",
            1,
            "namespace pod container",
        ),
        Family(
            "container_fs_reads_bytes_total container_fs_writes_bytes_total",
            "container",
            CONTAINER_DISKS,
            "namespace pod container device",
        ),
        Family(
            "container_network_receive_bytes_total container_network_transmit_bytes_total "
            "container_network_receive_errors_total container_network_transmit_errors_total "
            "container_network_receive_packets_dropped_total container_network_transmit_packets_dropped_total",
            "pod",
            1,
            "namespace pod interface",
        ),
    ),
)

POD_STATE = Source(
    "kube-state-metrics",
    "kube-state-metrics 2.18",
    "run on executor pods, of whose 45 series these stay; kube-state-metrics, docs/metrics/workload/pod-metrics.md",
    "run",
    "",
    (
        Family("kube_pod_status_phase", "pod", 3, "namespace pod phase"),
        Family("kube_pod_status_reason", "pod", 4, "namespace pod reason"),
        Family("kube_pod_info", "pod", 1, "namespace pod node created_by_kind created_by_name priority_class"),
        Family(
            "kube_pod_labels",
            "pod",
            1,
            "namespace pod label_spark_app_selector label_spark_role label_spark_app_name label_spark_exec_id "
            "label_queue",
        ),
        Family("kube_pod_container_status_restarts_total", "container", 1, "namespace pod container"),
        Family("kube_pod_container_resource_requests", "container", 2, "namespace pod container node resource unit"),
        Family("kube_pod_container_resource_limits", "container", 2, "namespace pod container node resource unit"),
        # Only containers that wait or ended have these; most that ended are soon deleted.
        Family("kube_pod_container_status_waiting_reason", "container", 0.1, "namespace pod container reason"),
        Family("kube_pod_container_status_terminated_reason", "container", 0.2, "namespace pod container reason"),
        Family("kube_pod_container_status_last_terminated_reason", "container", 0.1, "namespace pod container reason"),
        Family("kube_pod_completion_time", "pod", 0.2, "namespace pod"),
    ),
)

SPARK_EXECUTORS = Source(
    "spark-executors",
    "Apache Spark 4.3.0",
    "run with two executors; Apache Spark documentation, Monitoring and Instrumentation, Executor Metrics",
    "run",
    "namespace pod spark_app_id spark_role",
    (
        Family(
            "metrics_executor_activeTasks metrics_executor_maxTasks metrics_executor_totalCores "
            "metrics_executor_completedTasks_total metrics_executor_failedTasks_total "
            "metrics_executor_totalDuration_seconds_total metrics_executor_totalGCTime_seconds_total "
            "metrics_executor_totalInputBytes_bytes_total metrics_executor_totalShuffleRead_bytes_total "
            "metrics_executor_totalShuffleWrite_bytes_total metrics_executor_memoryUsed_bytes "
            "metrics_executor_maxMemory_bytes metrics_executor_diskUsed_bytes metrics_executor_JVMHeapMemory_bytes "
            "metrics_executor_JVMOffHeapMemory_bytes metrics_executor_OnHeapExecutionMemory_bytes",
            "executor",
            1,
            "executor_id",
        ),
    ),
)

SPARK = Source(
    "spark",
    "Apache Spark 4.3.0",
    "run with JvmSource and PrometheusServlet; Apache Spark documentation, Monitoring and Instrumentation, Metrics",
    "run",
    "namespace pod spark_app_id spark_role",
    (
        Family(
            "spark_driver_DAGScheduler_job_activeJobs spark_driver_DAGScheduler_job_allJobs "
            "spark_driver_DAGScheduler_stage_failedStages spark_driver_DAGScheduler_stage_runningStages "
            "spark_driver_DAGScheduler_stage_waitingStages spark_driver_BlockManager_memory_memUsed_MB "
            "spark_driver_BlockManager_memory_maxMem_MB spark_driver_BlockManager_disk_diskSpaceUsed_MB "
            "spark_driver_LiveListenerBus_queue_appStatus_size spark_driver_LiveListenerBus_numEventsPosted "
            "spark_driver_jvm_heap_used spark_driver_jvm_heap_max spark_driver_jvm_non_heap_used "
            "spark_driver_JVMCPU_jvmCpuTime spark_driver_ExecutorMetrics_TotalGCTime",
            "driver",
        ),
    ),
)

PODS = (CADVISOR, POD_STATE, SPARK_EXECUTORS, SPARK)
