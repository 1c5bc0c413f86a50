"""Scenarios of lines that come in every shape and from every kind of file, with nothing broken."""

import time

from tests.logging.ledger import Outcome
from tests.logging.node import Container
from tests.logging.world import TRACE, World, filler


def steady(world: World) -> Outcome:
    """All writers write."""
    world.agent.start()
    world.write(world.fleet(), world.seconds)
    return world.settle()


def rotation(world: World) -> Outcome:
    """Every file is rotated every second."""
    world.agent.start()
    writers = world.fleet()

    def rotate() -> None:
        for _, container in writers:
            container.rotate()

    world.write(writers, world.seconds, every=rotate)
    return world.settle()


def traces(world: World) -> Outcome:
    """Stack traces among other lines; all lines of one must be in one object, in order."""
    world.agent.start()
    writers = world.fleet()
    for _ in range(world.seconds * 2):
        for source, container in writers:
            container.write([world.ledger.line(source, filler(200))])
            container.write(world.ledger.group(source, TRACE))
        time.sleep(0.5)
    return world.settle()


# What could be taken for something else than text of a line.
ODD = (
    b"2026-11-23T07:00:00.000000000Z stdout F a line of a line",
    b"2031-01-01T00:00:00.000000000Z stderr P",
    b'{"timestamp":"2031-01-01T00:00:00.000Z","log":"of another agent"}',
    b"50%\r100%",
    "line\u2028paragraph\u2029next\x85feed\x0b\x0c\x1c".encode(),
    b"\xff\xfe no UTF-8 \xe2\x82",
    b"ends in the sign of a piece\x1f",
    b"\x1f\x1f",
)


def long_lines(world: World) -> Outcome:
    """Lines of 16 KiB and less a byte, of 48 KB and 1 MB, cut inside a character too, odd ones, empty ones."""
    world.agent.start()
    for source, container in world.fleet():
        enter = world.ledger.line
        for size in (16384 - 8, 16384, 16390, 48_000, 1_000_000):
            container.write([enter(source, filler(size)), enter(source, b"after")])
        container.write([enter(source, b"a\0b", stored=b"a\xef\xbf\xbdb"), enter(source, b"after a NUL")])
        container.write([b"", enter(source, b"after an empty line")])
        # Of three bytes each: whatever the length of the mark, two of these are cut inside a character.
        container.write([enter(source, b"x" * before + "\u2713".encode() * 16_384) for before in range(3)])
        container.write([line for text in ODD for line in (enter(source, text), enter(source, b"after it"))])
    return world.settle()


def deleted(world: World) -> Outcome:
    """Pods that live for three seconds and are deleted, logs and all, half a second after their last line."""
    world.agent.start()
    for number in range(max(3, world.seconds // 4)):
        writers = [world.spark(f"spark-{number:032x}", "executor", f"job{number}-exec-{each}") for each in range(4)]
        world.write(writers, 3)
        time.sleep(0.5)
        for _, container in writers:
            container.delete()
    return world.settle()


def own_names(world: World) -> Outcome:
    """Containers that a pod template names, with sidecars, and one of Spark's name in a pod that is not Spark's."""
    world.agent.start()
    writers: list[tuple[str, Container]] = []
    for number in range(3):
        application = f"spark-{number:032x}"
        driver = world.spark(application, "driver", f"job{number}-driver", name="main-app")
        executor = world.spark(application, "executor", f"job{number}-exec-1")
        writers += [driver, executor, *(world.sidecar(each, "vault-agent") for each in (driver, executor))]
    writers += [world.system("etl-driver", "spark-kubernetes-driver", "team-ads"), world.system("vault-agent-injector")]
    for _ in range(3):
        for source, container in writers:
            container.write([world.ledger.line(source, filler(48_000))])
        world.write(writers, world.seconds / 3)
    return world.settle()


def odd_names(world: World) -> Outcome:
    """Dots and great lengths in names, one id in two namespaces, a retried driver of the same name and another id."""
    world.agent.start()
    writers = [
        world.spark("spark-" + "a" * 32, "driver", "etl.daily.v1.2-driver"),
        world.spark("spark-" + "b" * 32, "driver", "etl.daily.v1.3-driver"),
        world.spark("spark-" + "c" * 32, "executor", "x" * 200),
        world.spark("spark-application-1700000000000", "driver", "client.mode"),
        # The same id and pod of another team, and the longest name that a namespace may have.
        world.spark("spark-application-1700000000000", "driver", "client.mode", namespace="spark-analytics-batch"),
        world.spark("spark-" + "f" * 32, "executor", "exec-1", namespace="spark-" + "z" * 57),
        world.system("web.v1.2", namespace="ingress"),
        world.system("y" * 180),
    ]
    world.write(writers, 4)
    first = world.spark("spark-" + "d" * 32, "driver", "retried-driver")
    world.write([first], 3)
    first[1].start_again()
    world.write([first], 3)
    world.containers.remove(first[1])
    second = world.spark("spark-" + "e" * 32, "driver", "retried-driver")
    world.write([second, first], 3)
    first[1].delete()
    world.write([second], 2)
    return world.settle()
