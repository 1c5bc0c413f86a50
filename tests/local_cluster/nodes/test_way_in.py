"""What connects outside talks to whoever listens inside, until either says that it has said everything."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from local_cluster.nodes.real.way_in import serve

HERE = "127.0.0.1"
PATIENCE_SECONDS = 10.0
# More than any buffer on the way holds.
LARGE = b"x" * (4 << 20)

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def way_to(port: int) -> AsyncIterator[int]:
    """A way to a port inside; yields the port outside."""
    listener = socket.create_server((HERE, 0))
    task = asyncio.create_task(serve(listener, port))
    try:
        yield listener.getsockname()[1]
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def connected(answer: Serve) -> AsyncIterator[Streams]:
    """A connection from outside to a server inside."""
    inside = await asyncio.start_server(answer, HERE, 0)
    async with inside, way_to(inside.sockets[0].getsockname()[1]) as port:
        reader, writer = await asyncio.open_connection(HERE, port)
        yield reader, writer
        writer.close()


def run(scene: Callable[[], Awaitable[None]]) -> None:
    """Play a scene, and fail where it hangs."""

    async def patiently() -> None:
        await asyncio.wait_for(scene(), PATIENCE_SECONDS)

    asyncio.run(patiently())


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(1 << 16):
        writer.write(block)
        await writer.drain()
    writer.close()


async def answer_at_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    asked = await reader.read()
    writer.write(b"you said " + asked)
    writer.close()


def test_bytes_go_both_ways_while_the_connection_stands() -> None:
    async def scene() -> None:
        async with connected(echo) as (reader, writer):
            for words in (b"first", b"second"):
                writer.write(words)
                assert await reader.readexactly(len(words)) == words

    run(scene)


def test_much_goes_both_ways_at_once() -> None:
    async def scene() -> None:
        async with connected(echo) as (reader, writer):
            writer.write(LARGE)
            assert await reader.readexactly(len(LARGE)) == LARGE

    run(scene)


def test_an_end_in_one_direction_leaves_the_other_open() -> None:
    async def scene() -> None:
        async with connected(answer_at_the_end) as (reader, writer):
            writer.write(b"everything")
            writer.write_eof()
            assert await reader.read() == b"you said everything"

    run(scene)


def test_where_nobody_listens_inside_a_connection_ends_and_the_next_is_taken() -> None:
    async def scene() -> None:
        with socket.create_server((HERE, 0)) as free:
            port_inside = free.getsockname()[1]
        async with way_to(port_inside) as port:
            reader, writer = await asyncio.open_connection(HERE, port)
            assert await reader.read() == b""
            writer.close()
            async with await asyncio.start_server(echo, HERE, port_inside):
                reader, writer = await asyncio.open_connection(HERE, port)
                writer.write(b"later")
                assert await reader.readexactly(5) == b"later"
                writer.close()

    run(scene)


def test_a_connection_that_is_broken_inside_ends_outside_and_harms_no_other() -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readexactly(5)
        if asked == b"break":
            writer.transport.abort()
        else:
            writer.write(asked)

    async def scene() -> None:
        inside = await asyncio.start_server(break_off, HERE, 0)
        async with inside, way_to(inside.sockets[0].getsockname()[1]) as port:
            reader, writer = await asyncio.open_connection(HERE, port)
            writer.write(b"break")
            with suppress(ConnectionResetError):
                assert await reader.read() == b""
            writer.close()
            reader, writer = await asyncio.open_connection(HERE, port)
            writer.write(b"again")
            assert await reader.readexactly(5) == b"again"
            writer.close()

    run(scene)
