"""From the sources of one node to somebody's telephone: the real programs, as the stack configures them.

One thing breaks, one alert of it arrives, once; it is mended, and that arrives too. Every wait has an end, and no
address but 127.0.0.1 is used. What the copies of the configuration do differently stands in `loopback`.
"""

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telemetry.process import wait_until
from tests.telemetry.scene import Scene
from tests.telemetry.sources import APPLICATION, DRIVER

pytestmark = pytest.mark.verify

SECONDS = 60
ALWAYS = {"Watchdog"}
# True for a moment, and told because alerts do not wait here: Prometheus looks for Alertmanager anew when it reads its
# rules, which takes seconds.
WHILE_RULES_ARE_READ = {"PrometheusDropsAlerts", "PrometheusHasNoAlertmanager"}


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, collector: Path, prometheus: Path, alertmanager: Path
) -> Iterator[Scene]:
    programs = {"collector": collector, "prometheus": prometheus, "alertmanager": alertmanager}
    with Scene(tmp_path_factory.mktemp("scene"), programs) as running:
        yield running


def test_every_source_is_scraped_by_exactly_one_collector(scene: Scene) -> None:
    ports = scene.sources.ports
    expected = {(job, f"127.0.0.1:{port}") for job, port in ports.items()}
    twice = {"cadvisor": "kubelet", "spark-executors": "spark"}
    expected |= {(job, f"127.0.0.1:{ports[source]}") for job, source in twice.items()}
    expected |= {("apiserver", scene.sources.api.server.address)}
    expected |= {(name, f"127.0.0.1:{port}") for name, port in scene.telemetry.items()}
    expected |= {("prometheus", scene.prometheus), ("alertmanager", scene.alertmanager)}
    found = [(labels["job"], labels["instance"]) for labels, _ in scene.query("up")]
    assert sorted(found) == sorted(expected), "a source is missing, or is there twice under different labels"


@pytest.mark.parametrize(
    ("selector", "labels"),
    [
        ('node_cpu_seconds_total{cpu="0",mode="idle"}', {"job": "node-exporter", "node": "node-1"}),
        ("kubelet_running_pods", {"job": "kubelet", "node": "node-1"}),
        (
            "container_memory_working_set_bytes",
            {"job": "cadvisor", "pod": DRIVER, "container": "main-app", "namespace": "spark-jobs"},
        ),
        ("awscni_total_ipv4_prefixes", {"job": "aws-node", "node": "node-1"}),
        ("fluentbit_uptime", {"job": "fluent-bit", "pod": "fluent-bit-0", "namespace": "logging", "node": "node-1"}),
        (
            "spark_driver_jvm_heap_used",
            {"job": "spark", "pod": DRIVER, "spark_app_id": APPLICATION, "spark_role": "driver"},
        ),
        (
            "metrics_executor_activeTasks",
            {"job": "spark-executors", "pod": DRIVER, "spark_app_id": APPLICATION, "executor_id": "1"},
        ),
        ('kube_node_info{node="node-2"}', {"job": "kube-state-metrics"}),
        ("kube_pod_labels", {"pod": DRIVER, "namespace": "spark-jobs"}),
        ("apiserver_request_total", {"job": "apiserver", "verb": "LIST"}),
        ("coredns_dns_responses_total", {"job": "coredns", "pod": "coredns-0"}),
        ("yunikorn_scheduler_container_allocation_attempt_total", {"job": "yunikorn", "state": "allocated"}),
        ("spark_application_success_count", {"job": "spark-operator"}),
        ("celeborn_ExcludedWorkerCount", {"job": "celeborn", "pod": "celeborn-master-0", "role": "Master"}),
        ("karpenter_nodepools_limit", {"job": "karpenter", "nodepool": "elastic", "resource_type": "cpu"}),
    ],
)
def test_a_series_is_stored_once_under_the_name_and_labels_that_alerts_ask_for(
    scene: Scene, selector: str, labels: dict[str, str]
) -> None:
    found = scene.query(selector)
    assert len(found) == 1, found
    assert labels.items() <= found[0][0].items()
    assert found[0][0]["cluster"] == "moka-dev"
    assert not {"id", "name", "image"} & found[0][0].keys()


