"""A program reaches its engine, whatever became of an engine that had the same port before."""

import contextvars
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, resource_pb2_grpc
from pulumi.runtime.settings import Settings

from offline.engine import OfflineEngine
from offline.providers.eks.registration import Registration
from tests.offline.sample import Sample

Monitor = Callable[[str], Any]


def of_the_sdk(address: str) -> Any:
    """The monitor as the SDK reaches it; its settings are those of the context that it is made in."""

    def monitor() -> Any:
        settings: Any = Settings("sample", "dev", monitor=address)
        return settings.monitor

    return contextvars.copy_context().run(monitor)


def of_a_component(address: str) -> Any:
    return Registration(provider_pb2.ConstructRequest(monitorEndpoint=address), {})._monitor


@contextmanager
def engine_at(address: str) -> Iterator[str]:
    """A monitor that answers with errors of its own; yields where it is."""
    server = grpc.server(futures.ThreadPoolExecutor(1), options=[("grpc.so_reuseport", 0)])
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(resource_pb2_grpc.ResourceMonitorServicer(), server)
    port = server.add_insecure_port(address)
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(grace=None).wait()


def answer_of(monitor: Any) -> grpc.StatusCode:
    with pytest.raises(grpc.RpcError) as refused:
        monitor.GetDeploymentInfo(empty_pb2.Empty())
    code: grpc.StatusCode = refused.value.code()
    return code


@pytest.mark.parametrize("monitor_at", [of_the_sdk, of_a_component])
def test_an_engine_is_reached_at_the_port_of_one_that_has_ended(
    sample: Sample, engine: OfflineEngine, monitor_at: Monitor
) -> None:
    sample.program("")
    engine.preview("dev")
    with engine_at("127.0.0.1:0") as address:
        ended = monitor_at(address)
        assert answer_of(ended) == grpc.StatusCode.UNIMPLEMENTED
    assert answer_of(ended) == grpc.StatusCode.UNAVAILABLE
    with engine_at(address):
        assert answer_of(monitor_at(address)) == grpc.StatusCode.UNIMPLEMENTED
