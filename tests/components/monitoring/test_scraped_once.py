"""Nothing is scraped twice and nothing is written twice, worked out from the configuration and a model of a cluster."""

from collections import Counter
from itertools import product
from typing import Any

import pytest
import yaml

from components.monitoring.workloads import FILES, NODE_COLLECTOR
from components.shuffle.addresses import MASTER_PORTS, WORKER_PORTS
from tests.components.monitoring.collector_config import (
    COLLECTORS,
    REMOTE_WRITE,
    configuration,
    expanded,
    jobs,
    pipelines,
    receivers_at,
    routes,
)
from tests.components.monitoring.environment import (
    DAEMON_SET,
    DEPLOYMENT,
    EVERYTHING,
    SHAPES,
    STATEFUL_SET,
    WORKSPACE_URL,
    build,
    replicas,
)
from tests.components.monitoring.scraping import Pod, endpoints, meta_labels, relabel
from tests.components.workloads.pods import containers, variables

PROMETHEUS: dict[str, Any] = yaml.safe_load((FILES / "prometheus.yaml").read_text())
ALLOCATOR: dict[str, Any] = yaml.safe_load((FILES / "target-allocator.yaml").read_text())
NODES = {"node-a": "10.0.0.1", "node-b": "10.0.0.2"}


def spark(
    name: str,
    address: str,
    node: str,
    labels: dict[str, str],
    annotations: dict[str, str],
    *,
    container: str = "spark-kubernetes-executor",
) -> Pod:
    """A pod of Spark, with sidecars."""
    return Pod(
        name,
        "spark",
        address,
        node,
        {"spark-role": "executor", "spark-app-selector": "spark-1", **labels},
        annotations,
        container,
        (("blockmanager", 7079), ("ui", 4040)),
        {"vault-agent": (), "proxy": (("admin", 15000), ("metrics", 15090))},
    )