def test_what_no_alert_or_dashboard_needs_is_dropped_on_the_node(scene: Scene) -> None:
    for dropped in (
        "kubelet_http_requests_total",
        "container_tasks_state",
        'container_cpu_usage_seconds_total{container=""}',
        'go_goroutines{job="aws-node"}',
        'apiserver_watch_events_total{job="apiserver"}',
        '{__name__=~".*CodeGenerator.*"}',
        '{__name__=~"metrics_spark.*"}',
        "metrics_executor_peakMemory_bytes",
        "karpenter_cloudprovider_instance_type_offering_available",
    ):
        assert scene.query(dropped) == [], dropped


def test_discovery_asks_for_no_pods_of_other_nodes_and_always_says_who_asks(scene: Scene) -> None:
    assert scene.sources.api.unauthorized == 0
    everywhere = [path for path in scene.sources.api.asked if path.startswith("/api/v1/pods")]
    assert everywhere
    assert all("spec.nodeName%3Dnode-1" in path for path in everywhere), everywhere


def test_metrics_that_an_application_sends_are_stored_with_the_pod_that_sent_them(scene: Scene) -> None:
    def sent_and_stored() -> bool:
        point = {"asDouble": 3.0, "timeUnixNano": str(time.time_ns())}
        metrics = [{"name": "orders_waiting", "gauge": {"dataPoints": [point]}}]
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "orders"}}]}
        body = {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": metrics}]}]}
        request = urllib.request.Request(
            f"http://{scene.otlp}/v1/metrics", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10):
            return bool(scene.query("orders_waiting"))

    wait_until("a metric by OTLP is stored", SECONDS, sent_and_stored, scene.output)
    ((labels, value),) = scene.query('orders_waiting{job="orders"}')
    assert (value, labels["cluster"]) == (3.0, "moka-dev")
    # Every pod has the same address here, so which of the node's pods it was taken for is chance.
    assert labels["instance"].startswith("uid-of-"), "pods of one application would write one series between them"


def test_nothing_is_told_while_all_is_well(scene: Scene) -> None:
    wait_until("the dead man's switch arrives", SECONDS, lambda: bool(scene.webhook.about("Watchdog")), scene.output)
    assert {each.name for each in scene.webhook.told} - WHILE_RULES_ARE_READ == ALWAYS, scene.webhook.told


def test_a_source_that_dies_is_told_once_and_so_is_its_recovery(scene: Scene) -> None:
    scene.sources.servers["node-exporter"].stop()
    wait_until("the alert arrives", SECONDS, lambda: bool(scene.webhook.about("TargetsDown")), scene.output)
    (told,) = scene.webhook.about("TargetsDown")
    expected = {"alertname": "TargetsDown", "job": "node-exporter", "severity": "warning", "cluster": "moka-dev"}
    assert expected.items() <= told.labels.items()
    assert "replica" not in told.labels, "each replica of Prometheus would make an alert of its own"
    assert "node-exporter" in told.annotations["summary"]
    scene.sources.servers["node-exporter"].start()
    wait_until(
        "the recovery arrives", SECONDS, lambda: bool(scene.webhook.about("TargetsDown", "resolved")), scene.output
    )
    assert scene.webhook.about("TargetsDown") == [told]
    assert [each.labels for each in scene.webhook.about("TargetsDown", "resolved")] == [told.labels]


def test_many_nodes_at_once_are_one_alert_and_not_one_for_each(scene: Scene) -> None:
    scene.sources.node_2_ready = False
    wait_until("the alert arrives", SECONDS, lambda: bool(scene.webhook.about("NodesNotReady")), scene.output)
    wait_until(
        "Prometheus fires for the node as well",
        SECONDS,
        lambda: bool(scene.query('ALERTS{alertname="NodeNotReady",alertstate="firing"}')),
    )
    scene.sources.node_2_ready = True
    wait_until(
        "the recovery arrives", SECONDS, lambda: bool(scene.webhook.about("NodesNotReady", "resolved")), scene.output
    )
    assert len({(each.receiver, each.starts_at) for each in scene.webhook.about("NodesNotReady")}) == len(
        scene.webhook.about("NodesNotReady")
    )
    assert scene.webhook.about("NodeNotReady") == []
