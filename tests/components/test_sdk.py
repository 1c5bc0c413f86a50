"""What the program mends of the SDK: the same outcome as the SDK's own waiting, with each output asked about once."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from pulumi.runtime import settings, stack
from pulumi.runtime.settings import SETTINGS, Settings

from components import sdk

# Its attributes belong to the run, by a decorator whose types say nothing.
RUN: Any = SETTINGS
Wait = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
def a_run_of_its_own() -> Iterator[None]:
    """Calls and outputs of no other test."""
    before, waiting = settings.SETTINGS, stack.wait_for_rpcs
    settings.configure(Settings(project="p", stack="s"))
    yield
    settings.configure(before)
    stack.wait_for_rpcs = waiting


def own() -> Any:
    return inspect.unwrap(stack.wait_for_rpcs)


def outcome(wait: Wait, program: Callable[[list[str]], Awaitable[None]]) -> list[str]:
    """What happened while a program was waited for, and how that ended."""
    said: list[str] = []

    async def run() -> None:
        settings.configure(Settings(project="p", stack="s"))
        await program(said)
        try:
            await asyncio.wait_for(wait(), 20)
        except Exception as error:
            said.append(f"{type(error).__name__}: {error}, because of {error.__cause__!r}")
        said.append(f"{len(RUN.outputs)} outputs and {len(RUN.rpc_manager.rpcs)} calls are left")
        for each in asyncio.all_tasks() - {asyncio.current_task()}:
            each.cancel()

    asyncio.run(run())
    return said


def tracked(coroutine: Any) -> asyncio.Task[Any]:
    task = asyncio.ensure_future(coroutine)
    RUN.outputs.add(task)
    return task


async def nothing_outstanding(said: list[str]) -> None:
    said.append("read")


async def outputs_that_make_outputs(said: list[str]) -> None:
    async def output(depth: int) -> None:
        await asyncio.sleep(0.001 * depth)
        said.append(f"output {depth}")
        if depth:
            tracked(output(depth - 1))
            RUN.rpc_manager.rpcs.append(call(depth))

    async def call(depth: int) -> None:
        said.append(f"call {depth}")

    tracked(output(3))


async def an_output_that_fails_beside_one_that_never_ends(_said: list[str]) -> None:
    async def fails() -> None:
        await asyncio.sleep(0.001)
        tracked(later())

    async def later() -> None:
        raise ValueError("of an output that came while others were waited for")

    tracked(asyncio.sleep(1000))
    tracked(fails())


async def a_call_that_fails(_said: list[str]) -> None:
    async def call() -> None:
        raise RuntimeError("refused")

    RUN.rpc_manager.rpcs.append(call())


async def a_call_whose_reason_was_kept(said: list[str]) -> None:
    await a_call_that_fails(said)
    RUN.rpc_manager.unhandled_exception = KeyError("why")


async def a_reason_that_was_kept_of_a_call_that_ended(_said: list[str]) -> None:
    RUN.rpc_manager.unhandled_exception = KeyError("why")


PROGRAMS = [
    nothing_outstanding,
    outputs_that_make_outputs,
    an_output_that_fails_beside_one_that_never_ends,
    a_call_that_fails,
    a_call_whose_reason_was_kept,
    a_reason_that_was_kept_of_a_call_that_ended,
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_ends_as_the_sdks_own_waiting_does(program: Any) -> None:
    assert outcome(sdk.wait_for_rpcs, program) == outcome(own(), program)


def test_each_output_is_asked_about_once() -> None:
    asked: list[Any] = []

    class Counted(asyncio.Task[Any]):
        def add_done_callback(self, *arguments: Any, **named: Any) -> None:
            asked.append(self)
            super().add_done_callback(*arguments, **named)

    async def program(_said: list[str]) -> None:
        turns = [asyncio.Event() for _ in range(51)]
        turns[0].set()

        async def one_after_the_other(turn: int) -> None:
            await turns[turn].wait()
            for _ in range(5):
                # Whoever waits gets to see each end by itself.
                await asyncio.sleep(0)
            turns[turn + 1].set()

        for each in range(50):
            RUN.outputs.add(Counted(one_after_the_other(each), loop=asyncio.get_running_loop()))

    assert outcome(own(), program) == ["0 outputs and 0 calls are left"]
    by_the_sdk, asked[:] = len(asked), []
    outcome(sdk.wait_for_rpcs, program)
    assert len(asked) == 50
    assert by_the_sdk > 500


def test_the_sdk_that_is_pinned_is_known() -> None:
    sdk.wait_for_each_output_once()
    assert stack.wait_for_rpcs.__code__ is sdk.wait_for_rpcs.__code__, (
        "the SDK waits otherwise than in versions that were read: read pulumi/runtime/stack.py, hold components/sdk.py "
        f"against it, and add {sdk.digest_of(own())} to KNOWN"
    )


def test_a_second_run_of_the_program_finds_the_sdks_own_again() -> None:
    before = own()
    sdk.wait_for_each_output_once()
    sdk.wait_for_each_output_once()
    assert own() is before
    assert stack.wait_for_rpcs is not before


def test_an_sdk_that_is_not_known_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stack.wait_for_rpcs
    monkeypatch.setattr(sdk, "KNOWN", ("another digest",))
    sdk.wait_for_each_output_once()
    assert stack.wait_for_rpcs is before