ASKS = {"prometheus.io/scrape": "true", "prometheus.io/port": "4040"}
DRIVER = {"spark-role": "driver"}
SPARK_PODS = [
    spark("driver", "10.1.1.1", "node-a", DRIVER, ASKS | {"prometheus.io/path": "/metrics/prometheus/"}),
    spark("driver-by-label", "10.1.1.2", "node-b", DRIVER | ASKS, {}),
    spark(
        "of-executors", "10.1.1.3", "node-b", DRIVER, ASKS | {"prometheus.io/path": "/metrics/executors/prometheus/"}
    ),
    spark(
        "named-driver",
        "10.1.1.5",
        "node-a",
        DRIVER,
        ASKS | {"prometheus.io/path": "/metrics/prometheus/"},
        container="main-app",
    ),
    spark("driver-without-port", "10.1.1.6", "node-a", DRIVER, {"prometheus.io/scrape": "true"}, container="main-app"),
    spark("unwilling-driver", "10.1.1.4", "node-b", DRIVER, {}),
    spark("by-annotation", "10.1.0.1", "node-a", {}, ASKS | {"prometheus.io/path": "/metrics/prometheus/"}),
    spark("by-label", "10.1.0.2", "node-a", ASKS, {}),
    spark("by-both", "10.1.0.3", "node-b", ASKS | {"prometheus.io/port": "9999"}, ASKS),
    spark("unwilling", "10.1.0.4", "node-b", {}, {"prometheus.io/port": "4040"}),
]
OTHERS = [
    Pod("kubernetes", "default", "10.2.0.1", ports=(("https", 443),), service="kubernetes"),
    Pod("kubernetes", "default", "10.2.0.2", ports=(("https", 443),), service="kubernetes"),
    Pod(
        "state",
        "kube-state-metrics",
        "10.2.1.1",
        "node-a",
        {"app.kubernetes.io/name": "kube-state-metrics"},
        ports=(("http", 8080), ("telemetry", 8081)),
        service="kube-state-metrics",
    ),
    *(
        Pod(
            f"coredns-{index}",
            "kube-system",
            f"10.2.2.{index}",
            "node-a",
            {"k8s-app": "kube-dns"},
            ports=(("dns", 53), ("metrics", 9153)),
            service="kube-dns",
        )
        for index in (1, 2)
    ),
    Pod(
        "scheduler",
        "yunikorn",
        "10.2.3.1",
        "node-a",
        {"app": "yunikorn", "component": "yunikorn-scheduler"},
        ports=(("http1", 9080),),
        service="yunikorn-service",
    ),
    *(
        Pod(
            f"celeborn-{role}-0",
            "celeborn",
            f"10.2.8.{index}",
            "node-b",
            {"app.kubernetes.io/name": f"celeborn-{role}"},
            ports=tuple(ports.items()),
            service=f"celeborn-{role}-replicas",
        )
        for index, (role, ports) in enumerate({"master": MASTER_PORTS, "worker": WORKER_PORTS}.items())
    ),
    Pod(
        "operator",
        "spark-operator",
        "10.2.4.1",
        "node-b",
        {"app.kubernetes.io/name": "spark-operator"},
        ports=(("metrics", 8080),),
    ),
    Pod(
        "karpenter",
        "karpenter",
        "10.2.4.2",
        "node-b",
        {"app.kubernetes.io/name": "karpenter"},
        ports=(("http-metrics", 8080), ("http", 8081)),
        service="karpenter",
    ),
    *(
        Pod(
            f"fluent-bit-{node}",
            "logging",
            f"10.2.5.{index}",
            node,
            {"app.kubernetes.io/name": "fluent-bit"},
            ports=(("metrics", 2020),),
        )
        for index, node in enumerate(NODES)
    ),
    *(
        Pod(
            f"{name}-{index}",
            "monitoring",
            f"10.2.6.{base + index}",
            labels={"app.kubernetes.io/name": name},
            ports=((port, number),),
            service=service,
        )
        for index in (0, 1)
        for name, base, port, number, service in (
            ("prometheus", 0, "http", 9090, "prometheus-replicas"),
            ("alertmanager", 2, "http", 9093, "alertmanager-replicas"),
        )
    ),
    Pod("web", "shop", "10.3.0.1", "node-a", ports=(("http", 80),), service="web"),
]
PODS = [*SPARK_PODS, *OTHERS]
EXPECTED = {
    *((f"{address}:{port}", path) for address in NODES.values() for port, path in [(10250, "/metrics")]),
    *((f"{address}:10250", "/metrics/cadvisor") for address in NODES.values()),
    *((f"{address}:{port}", "/metrics") for address in NODES.values() for port in (9100, 61678)),
    *((f"agent-{node}:8888", "/metrics") for node in NODES),
    ("cluster:8888", "/metrics"),
    *((f"10.2.5.{index}:2020", "/api/v2/metrics/prometheus") for index in (0, 1)),
    *((f"10.2.0.{index}:443", "/metrics") for index in (1, 2)),
    *((f"10.2.2.{index}:9153", "/metrics") for index in (1, 2)),
    ("10.2.1.1:8080", "/metrics"),
    ("10.2.3.1:9080", "/ws/v1/metrics"),
    ("10.2.4.1:8080", "/metrics"),
    ("10.2.8.0:9098", "/metrics/prometheus"),
    ("10.2.8.1:9096", "/metrics/prometheus"),
    ("10.2.4.2:8080", "/metrics"),
    *((f"10.2.6.{index}:9093", "/metrics") for index in (2, 3)),
    ("10.1.1.1:4040", "/metrics/prometheus/"),
    ("10.1.1.2:4040", "/metrics"),
    ("10.1.1.5:4040", "/metrics/prometheus/"),
    ("10.1.1.6:4040", "/metrics"),
    *((f"10.1.1.{index}:4040", "/metrics/executors/prometheus/") for index in (1, 2, 3, 5, 6)),
    ("10.1.0.1:4040", "/metrics/prometheus/"),
    ("10.1.0.2:4040", "/metrics"),
    ("10.1.0.3:4040", "/metrics"),
}


def by_collectors() -> list[tuple[str, str]]:
    """Every target of every job of both nodes' agents and of the cluster-wide collector."""
    found = []
    for node, address in NODES.items():
        own = {"NODE_NAME": node, "NODE_IP": address, "POD_IP": f"agent-{node}"}
        for job in jobs("agent", EVERYTHING).values():
            found += endpoints(job, PODS, own)
    for job in jobs("cluster", EVERYTHING).values():
        found += endpoints(job, PODS, {"POD_IP": "cluster"})
    return found


def by_monitors() -> list[tuple[str, str]]:
    """Every target of monitors that would select each port of each pod, on the page that a job takes from it too."""
    (scrape_class,) = ALLOCATOR["prometheus_cr"]["scrape_classes"]
    assert scrape_class["default"] is True
    pages = dict(by_collectors())
    found = []
    for pod in PODS:
        for name, port in pod.ports:
            labels = relabel(scrape_class["relabelings"], meta_labels(pod, name, port))
            if labels is not None:
                found.append((labels["__address__"], pages.get(labels["__address__"], "/metrics")))
    return found


