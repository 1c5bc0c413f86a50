"""What the program mends of the Pulumi SDK, for a version whose code it knows, and for no other.

When a program has been read, the SDK waits for every output that is outstanding. It asks asyncio about all of them
again each time that one has ended, so the time grows with the square of the resources: a third of a preview of
production. Here each is asked about once. Leaves out everything else of the SDK, which is used as it is.

Source: pulumi/pulumi, sdk/python/lib/pulumi/runtime/stack.py, wait_for_rpcs.
"""

import asyncio
import functools
import hashlib
import inspect
from contextlib import AbstractContextManager
from typing import Any, cast

from pulumi.runtime import stack
from pulumi.runtime.settings import SETTINGS

# Digest of the source of the function that is replaced, in versions that were read: 3.272.
KNOWN = ("c0f9027f85ad09255ded0a1908033b490f76d303a3e40b50d3cf47a69265469d",)


def wait_for_each_output_once() -> None:
    """Have the SDK wait so.

    An SDK whose function reads otherwise than those that are known is left as it is: slower, and right.
    """
    own = inspect.unwrap(stack.wait_for_rpcs)
    if digest_of(own) in KNOWN:
        # Whoever unwraps it finds the SDK's: another run of the program in this process does.
        stack.wait_for_rpcs = functools.wraps(own)(wait_for_rpcs)


def digest_of(function: Any) -> str:
    """Digest of a function's source."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()


async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Wait until no call to the engine and no output is outstanding, those that come meanwhile included.

    Args:
        await_all_outstanding_tasks: whether outputs are waited for, or calls alone.

    Raises:
        Exception: the first that a call or an output ended with.
    """
    # Its attributes belong to the run, by a decorator whose types say nothing.
    settings = cast(Any, SETTINGS)
    calls = settings.rpc_manager
    while True:
        while calls.rpcs:
            # The loop gets to run what was queued before.
            await asyncio.sleep(0)
            try:
                await calls.rpcs.pop()
            except Exception as error:
                if (cause := _cause(calls)) is None:
                    raise
                raise error from cause
        if (cause := _cause(calls)) is not None:
            raise cause
        if await_all_outstanding_tasks:
            await _every_output(settings.outputs, settings.lock)
        if not calls.rpcs:
            return


def _cause(calls: Any) -> BaseException | None:
    failed: BaseException | None = calls.unhandled_exception
    return None if failed is None else failed.with_traceback(calls.exception_traceback)


async def _every_output(outputs: set[asyncio.Future[Any]], lock: AbstractContextManager[bool]) -> None:
    ended: asyncio.Queue[asyncio.Future[Any]] = asyncio.Queue()
    awaited = 0
    while True:
        with lock:
            new = list(outputs)
            outputs.clear()
        for each in new:
            each.add_done_callback(ended.put_nowait)
        awaited += len(new)
        if not awaited:
            return
        await (await ended.get())
        awaited -= 1
