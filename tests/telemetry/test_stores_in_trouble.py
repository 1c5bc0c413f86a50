"""What a real collector does with samples while a store is away, overloaded or unwilling, and what leaves it at all."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from local_cluster.ports import free_port
from tests.telemetry.lone_collector import LoneCollector
from tests.telemetry.process import Process, wait_until
from tests.telemetry.rendered import AGENT, CLUSTER, container, render
from tests.telemetry.server import LOOPBACK, Server, send

pytestmark = pytest.mark.verify

SECONDS = 90
QUEUE = "otlp_grpc/replica-0"
AWS = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_EC2_METADATA_DISABLED": "true"}
NOWHERE = {f"PROMETHEUS_{index}_REMOTE_WRITE_URL": f"http://{LOOPBACK}:9/" for index in (0, 1)}
SPAN = {"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "job"}
TRACES = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]})
LOGS = json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {"stringValue": "a line"}}]}]}]})


def metrics(*names: str) -> str:
    """A gauge of each name, as an application sends it."""
    points = [{"asInt": "1", "timeUnixNano": str(time.time_ns())}]
    gauges = [{"name": name, "gauge": {"dataPoints": points}} for name in names]
    return json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": gauges}]}]})


@contextmanager
def store(prometheus: Path, directory: Path, port: int) -> Iterator[Process]:
    """A Prometheus that only takes samples."""
    directory.mkdir(exist_ok=True)
    config = directory / "prometheus.yml"
    config.write_text("storage: {tsdb: {out_of_order_time_window: 2h}}\n")
    command = [
        prometheus,
        f"--config.file={config}",
        f"--storage.tsdb.path={directory}/data",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--web.enable-remote-write-receiver",
    ]
    with Process("prometheus", command, directory, {}, f"http://{LOOPBACK}:{port}/-/ready") as process:
        process.wait_until_ready(SECONDS)
        yield process


def query(port: int, expression: str) -> list[dict[str, Any]]:
    parameters = urllib.parse.urlencode({"query": expression})
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/api/v1/query?{parameters}", timeout=10) as answer:
        return json.load(answer)["data"]["result"]


def test_samples_outlive_a_collector_that_is_killed_while_its_store_is_away(
    collector: Path, prometheus: Path, tmp_path: Path
) -> None:
    port = free_port()
    rendered = container(render("shape-small"), CLUSTER).place_below(tmp_path / "collector")
    address = {"PROMETHEUS_0_REMOTE_WRITE_URL": f"http://{LOOPBACK}:{port}/api/v1/write"}
    program = LoneCollector(collector, rendered, address)
    with program:
        wait_until(
            "samples wait",
            SECONDS,
            lambda: program.metric("otelcol_exporter_queue_size", QUEUE) > 0,
            program.output,
        )
        program.kill()
    killed = time.time()

    def oldest() -> float:
        found = query(port, 'up{job="otel-cluster"}[10m]')
        return min((float(value[0]) for series in found for value in series["values"]), default=killed)

    with store(prometheus, tmp_path / "prometheus", port), program:
        wait_until("samples from before arrive", SECONDS, lambda: oldest() < killed, program.output)


class Unwilling:
    """Answers remote write with each of some statuses, then with success."""

    def __init__(self, *statuses: int) -> None:
        self.left = list(statuses)
        self.server = Server(self._answer)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        send(request, self.left.pop(0) if self.left else 204, "")


@pytest.mark.parametrize(("statuses", "lost"), [((503, 429, 500), False), ((400,), True)], ids=["for-now", "for-good"])
def test_what_a_store_cannot_take_now_is_tried_again_and_what_it_refuses_is_not(
    collector: Path, tmp_path: Path, statuses: tuple[int, ...], lost: bool
) -> None:
    unwilling = Unwilling(*statuses)
    unwilling.server.start()
    rendered = container(render("shape-small"), CLUSTER).place_below(tmp_path)
    address = {"PROMETHEUS_0_REMOTE_WRITE_URL": f"http://{unwilling.server.address}/api/v1/write"}
    try:
        with LoneCollector(collector, rendered, address) as program:
            wait_until(
                "a batch is taken",
                SECONDS,
                lambda: program.metric("otelcol_exporter_sent_metric_points", QUEUE) > 0,
                program.output,
            )
            assert not unwilling.left
            assert (program.metric("otelcol_exporter_send_failed_metric_points", QUEUE) > 0) == lost
    finally:
        unwilling.server.stop()


def test_traces_and_logs_are_refused_where_nobody_stores_them(collector: Path, tmp_path: Path) -> None:
    rendered = container(render("shape-small"), AGENT).place_below(tmp_path)
    with LoneCollector(collector, rendered, NOWHERE) as program:
        assert program.send("traces", TRACES) == 404
        assert program.send("logs", LOGS) == 404
        assert program.send("metrics", metrics("mine")) == 200


@pytest.mark.parametrize(
    ("secrets", "key"), [({"OTLP_HEADERS": '{"x-api-key": "made-up"}'}, "made-up"), ({}, None)], ids=("made", "missing")
)
def test_what_leaves_the_environment_is_what_settings_name_and_a_missing_secret_is_no_header(
    collector: Path, prometheus: Path, tmp_path: Path, secrets: dict[str, str], key: str | None
) -> None:
    received: list[tuple[str, str | None]] = []

    def backend(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        received.append((request.path, request.headers["x-api-key"]))
        send(request, 200, "{}", "application/json")

    otlp, port = Server(backend), free_port()
    otlp.start()
    rendered = container(render("shape-everything"), AGENT).place_below(tmp_path / "collector")
    variables = {
        **AWS,
        **NOWHERE,
        "AMAZON_REMOTE_WRITE_URL": f"http://{LOOPBACK}:9/",
        "EXTERNAL_REMOTE_WRITE_URL": f"http://{LOOPBACK}:{port}/api/v1/write",
        "OTLP_URL": f"http://{otlp.address}",
        **secrets,
    }
    try:
        with (
            store(prometheus, tmp_path / "prometheus", port),
            LoneCollector(collector, rendered, variables) as program,
        ):
            names = ("spark_application_count", "kube_pod_status_phase", "kube_pod_status_phase_of_mine", "up_to_date")
            assert program.send("metrics", metrics(*names)) == 200
            assert program.send("traces", TRACES) == 200
            assert program.send("logs", LOGS) == 200
            wait_until("metrics arrive", SECONDS, lambda: bool(query(port, '{__name__=~".+"}')), program.output)
            wait_until("traces and logs arrive", SECONDS, lambda: len(received) >= 2, program.output)
            # Everything that was sent with them has had its turn when these arrive.
            assert program.send("metrics", metrics("spark_application_last")) == 200
            wait_until("the last arrives", SECONDS, lambda: bool(query(port, "spark_application_last")), program.output)
            arrived = {each["metric"]["__name__"] for each in query(port, '{__name__=~".+"}')}
    finally:
        otlp.stop()
    assert arrived == {"spark_application_count", "kube_pod_status_phase", "spark_application_last"}
    assert set(received) == {("/v1/traces", key), ("/v1/logs", key)}
