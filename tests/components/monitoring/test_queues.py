"""What waits while a store is away: on disk, within bounds, until the store takes it or refuses it for good."""

from typing import Any

import pytest

from components.monitoring.collector_manifests import FEATURE_GATES
from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import Collector, queue_volume_mib
from tests.components.monitoring.collector_config import COLLECTORS, LOOPBACK, REMOTE_WRITE, configuration
from tests.components.monitoring.environment import DAEMON_SET, DEPLOYMENT, EVERYTHING, SHAPES, build
from tests.components.workloads.pods import containers, mebibytes, pod, variables

WORKLOADS: tuple[tuple[Collector, str, str], ...] = (
    ("agent", DAEMON_SET, "collectors-agent"),
    ("cluster", DEPLOYMENT, "collectors-cluster"),
)


@pytest.fixture(params=[(collector, shape) for collector in COLLECTORS for shape in SHAPES], ids="-".join)
def config(request: pytest.FixtureRequest) -> dict[str, Any]:
    collector, shape = request.param
    return configuration(collector, SHAPES[shape])


def test_every_queue_is_on_disk_and_bounded_in_bytes(config: dict[str, Any]) -> None:
    queued = [each for name, each in config["exporters"].items() if not name.startswith(REMOTE_WRITE)]
    assert queued
    for exporter in queued:
        queue = exporter["sending_queue"]
        assert queue["storage"] == "file_storage"
        assert queue["sizer"] == "bytes"
        assert queue["queue_size"] == "${env:QUEUE_BYTES}"
        assert exporter["retry_on_failure"]["max_elapsed_time"] == "0s", "it gives up while the store is away"


def test_samples_leave_each_queue_in_order(config: dict[str, Any]) -> None:
    for name, exporter in config["exporters"].items():
        if name.startswith(LOOPBACK):
            assert exporter["sending_queue"]["num_consumers"] == 1, name


def test_remote_write_holds_nothing_itself_and_answers_for_each_batch(config: dict[str, Any]) -> None:
    for name, exporter in config["exporters"].items():
        if name.startswith(REMOTE_WRITE):
            assert exporter["remote_write_queue"] == {"enabled": False}, name
            assert exporter["retry_on_failure"] == {"enabled": False}, name
            assert "wal" not in exporter, "it tries a batch that the store refuses for ever"


def test_batches_come_back_from_disk_over_the_loopback_interface_alone(config: dict[str, Any]) -> None:
    listening = []
    for name, exporter in config["exporters"].items():
        if name.startswith(LOOPBACK):
            store = name.removeprefix(LOOPBACK)
            endpoint = exporter["endpoint"]
            assert endpoint.startswith("127.0.0.1:")
            protocols = config["receivers"][f"otlp/{store}"]["protocols"]
            assert {key: each["endpoint"] for key, each in protocols.items()} == {"grpc": endpoint}
            assert config["service"]["pipelines"][f"metrics/{store}-from-disk"] == {
                "receivers": [f"otlp/{store}"],
                "exporters": [f"{REMOTE_WRITE}{store}"],
            }
            # The sender waits longer than the request that it waits for may take.
            remote_write = config["exporters"][f"{REMOTE_WRITE}{store}"]
            assert _seconds(exporter["timeout"]) > _seconds(remote_write["timeout"])
            listening.append(endpoint)
    assert listening
    assert len(set(listening)) == len(listening)


def _seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_volume_holds_every_queue_twice_and_the_directory_is_on_it(shape: str) -> None:
    recorded = build(SHAPES[shape])
    for collector, kind, name in WORKLOADS:
        workload = recorded.named(kind, name)
        (container,) = containers(workload)
        values = variables(container)
        queued = [
            each
            for exporter, each in configuration(collector, SHAPES[shape])["exporters"].items()
            if "sending_queue" in each
            # Traces and logs share an exporter's name and have a queue each.
            for _ in range(2 if exporter.startswith("otlp_http/") else 1)
        ]
        volume = next(each for each in pod(workload)["volumes"] if each["name"] == "queues")
        size = mebibytes(volume["emptyDir"]["sizeLimit"])
        assert size * 1024 * 1024 == 2 * len(queued) * int(values["QUEUE_BYTES"])
        mounted = next(each for each in container["volumeMounts"] if each["name"] == "queues")
        assert values["QUEUE_DIRECTORY"] == mounted["mountPath"]
        assert not mounted.get("readOnly")


def test_queue_sizes_come_from_settings() -> None:
    settings = MonitoringSettings(agent_queue_mib=32, cluster_queue_mib=512)
    assert queue_volume_mib("agent", settings) == 3 * 2 * 32
    recorded = build(settings)
    sizes = [variables(containers(recorded.named(kind, name))[0])["QUEUE_BYTES"] for _, kind, name in WORKLOADS]
    assert sizes == [str(32 * 1024 * 1024), str(512 * 1024 * 1024)]


def test_a_store_that_has_too_much_to_do_is_asked_again() -> None:
    recorded = build(EVERYTHING)
    for _, kind, name in WORKLOADS:
        assert FEATURE_GATES in containers(recorded.named(kind, name))[0]["args"]
    assert FEATURE_GATES.endswith("RetryOn429")


@pytest.mark.parametrize("collector", COLLECTORS)
def test_a_file_that_a_crash_broke_keeps_no_collector_from_starting(collector: Any) -> None:
    storage = configuration(collector, EVERYTHING)["extensions"]["file_storage"]
    assert storage["recreate"] is True
    assert storage["compaction"]["directory"] == storage["directory"] == "${env:QUEUE_DIRECTORY}"
    assert storage["compaction"]["on_rebound"] is True
