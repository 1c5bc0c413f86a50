"""The collectors' configuration, merged as the program merges it."""

from typing import Any

import pytest
import yaml

from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import collector_files
from tests.components.monitoring.environment import (
    DAEMON_SET,
    DEPLOYMENT,
    SHAPES,
    STATEFUL_SET,
    WORKSPACE_URL,
    build,
)
from tests.components.workloads.pods import containers, variables

KINDS = ("receivers", "processors", "exporters", "connectors", "extensions")
# Components of the contrib release of the pinned version, by the type in their metadata.yaml.
TYPES = {
    "prometheus",
    "otlp",
    "memory_limiter",
    "k8s_attributes",
    "batch",
    "prometheus_remote_write",
    "forward",
    "health_check",
    "sigv4auth",
}


def merge(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Maps are merged key by key, all else is replaced: the collector's own rule for several files."""
    merged = dict(left)
    for key, value in right.items():
        both_maps = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if both_maps else value
    return merged


def configuration(first: str, settings: MonitoringSettings) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for file in collector_files(first, settings):
        merged = merge(merged, yaml.safe_load(file.read_text()))
    return merged


def jobs(first: str) -> dict[str, dict[str, Any]]:
    scraped = configuration(first, SHAPES["small"])["receivers"]["prometheus"]["config"]["scrape_configs"]
    assert len({each["job_name"] for each in scraped}) == len(scraped)
    return {each["job_name"]: each for each in scraped}


@pytest.fixture(params=[(first, shape) for first in ("agent", "cluster") for shape in SHAPES], ids="-".join)
def config(request: pytest.FixtureRequest) -> dict[str, Any]:
    first, shape = request.param
    return configuration(first, SHAPES[shape])


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
    for name, pipeline in config["service"]["pipelines"].items():
        processors = pipeline["processors"]
        if "forward/stores" in pipeline["exporters"]:
            assert processors[0] == "memory_limiter", name
        else:
            assert pipeline["receivers"] == ["forward/stores"], name
            assert processors[-1].startswith("batch/"), name


def test_every_exporter_keeps_names_and_tells_the_cluster(config: dict[str, Any]) -> None:
    for exporter in config["exporters"].values():
        assert exporter["translation_strategy"] == "UnderscoreEscapingWithoutSuffixes"
        assert exporter["external_labels"] == {"cluster": "${env:CLUSTER_NAME}"}
        assert exporter["remote_write_queue"]["enabled"] is True
        assert exporter["retry_on_failure"]["enabled"] is True


@pytest.mark.parametrize("shape", SHAPES)
def test_each_store_gets_every_sample_once(shape: str) -> None:
    recorded = build(SHAPES[shape])
    prometheus = recorded.named(STATEFUL_SET, "prometheus").inputs["spec"]
    replicas = {
        f"http://prometheus-{index}.{prometheus['serviceName']}.monitoring.svc:9090/api/v1/write"
        for index in range(int(prometheus["replicas"]))
    }
    managed = {f"{WORKSPACE_URL}api/v1/remote_write"} if SHAPES[shape].storage == "amazon-managed" else set()
    for first, kind in (("agent", DAEMON_SET), ("cluster", DEPLOYMENT)):
        values = variables(containers(recorded.only(kind))[0])
        exporters = configuration(first, SHAPES[shape])["exporters"].values()
        endpoints = [values[each["endpoint"].removeprefix("${env:").removesuffix("}")] for each in exporters]
        assert len(endpoints) == len(set(endpoints))
        assert set(endpoints) == replicas | managed


@pytest.mark.parametrize("first", ["agent", "cluster"])
def test_samples_for_amazon_are_signed_and_others_are_not(first: str) -> None:
    config = configuration(first, SHAPES["large"])
    for name, exporter in config["exporters"].items():
        signed = exporter.get("auth", {}).get("authenticator")
        assert signed == ("sigv4auth" if name.endswith("amazon-managed") else None)
    assert config["extensions"]["sigv4auth"] == {"region": "${env:AWS_REGION}", "service": "aps"}
    assert "health_check" in config["service"]["extensions"]


def test_no_source_is_scraped_by_both_collectors() -> None:
    assert not jobs("agent").keys() & jobs("cluster").keys()


def test_the_node_collector_scrapes_its_own_node_alone() -> None:
    for name, job in jobs("agent").items():
        for static in job.get("static_configs", []):
            for target in static["targets"]:
                assert target.startswith(("${env:NODE_IP}:", "${env:POD_IP}:")), name
            assert static["labels"]["node"] == "${env:NODE_NAME}", name
        for discovery in job.get("kubernetes_sd_configs", []):
            for selector in discovery["selectors"]:
                assert selector["field"] == "spec.nodeName=${env:NODE_NAME}", name


def test_the_node_collector_watches_its_own_nodes_pods_alone() -> None:
    config = configuration("agent", SHAPES["small"])
    assert config["processors"]["k8s_attributes"]["filter"] == {"node_from_env_var": "NODE_NAME"}


def test_a_dollar_that_is_no_variable_is_doubled() -> None:
    for first in ("agent", "cluster"):
        for file in collector_files(first, SHAPES["large"]):
            text = file.read_text().replace("$$", "").replace("${env:", "")
            assert "$" not in text, file.name


def test_labels_of_kube_state_metrics_win_over_the_scrapers() -> None:
    assert jobs("cluster")["kube-state-metrics"]["honor_labels"] is True


def test_each_collector_answers_for_itself() -> None:
    for first, job in (("agent", "otel-agent"), ("cluster", "otel-cluster")):
        config = configuration(first, SHAPES["small"])
        assert config["extensions"]["health_check"]["endpoint"] == "0.0.0.0:13133"
        (reader,) = config["service"]["telemetry"]["metrics"]["readers"]
        assert reader["pull"]["exporter"]["prometheus"] == {"host": "0.0.0.0", "port": 8888}
        assert jobs(first)[job]["static_configs"][0]["targets"] == ["${env:POD_IP}:8888"]
