"""The collectors' configuration: components, order in the pipelines, and who looks after whom."""

from typing import Any

import pytest

from components.monitoring.stores import collector_files
from tests.components.monitoring.collector_config import COLLECTORS, KINDS, configuration, jobs, pipelines
from tests.components.monitoring.environment import EVERYTHING, LARGE, SHAPES, SMALL

# Components of the contrib release of the pinned version, by the type in their metadata.yaml.
TYPES = {
    "prometheus",
    "otlp",
    "memory_limiter",
    "k8s_attributes",
    "resource",
    "filter",
    "batch",
    "prometheus_remote_write",
    "otlp_grpc",
    "otlp_http",
    "forward",
    "health_check",
    "file_storage",
    "sigv4auth",
}


@pytest.fixture(params=[(collector, shape) for collector in COLLECTORS for shape in SHAPES], ids="-".join)
def config(request: pytest.FixtureRequest) -> dict[str, Any]:
    collector, shape = request.param
    return configuration(collector, SHAPES[shape])


def test_every_component_is_one_of_the_release(config: dict[str, Any]) -> None:
    assert {name.partition("/")[0] for kind in KINDS for name in config.get(kind, {})} <= TYPES


def test_pipelines_use_what_is_defined_and_all_that_is_defined(config: dict[str, Any]) -> None:
    connectors = set(config["connectors"])
    used: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for pipeline in config["service"]["pipelines"].values():
        for kind in ("receivers", "processors", "exporters"):
            used[kind] |= set(pipeline.get(kind, []))
    used["connectors"] = connectors & used["receivers"] & used["exporters"]
    used["receivers"] -= connectors
    used["exporters"] -= connectors
    used["extensions"] = set(config["service"]["extensions"])
    for kind in KINDS:
        assert used[kind] == set(config.get(kind, {})), kind


def test_memory_is_limited_first_and_batches_are_made_last(config: dict[str, Any]) -> None:
    outside = {"prometheus", "otlp"}
    for name, pipeline in config["service"]["pipelines"].items():
        processors = pipeline.get("processors", [])
        if outside & set(pipeline["receivers"]):
            assert processors[0] == "memory_limiter", name
        assert "memory_limiter" not in processors[1:], name
        if pipeline["exporters"] != ["forward/stores"] and not name.endswith("-from-disk"):
            assert processors[-1].startswith("batch/"), name


def test_no_batch_is_larger_than_the_receiver_behind_the_queue_takes(config: dict[str, Any]) -> None:
    for name, processor in config["processors"].items():
        if name.startswith("batch/"):
            assert processor["send_batch_max_size"] == processor["send_batch_size"] <= 8192, name
    for name, receiver in config["receivers"].items():
        if name.startswith("otlp/"):
            # A sample with its labels is about 300 bytes and rarely above 2 KiB.
            assert receiver["protocols"]["grpc"]["max_recv_msg_size_mib"] * 1024 * 1024 >= 8192 * 2048, name


def test_every_remote_write_exporter_keeps_names_and_tells_the_cluster(config: dict[str, Any]) -> None:
    for name, exporter in config["exporters"].items():
        if name.startswith("prometheus_remote_write/"):
            assert exporter["translation_strategy"] == "UnderscoreEscapingWithoutSuffixes"
            assert exporter["external_labels"] == {"cluster": "${env:CLUSTER_NAME}"}


@pytest.mark.parametrize("collector", COLLECTORS)
def test_samples_for_amazon_are_signed_and_others_are_not(collector: Any) -> None:
    config = configuration(collector, LARGE)
    for name, exporter in config["exporters"].items():
        signed = exporter.get("auth", {}).get("authenticator")
        assert signed == ("sigv4auth" if name == "prometheus_remote_write/amazon-managed" else None)
    assert config["extensions"]["sigv4auth"] == {"region": "${env:AWS_REGION}", "service": "aps"}
    assert set(config["service"]["extensions"]) == {"health_check", "file_storage", "sigv4auth"}


def test_the_node_collector_scrapes_its_own_node_alone() -> None:
    for name, job in jobs("agent", SMALL).items():
        for static in job.get("static_configs", []):
            for target in static["targets"]:
                assert target.startswith(("${env:NODE_IP}:", "${env:POD_IP}:")), name
            assert static["labels"]["node"] == "${env:NODE_NAME}", name
        for discovery in job.get("kubernetes_sd_configs", []):
            for selector in discovery["selectors"]:
                assert selector["field"] == "spec.nodeName=${env:NODE_NAME}", name


def test_pods_are_looked_up_on_their_own_node_and_nowhere_else() -> None:
    agent = configuration("agent", EVERYTHING)
    assert agent["processors"]["k8s_attributes"]["filter"] == {"node_from_env_var": "NODE_NAME"}
    for signal in ("metrics", "traces", "logs"):
        for name, pipeline in pipelines(agent, signal).items():
            asked = "k8s_attributes" in pipeline.get("processors", [])
            assert asked == ("otlp" in pipeline["receivers"]), name
    assert "k8s_attributes" not in configuration("cluster", EVERYTHING)["processors"]


def test_a_dollar_that_is_no_variable_is_doubled() -> None:
    for collector in COLLECTORS:
        for file in collector_files(collector, EVERYTHING):
            text = file.read_text().replace("$$", "").replace("${env:", "")
            assert "$" not in text, file.name


def test_labels_of_kube_state_metrics_win_over_the_scrapers() -> None:
    assert jobs("cluster", SMALL)["kube-state-metrics"]["honor_labels"] is True


def test_each_collector_answers_for_itself() -> None:
    for collector, job in zip(COLLECTORS, ("otel-agent", "otel-cluster"), strict=True):
        config = configuration(collector, SMALL)
        assert config["extensions"]["health_check"]["endpoint"] == "0.0.0.0:13133"
        (reader,) = config["service"]["telemetry"]["metrics"]["readers"]
        assert reader["pull"]["exporter"]["prometheus"] == {"host": "0.0.0.0", "port": 8888}
        assert jobs(collector, SMALL)[job]["static_configs"][0]["targets"] == ["${env:POD_IP}:8888"]
