"""The check of queries itself, the labels of alerts, and relabelling of what real programs told."""

from typing import Any

import pytest
import yaml

from components.monitoring.sources import SOURCES, UNITS
from components.monitoring.workloads import FILES
from tests.components.monitoring.known_metrics import scrape_jobs, unknown_labels, unknown_metrics
from tests.components.monitoring.promql import parse
from tests.components.monitoring.relabelling import keeps_name, parse_exposition, relabel

RULES = [
    pytest.param(rule, id=rule.get("alert") or rule.get("record"))
    for file in sorted((FILES / "rules").glob("*.yaml"))
    for group in yaml.safe_load(file.read_text())["groups"]
    for rule in group["rules"]
]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_selects_groups_and_joins_by_labels_that_its_metrics_have(rule: dict[str, Any]) -> None:
    assert unknown_labels(rule["expr"]) == []


@pytest.mark.parametrize(
    ("expression", "unknown"),
    [
        ("rate(apiserver_watch_events_total[5m]) > made_up{a='b'}", {"apiserver_watch_events_total", "made_up"}),
        ('node_cpu_guest_seconds_total{mode="user"}', {"node_cpu_guest_seconds_total"}),
        ('up{job="no-such-job"}', {"up"}),
        ('otelcol_exporter_queue_size{job=~"fluent.*"}', {"otelcol_exporter_queue_size"}),
        ('rate({__name__=~"otelcol_exporter_sent_metric_points(_total)?"}[5m])', set[str]()),
        ("max_over_time(rate(node_load1[5m])[1h:1m]) and on () vector(1)", set[str]()),
    ],
)
def test_metrics_that_nobody_emits_or_that_are_dropped_are_found(expression: str, unknown: set[str]) -> None:
    assert unknown_metrics(expression) == unknown


@pytest.mark.parametrize(
    "expression",
    [
        'kube_pod_status_phase{fase="Running"}',
        "sum by (queue) (kube_pod_status_phase)",
        "sum by (pod) (sum by (namespace) (kube_pod_status_phase))",
        "kube_pod_status_phase * on (node) group_left () kube_node_info",
        "node_load1 * on (node) group_left (zone) kube_node_info",
        "node_load1 / on (pod) node_load5",
        "histogram_quantile(0.9, sum by (lee) (rate(yunikorn_scheduler_scheduling_latency_milliseconds_bucket[5m])))",
    ],
)
def test_labels_that_the_metrics_do_not_have_are_found(expression: str) -> None:
    assert unknown_labels(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "sum without (mode) (node_cpu_seconds_total) * on (node) group_left (provider_id) kube_node_info",
        'max by (zone) (label_replace(kube_node_info, "zone", "$1", "provider_id", "(.+)"))',
        'absent(up{job="fluent-bit"}) * on (job) up',
        'count by (alertname) (ALERTS{severity="critical"})',
    ],
)
def test_labels_that_functions_and_joins_bring_are_known(expression: str) -> None:
    assert unknown_labels(expression) == []


def test_what_is_not_promql_is_refused() -> None:
    with pytest.raises(ValueError, match="unclosed left parenthesis"):
        parse("sum by (pod (up)")


def test_every_source_is_a_scrape_job_that_keeps_what_the_source_says() -> None:
    jobs = scrape_jobs()
    for source in SOURCES:
        assert source.job in {*jobs, "*"}
        assert source.reference
        for family in source.families:
            assert family.unit in UNITS
            for name in family.names.split():
                assert source.job == "*" or keeps_name(jobs[source.job], name), name


def test_every_scrape_job_is_a_source() -> None:
    assert scrape_jobs().keys() <= {source.job for source in SOURCES}


