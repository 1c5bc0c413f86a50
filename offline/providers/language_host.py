"""A Python language host that the engine attaches to.

A CLI that is built from its published modules has no `pulumi-language-python` beside it: that program's module is not
published. The engine can instead attach to a running host (`PULUMI_DEBUG_LANGUAGES`), and the SDK's Automation API
holds one that runs a function. This one runs the project's `__main__.py`, from the files, for every run.

Leaves out everything but running: plug-in discovery, code generation, installation of dependencies.

Source: pulumi/pulumi, proto/pulumi/language.proto.
"""

import gc
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from google.protobuf import empty_pb2
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import engine_pb2, language_pb2
from pulumi.runtime.settings import SETTINGS

from offline.program import InlineProgram
from offline.providers.channels import keep_connections_of_programs_apart


class LanguageHost(LanguageServer):
    """Runs one project's program, one run at a time.

    Args:
        program: the project's.
    """

    def __init__(self, program: InlineProgram) -> None:
        self._inline = program
        self._engine_address = ""
        keep_connections_of_programs_apart()
        super().__init__(self._without_debug_messages)

    def Handshake(self, request: Any, context: Any) -> Any:
        """Take note of the engine that attaches; there is nothing to negotiate."""
        self._engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def Cancel(self, request: Any, context: Any) -> Any:
        """Nothing to end: the program ends when the engine no longer answers it."""
        return empty_pb2.Empty()

    def Run(self, request: Any, context: Any) -> Any:
        """Run the program against the engine that asks."""
        if not request.args:
            # The SDK looks there for the engine that its log goes to; an engine that attaches does not send it.
            request.args.append(self._engine_address)
        with self._inline.imports():
            response = self._run(request, context)
        if response.error:
            self._inline.note(response.error)
        return response

    def _without_debug_messages(self) -> None:
        # The SDK waits for the engine to take each of them, several for a resource, and nobody reads them here.
        settings: Any = SETTINGS
        settings.engine = _WithoutDebugMessages(settings.engine)
        self._inline()

    def _run(self, request: Any, context: Any) -> Any:
        try:
            return super().Run(request, context)
        except Exception as error:  # the SDK's own clearing up after a program that failed can fail in turn
            return language_pb2.RunResponse(error=f"the program failed: {error}")


class _WithoutDebugMessages:
    """The engine, as the SDK knows it, but for messages that are for those who debug the SDK."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def Log(self, request: Any) -> Any:
        return self._engine.Log(request) if request.severity != engine_pb2.DEBUG else empty_pb2.Empty()


@contextmanager
def abandoned_coroutines_closed_quietly() -> Iterator[None]:
    """Close what the SDK leaves suspended when a program or one of its resources fails, before the context ends.

    Closing those coroutines outside their event loop raises; that says nothing new, and would surface in whatever
    code the collector happens to interrupt.
    """
    hook = sys.unraisablehook
    sys.unraisablehook = lambda raised: None if inspect.iscoroutine(raised.object) else hook(raised)
    try:
        yield
    except BaseException:
        # What ended well has left none, and to look through all that the SDKs have loaded takes a second.
        gc.collect()
        raise
    finally:
        sys.unraisablehook = hook
