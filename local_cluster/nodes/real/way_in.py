"""The way into a cluster's network namespace: what listens outside is answered inside.

A socket belongs to the namespace in which it was made, so one that was opened before the cluster took its own goes on
listening on this machine's loopback. This process inherits it, and passes each connection on.
"""

import argparse
import asyncio
import socket

from local_cluster.network import LOOPBACK
from local_cluster.process import Process
from local_cluster.python_process import environment, python_module

_BLOCK_BYTES = 1 << 16


def way_in(listener: int, port: int) -> Process:
    """The process.

    Args:
        listener: number of the inherited socket.
        port: where connections go, on loopback inside.
    """
    command = python_module("local_cluster.nodes.real.way_in", "--listener", str(listener), "--port", str(port))
    return Process("way-in", command, environment=environment(), inherited=(listener,))


async def serve(listener: socket.socket, port: int) -> None:
    """Pass connections on for ever."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            # Nobody listens inside yet, or any more; to whoever asks it is a connection that ends.
            writer.close()
            return
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        inner_writer.close()
        writer.close()

    server = await asyncio.start_server(connect, sock=listener)
    await server.serve_forever()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes in one direction, and its end."""
    try:
        while block := await reader.read(_BLOCK_BYTES):
            writer.write(block)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()


def main() -> None:
    """Pass connections on until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listener", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(serve(socket.socket(fileno=options.listener), options.port))


if __name__ == "__main__":
    main()