# What Apache Spark 4.3.0 answered, numbers of the application shortened.
DRIVER = """
metrics_spark_1f0c_driver_jvm_heap_used_Number{type="gauges"} 1
metrics_spark_1f0c_driver_jvm_heap_used_Value{type="gauges"} 1
metrics_spark_1f0c_driver_BlockManager_memory_maxMem_MB_Value{type="gauges"} 434
metrics_spark_1f0c_driver_LiveListenerBus_numEventsPosted_Count{type="counters"} 97
metrics_spark_1f0c_driver_jvm_pools_G1_Eden_Space_used_Value{type="gauges"} 1
metrics_spark_1f0c_driver_CodeGenerator_compilationTime_Count{type="histograms"} 4
metrics_spark_1f0c_driver_CodeGenerator_compilationTime_Max{type="histograms"} 300
spark_info{version="4.3.0", revision="98bc021"} 1.0
"""
EXECUTORS = """
metrics_executor_rddBlocks{application_id="spark-1f0c", application_name="etl daily", executor_id="1"} 0
metrics_executor_completedTasks_total{application_id="spark-1f0c", application_name="etl daily", executor_id="1"} 8
metrics_executor_JVMHeapMemory_bytes{application_id="spark-1f0c", application_name="etl daily", executor_id="1"} 9
"""
NODE = """
node_cpu_seconds_total{cpu="0",mode="idle"} 1128.11
node_cpu_seconds_total{cpu="0",mode="softirq"} 1.36
node_cpu_guest_seconds_total{cpu="0",mode="user"} 0
node_network_receive_bytes_total{device="eth0"} 1
node_network_receive_bytes_total{device="eni1a2b3c4d5e6"} 1
node_filesystem_avail_bytes{device="/dev/nvme0n1p1",device_error="",fstype="xfs",mountpoint="/"} 7
node_filesystem_avail_bytes{device="tmpfs",device_error="",fstype="tmpfs",mountpoint="/var/lib/kubelet/pods/1/t"} 7
go_goroutines 8
"""
POD = """
kube_pod_status_phase{namespace="spark",pod="etl-1",uid="u0",phase="Running"} 1
kube_pod_status_phase{namespace="spark",pod="etl-1",uid="u0",phase="Unknown"} 0
kube_pod_status_reason{namespace="spark",pod="etl-1",uid="u0",reason="UnexpectedAdmissionError"} 0
kube_pod_tolerations{namespace="spark",pod="etl-1",uid="u0",key="moka/workload"} 1
kube_configmap_info{namespace="spark",configmap="spark-drv-1-conf-map"} 1
"""


@pytest.mark.parametrize(
    ("job", "told", "kept"),
    [
        (
            "spark",
            DRIVER,
            [
                {"__name__": "spark_driver_jvm_heap_used"},
                {"__name__": "spark_driver_BlockManager_memory_maxMem_MB"},
                {"__name__": "spark_driver_LiveListenerBus_numEventsPosted"},
            ],
        ),
        (
            "spark-executors",
            EXECUTORS,
            [
                {"__name__": "metrics_executor_completedTasks_total", "executor_id": "1"},
                {"__name__": "metrics_executor_JVMHeapMemory_bytes", "executor_id": "1"},
            ],
        ),
        (
            "node-exporter",
            NODE,
            [
                {"__name__": "node_cpu_seconds_total", "cpu": "0", "mode": "idle"},
                {"__name__": "node_network_receive_bytes_total", "device": "eth0"},
                {
                    "__name__": "node_filesystem_avail_bytes",
                    "device": "/dev/nvme0n1p1",
                    "device_error": "",
                    "fstype": "xfs",
                    "mountpoint": "/",
                },
            ],
        ),
        (
            "kube-state-metrics",
            POD,
            [{"__name__": "kube_pod_status_phase", "namespace": "spark", "pod": "etl-1", "phase": "Running"}],
        ),
    ],
)
def test_labels_that_explode_are_dropped_by_rule(job: str, told: str, kept: list[dict[str, str]]) -> None:
    rules = scrape_jobs()[job]["metric_relabel_configs"]
    after = [relabel(rules, series) for series in parse_exposition(told)]
    assert [series for series in after if series] == kept
