"""Runs the emulated providers, and the program, as gRPC servers on this machine's loopback.

The engine attaches to them (`PULUMI_DEBUG_PROVIDERS`, `PULUMI_DEBUG_LANGUAGES`) instead of starting plug-ins.
"""

from collections.abc import Iterator, Sequence
from concurrent import futures
from contextlib import ExitStack, contextmanager
from importlib import metadata

import grpc
from pulumi.runtime.proto import language_pb2_grpc, provider_pb2_grpc

from offline.checks.account.refusals import account_check
from offline.checks.deletion.refusals import deletion_check
from offline.cluster import Cluster
from offline.program import InlineProgram
from offline.providers.aws.inventory import Inventory
from offline.providers.aws.provider import AwsProvider
from offline.providers.base import EmulatedProvider
from offline.providers.channels import SERVER_OPTIONS
from offline.providers.eks.provider import EksProvider
from offline.providers.kubernetes.provider import KubernetesProvider
from offline.providers.language_host import LanguageHost, abandoned_coroutines_closed_quietly
from offline.providers.resource import Check

PACKAGES = ("aws", "eks", "kubernetes")

_THREADS = 32


def installed_versions() -> dict[str, str]:
    """Versions of the installed provider packages, which are the plug-in versions that programs ask for."""
    return {package: metadata.version(f"pulumi-{package}") for package in PACKAGES}


def providers(
    checks: Sequence[Check], inventory: Inventory | None, rehearses: bool = False, cluster: Cluster | None = None
) -> dict[str, EmulatedProvider]:
    """A fresh provider for each package, whose resources pass the checks, over what exists already."""
    versions = installed_versions()
    deletion_checks = [] if inventory is None else [deletion_check(inventory)]
    account_checks = [] if inventory is None else [account_check(inventory)]
    volumes = None if inventory is None else inventory.volumes
    memory = None if inventory is None else inventory.memory
    fresh: dict[str, EmulatedProvider] = {
        "aws": AwsProvider(versions["aws"], checks, deletion_checks, account_checks, inventory, cluster=cluster),
        "eks": EksProvider(versions["eks"], versions),
        "kubernetes": KubernetesProvider(versions["kubernetes"], checks, volumes, memory),
    }
    for provider in fresh.values():
        provider.rehearses = rehearses
    return fresh


@contextmanager
def serve(
    program: InlineProgram,
    checks: Sequence[Check] = (),
    inventory: Inventory | None = None,
    rehearses: bool = False,
    cluster: Cluster | None = None,
) -> Iterator[dict[str, str]]:
    """Serve all providers and the program while the context lasts.

    Args:
        program: what the engine runs.
        checks: asked about every resource before it is made or changed, previews included.
        inventory: what exists of AWS; without it no deletion is judged, nor what stands in the way of a creation.
        rehearses: whether previews are answered as the update will be.
        cluster: where Kubernetes really runs; its provider takes the objects then, but for a rehearsal's.

    Yields the variables that make the engine use them instead of plug-ins of its own.
    """
    with ExitStack() as servers:
        servers.enter_context(abandoned_coroutines_closed_quietly())
        ports: dict[str, int] = {}
        served = providers(checks, inventory, rehearses, cluster)
        if cluster is not None and not rehearses:
            del served["kubernetes"]
            ports["kubernetes"] = servers.enter_context(cluster.provider())
        for package, provider in served.items():
            server = servers.enter_context(_server())
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
            ports[package] = _start(server)
        server = servers.enter_context(_server())
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(program), server)
        yield {
            "PULUMI_DEBUG_LANGUAGES": f"python:{_start(server)}",
            "PULUMI_DEBUG_PROVIDERS": ",".join(f"{package}:{port}" for package, port in ports.items()),
        }


@contextmanager
def _server() -> Iterator[grpc.Server]:
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=SERVER_OPTIONS)
    try:
        yield server
    finally:
        server.stop(grace=None).wait()


def _start(server: grpc.Server) -> int:
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return port
