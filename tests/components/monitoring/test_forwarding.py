"""What leaves the environment: chosen metrics, and the traces and log records of applications, each where it is set."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from components.monitoring.destinations import MetricsDestination
from components.monitoring.settings import MonitoringSettings
from tests.components.monitoring.collector_config import COLLECTORS, configuration, expanded, pipelines, routes
from tests.components.monitoring.environment import (
    DAEMON_SET,
    DEPLOYMENT,
    EVERYTHING,
    LARGE,
    SHAPES,
    build,
)
from tests.components.workloads.pods import CONFIG_MAP, containers, variables

URL = "https://metrics.example.com/api/v1/write"


def destination(**changes: Any) -> dict[str, Any]:
    return {"url": URL, "metrics": ["up"], **changes}


def violations(**changes: Any) -> str:
    """What is wrong with a destination, as one text."""
    with pytest.raises(ValidationError) as caught:
        MetricsDestination.model_validate_json(json.dumps(destination(**changes)))
    found = caught.value.errors()
    return "\n".join(
        str(each) for error in found for each in [error["msg"], *error.get("ctx", {}).get("violations", ())]
    )


def allowed(metrics: tuple[str, ...], name: str) -> bool:
    """Whether the filter of the rendered configuration lets a metric leave."""
    settings = MonitoringSettings(forward_to=MetricsDestination(url=URL, metrics=metrics))
    (condition,) = configuration("cluster", settings)["processors"]["filter/external"]["metric_conditions"]
    workload = build(settings).named(DEPLOYMENT, "collectors-cluster")
    text = expanded(condition, variables(containers(workload)[0]))
    parts = re.fullmatch(r'not IsMatch\(metric\.name, "(.*)"\)', text)
    assert parts, text
    return re.search(parts[1], name) is not None


def test_only_metrics_of_the_allow_list_leave_by_their_whole_names() -> None:
    metrics = ("spark_application_.*", "up|ALERTS", "kube_pod_(info|labels)")
    for name in ("spark_application_count", "up", "ALERTS", "kube_pod_labels"):
        assert allowed(metrics, name), name
    for name in ("upside", "my_up", "kube_pod_status_phase", "kube_pod_labels_total", "a_spark_application_count"):
        assert not allowed(metrics, name), name


@pytest.mark.parametrize("collector", COLLECTORS)
def test_every_way_out_passes_the_allow_list_and_no_other_way_does(collector: Any) -> None:
    config = configuration(collector, EVERYTHING)
    for receiver in ("prometheus", "otlp") if collector == "agent" else ("prometheus",):
        for way in routes(config, receiver):
            assert ("filter/external" in way) == (way[-1] == "prometheus_remote_write/external")
    assert config["processors"]["filter/external"]["error_mode"] == "propagate"


def test_headers_come_out_of_secrets_and_reach_no_other_object() -> None:
    recorded = build(EVERYTHING)
    agent, cluster = recorded.only(DAEMON_SET), recorded.named(DEPLOYMENT, "collectors-cluster")
    assert variables(containers(agent)[0])["EXTERNAL_HEADERS"] == "secret statsboard/headers"
    assert variables(containers(agent)[0])["OTLP_HEADERS"] == "secret traces/otlp-headers"
    assert variables(containers(cluster)[0])["EXTERNAL_HEADERS"] == "secret statsboard/headers"
    assert "OTLP_HEADERS" not in variables(containers(cluster)[0])
    assert not recorded.of("kubernetes:core/v1:Secret")
    for workload in (agent, cluster):
        references = [each["valueFrom"] for each in containers(workload)[0]["env"] if "valueFrom" in each]
        secrets = [each["secretKeyRef"] for each in references if "secretKeyRef" in each]
        assert secrets
        assert all(each["optional"] for each in secrets), "the first up makes the namespace they are in"
    for file in recorded.of(CONFIG_MAP):
        assert "statsboard" not in json.dumps(file.inputs)
    for collector in COLLECTORS:
        exporter = configuration(collector, EVERYTHING)["exporters"]["prometheus_remote_write/external"]
        assert exporter["headers"] == "${env:EXTERNAL_HEADERS}"


def test_a_destination_without_a_secret_gets_an_empty_map_of_headers() -> None:
    settings = MonitoringSettings(forward_to=MetricsDestination(url=URL, metrics=("up",)))
    assert variables(containers(build(settings).only(DAEMON_SET))[0])["EXTERNAL_HEADERS"] == "{}"


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "everything"])
def test_nothing_leaves_by_default_and_traces_and_logs_are_not_even_taken(shape: str) -> None:
    for collector in COLLECTORS:
        config = configuration(collector, SHAPES[shape])
        assert not [name for name in config["exporters"] if name.endswith(("external", "traces-and-logs"))]
        assert not pipelines(config, "traces"), "a receiver without a pipeline answers UNIMPLEMENTED"
        assert not pipelines(config, "logs")


@pytest.mark.parametrize("signal", ["traces", "logs"])
def test_traces_and_logs_of_applications_go_to_their_destination_once_and_say_whose_they_are(signal: str) -> None:
    agent = configuration("agent", EVERYTHING)
    ((first, *others),) = routes(agent, "otlp", signal)
    assert first == "memory_limiter"
    assert others == ["k8s_attributes", "batch/traces-and-logs", "otlp_http/traces-and-logs"]
    assert agent["exporters"]["otlp_http/traces-and-logs"]["headers"] == "${env:OTLP_HEADERS}"
    assert variables(containers(build(EVERYTHING).only(DAEMON_SET))[0])["OTLP_URL"] == "https://otlp.example.com"
    assert not pipelines(configuration("cluster", EVERYTHING), signal)


@pytest.mark.parametrize(
    "url",
    [
        "http://metrics.example.com/write",
        "https://user:password@metrics.example.com/write",
        "https://metrics.example.com/write?key=abc",
        "metrics.example.com",
    ],
)
def test_an_address_is_encrypted_and_holds_no_key(url: str) -> None:
    assert "pattern" in violations(url=url)


@pytest.mark.parametrize("pattern", ["^up$", 'up"', "up\\d", "${env:HOME}", "", "up down"])
def test_a_pattern_with_a_sign_that_the_filter_would_take_for_its_own_is_refused(pattern: str) -> None:
    assert "pattern" in violations(metrics=[pattern])


@pytest.mark.parametrize("pattern", ["kube_(pod", "[a", "*up", "(?:up)", "u++"])
def test_a_pattern_that_is_no_regular_expression_of_re2_is_refused(pattern: str) -> None:
    assert "must be a regular expression in the syntax of RE2" in violations(metrics=["up", pattern])
    assert "metrics.1" in violations(metrics=["up", pattern])


def test_the_buckets_of_a_histogram_go_by_its_name() -> None:
    assert "write apiserver_request_duration_seconds" in violations(
        metrics=["apiserver_request_duration_seconds_bucket"]
    )


def test_an_empty_allow_list_is_refused() -> None:
    assert "at least 1 item" in violations(metrics=[])


def test_forwarding_changes_no_other_store() -> None:
    with_it, without = configuration("agent", EVERYTHING), configuration("agent", LARGE)
    for name, exporter in without["exporters"].items():
        assert with_it["exporters"][name] == exporter