def by_prometheus(replica: int) -> list[tuple[str, str]]:
    """What a replica of Prometheus scrapes for itself alone."""
    found = []
    for job in PROMETHEUS["scrape_configs"]:
        for address, path in endpoints(job, PODS, {}):
            found.append((address.replace("localhost", f"10.2.6.{replica}"), path))
    return found


def test_the_collectors_scrape_each_source_once_and_leave_none_out() -> None:
    assert Counter(by_collectors()) == Counter(EXPECTED)


@pytest.mark.parametrize("replica", [0, 1])
def test_each_replica_of_prometheus_holds_each_source_once(replica: int) -> None:
    counted = Counter([*by_collectors(), *by_monitors(), *by_prometheus(replica)])
    assert {target: times for target, times in counted.items() if times > 1} == {}


def test_monitors_reach_what_no_job_scrapes() -> None:
    assert ("10.3.0.1:80", "/metrics") in by_monitors()
    assert ("10.1.0.4:4040", "/metrics") in by_monitors(), "a pod that asks for nothing may have a monitor"


def test_monitors_are_shared_among_the_agents_and_nobody_else() -> None:
    chosen = ALLOCATOR["collector_selector"]["matchLabels"]
    recorded = build(EVERYTHING)
    selected = [
        each.name
        for kind in (DAEMON_SET, DEPLOYMENT, STATEFUL_SET)
        for each in recorded.of(kind)
        if chosen.items() <= each.inputs["spec"]["template"]["metadata"]["labels"].items()
    ]
    assert selected == ["collectors-agent"]
    assert chosen.items() <= NODE_COLLECTOR.labels.items()
    for collector in COLLECTORS:
        receiver = configuration(collector, EVERYTHING)["receivers"]["prometheus"]
        assert ("target_allocator" in receiver) == (collector == "agent")
    assert configuration("agent", EVERYTHING)["receivers"]["prometheus"]["target_allocator"] == {
        "endpoint": "${env:TARGET_ALLOCATOR_URL}",
        "interval": "30s",
        "collector_id": "${env:POD_NAME}",
    }


@pytest.mark.parametrize(("collector", "shape"), product(COLLECTORS, SHAPES))
def test_each_sample_reaches_each_store_once(collector: Any, shape: str) -> None:
    settings = SHAPES[shape]
    recorded = build(settings)
    stores = [
        f"http://{each.inputs['metadata']['name']}-0.{each.inputs['spec']['serviceName']}.monitoring.svc:9090/api/v1/write"
        for each in replicas(recorded, "prometheus")
    ]
    if settings.storage == "amazon-managed":
        stores.append(f"{WORKSPACE_URL}api/v1/remote_write")
    if settings.forward_to:
        stores.append(settings.forward_to.url)
    workload = recorded.only(DAEMON_SET) if collector == "agent" else recorded.named(DEPLOYMENT, "collectors-cluster")
    values = variables(containers(workload)[0])
    config = configuration(collector, settings)
    for receiver in ("prometheus", "otlp") if collector == "agent" else ("prometheus",):
        last = [each[-1] for each in routes(config, receiver)]
        assert all(each.startswith(REMOTE_WRITE) for each in last)
        assert sorted(expanded(config["exporters"][each]["endpoint"], values) for each in last) == sorted(stores)


@pytest.mark.parametrize(("collector", "shape"), product(COLLECTORS, SHAPES))
def test_each_queue_leads_to_one_receiver_of_its_own(collector: Any, shape: str) -> None:
    config = configuration(collector, SHAPES[shape])
    for name, exporter in config["exporters"].items():
        if name.startswith("otlp_grpc/"):
            assert receivers_at(config, exporter["endpoint"]) == [name.replace("otlp_grpc/", "otlp/")]


@pytest.mark.parametrize("shape", SHAPES)
def test_samples_that_applications_send_are_taken_in_one_pipeline(shape: str) -> None:
    agent = configuration("agent", SHAPES[shape])
    taking = [name for name, each in pipelines(agent, "metrics").items() if "otlp" in each["receivers"]]
    assert taking == ["metrics/received"]
    assert "otlp" not in configuration("cluster", SHAPES[shape])["receivers"]
