"""Scenarios in which something breaks: the agent is killed, S3 or the kubelet fail."""

import random
import threading
import time
from collections.abc import Callable

from tests.logging.ledger import Outcome
from tests.logging.node import Container
from tests.logging.world import TRACE, World, filler


def killed(world: World) -> Outcome:
    """kill -9 three times while lines, traces and lines of 48 KB are written."""
    writers = world.fleet()
    for _ in range(3):
        world.agent.start()
        for source, container in writers:
            container.write(world.ledger.group(source, TRACE))
            container.write([world.ledger.line(source, filler(48_000))])
        world.write(writers, world.seconds / 3)
        world.agent.kill()
    world.agent.start()
    return world.settle()


def killed_between_pieces(world: World) -> Outcome:
    """kill -9 after the first pieces of lines of 48 KB have been read, and before their last are written."""
    writers = world.fleet()
    for _ in range(3):
        world.agent.start()
        _write_half_and_kill(world, writers)
    world.agent.start()
    return world.settle()


def _write_half_and_kill(world: World, writers: list[tuple[str, Container]]) -> None:
    written = threading.Barrier(len(writers) + 1)

    def write(container: Container, line: bytes) -> None:
        container.write([line], pause=written.wait)

    lines = [(container, world.ledger.line(source, filler(48_000))) for source, container in writers]
    threads = [threading.Thread(target=write, args=each) for each in lines]
    for thread in threads:
        thread.start()
    # One wait for each of a line's first two pieces.
    written.wait()
    time.sleep(5)
    world.agent.kill()
    written.wait()
    for thread in threads:
        thread.join()


def killed_in_a_backlog(world: World) -> Outcome:
    """kill -9 again and again while a backlog of long and short lines is read."""
    for source, container in world.fleet():
        for _ in range(min(world.seconds * 4, 60)):
            container.write([world.ledger.line(source, filler(size)) for size in (200, 40_000, 200, 20_000)])
    for _ in range(6):
        world.agent.start()
        time.sleep(random.uniform(0.2, 0.8))
        world.agent.kill()
    world.agent.start()
    return world.settle()


def rotated_while_down(world: World) -> Outcome:
    """Files are rotated while no agent runs, with lines in them that nobody has read."""
    writers = world.fleet()
    for _ in range(3):
        world.agent.start()
        world.write(writers, 3)
        world.agent.kill()
        world.write(writers, 1)
        for _, container in writers:
            container.rotate()
        world.write(writers, 1)
    world.agent.start()
    return world.settle()


def refused(world: World) -> Outcome:
    """S3 refuses connections."""
    return _outage(world, lambda: world.storage.set("refused"))


def slow_down(world: World) -> Outcome:
    """S3 answers 503 Slow Down."""
    return _outage(world, lambda: world.storage.set("slow-down"))


def killed_in_an_outage(world: World) -> Outcome:
    """kill -9 while S3 refuses connections."""

    def begin() -> None:
        world.storage.set("refused")
        world.agent.kill()
        world.agent.start()

    return _outage(world, begin)


def _outage(world: World, begin: Callable[[], None]) -> Outcome:
    world.agent.start()
    writers = world.fleet()
    world.write(writers, 5)
    begin()
    world.write(writers, max(world.seconds, 10))
    world.storage.set("none")
    world.write(writers, 5)
    return world.settle()


def without_metadata(world: World) -> Outcome:
    """The kubelet fails: Spark lines go under spark-unlabelled."""
    world.kubelet.broken = True
    world.agent.start()
    writers = [world.spark(f"spark-{each:032x}", "driver", f"job{each}-driver", labels=False) for each in range(3)]
    world.write(writers, world.seconds)
    return world.settle()


def terminated(world: World) -> Outcome:
    """SIGTERM: what was read is uploaded before the agent ends."""
    world.agent.start()
    writers = world.fleet()
    world.write(writers, world.seconds)
    time.sleep(3)
    world.agent.terminate()
    return world.ledger.count(world.storage.objects())
