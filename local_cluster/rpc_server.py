"""A gRPC service on a socket of this machine, which tells its callers in words what went wrong."""

import subprocess
from collections.abc import Callable, Mapping
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc

# What answers, and what it is asked with, by the name of the call.
Handlers = Mapping[str, tuple[type[Any], Callable[[Any], Any]]]


def serve(socket: Path, service: str, handlers: Handlers) -> grpc.Server:
    """Answer calls of one service on a socket; what a killed server left there is in nobody's way."""
    socket.parent.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    server = grpc.server(futures.ThreadPoolExecutor(4))
    methods = {name: _method(asked, answer) for name, (asked, answer) in handlers.items()}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service, methods)])
    server.add_insecure_port(f"unix://{socket}")
    server.start()
    return server


def _method(asked: type[Any], answer: Callable[[Any], Any]) -> Any:
    def answered(request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return answer(request)
        except ValueError as problem:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(problem))
        except (OSError, subprocess.CalledProcessError) as problem:
            detail = getattr(problem, "stderr", "") or ""
            context.abort(grpc.StatusCode.INTERNAL, f"{problem} {detail}".strip())

    def written(made: Any) -> bytes:
        return made.SerializeToString()

    return grpc.unary_unary_rpc_method_handler(
        answered, request_deserializer=asked.FromString, response_serializer=written
    )
