"""What happens to a node while the agent runs, one function a scenario."""

import gzip
import json
import random
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.logging.ledger import Ledger, Outcome
from tests.logging.node import Container
from tests.logging.sandbox import Agent, Sandbox
from tests.logging.servers import ApiServer, Kubelet, Storage

# Long enough for a retry after a fault on a slow machine; counted from the last object that arrived.
PATIENCE_SECONDS = 60
TRACE = [b"java.lang.IllegalStateException: no", *(b"\tat org.apache.spark.Some.method(Some.scala:1)",) * 40]


@dataclass
class World:
    """Everything a scenario can touch.

    Args:
        sandbox: the node's files.
        agent: the log agent.
        events_agent: the one that ships Kubernetes events.
        storage: S3.
        kubelet: the node's kubelet.
        api: the API server.
        seconds: how long writers write, and how long an outage lasts.
        lines_per_second: of all writers together.
    """

    sandbox: Sandbox
    agent: Agent
    events_agent: Agent
    storage: Storage
    kubelet: Kubelet
    api: ApiServer
    seconds: int
    lines_per_second: int
    ledger: Ledger = field(default_factory=Ledger)
    containers: list[Container] = field(default_factory=list[Container])

    def begin(self) -> None:
        """Forget the last scenario."""
        self.storage.set("none")
        self.kubelet.broken = False
        self.sandbox.clean()
        self.storage.empty()
        self.ledger, self.containers = Ledger(), []

    def pods(self) -> list[dict[str, object]]:
        """What the kubelet lists."""
        return [each.description() for each in self.containers]

    def spark(self, application: str, role: str, pod: str, *, labels: bool = True) -> tuple[str, Container]:
        """A driver or executor; its source's name and its container."""
        name = {"spark-app-selector": application, "spark-role": role} if labels else {}
        container = Container(self.sandbox.logs, pod, f"spark-kubernetes-{role}", labels=name)
        self.containers.append(container)
        number = f"s{len(self.ledger.expected)}"
        key = f"^sparks/spark/{application}/{role}/{pod}/[^/]+$" if labels else f"^sparks/spark-unlabelled/{pod}/"
        return self.ledger.source(number, key), container

    def system(self, pod: str, name: str = "main", namespace: str = "kube-system") -> tuple[str, Container]:
        """A pod of another kind."""
        container = Container(self.sandbox.logs, pod, name, namespace)
        self.containers.append(container)
        key = rf"^systems/system/moka-dev/\d{{4}}/\d\d/\d\d/{pod}/{namespace}-{name}-"
        return self.ledger.source(f"p{len(self.ledger.expected)}", key), container

    def fleet(self) -> list[tuple[str, Container]]:
        """Three applications of a driver and two executors, and three system pods."""
        writers: list[tuple[str, Container]] = []
        for number in range(3):
            application = f"spark-{number:032x}"
            writers.append(self.spark(application, "driver", f"job{number}-driver"))
            writers += [self.spark(application, "executor", f"job{number}-exec-{each}") for each in (1, 2)]
        return writers + [self.system(f"coredns-{each}") for each in range(3)]

    def write(self, writers: list[tuple[str, Container]], seconds: float, *, every: Callable[[], None] | None = None):
        """Let writers write for a while, each ten times a second.

        Args:
            writers: sources and containers.
            seconds: how long.
            every: what to do after each second.
        """
        burst = max(1, self.lines_per_second // 10 // len(writers))
        for tick in range(int(seconds * 10)):
            started = time.monotonic()
            for source, container in writers:
                container.write([self.ledger.line(source, filler(200)) for _ in range(burst)])
            if every and tick % 10 == 9:
                every()
            time.sleep(max(0.0, 0.1 - (time.monotonic() - started)))

    def settle(self) -> Outcome:
        """Wait until every line is stored or no more arrive, stop the agent, count."""
        return self.settle_with(self.storage.objects)

    def settle_with(self, stored: Callable[[], dict[str, bytes]]) -> Outcome:
        """The same for objects that are no lines of text.

        Args:
            stored: objects as lines of text.
        """
        arrived, since = -1, time.monotonic()
        while time.monotonic() < since + PATIENCE_SECONDS:
            time.sleep(2)
            if self.storage.arrived != arrived:
                arrived, since = self.storage.arrived, time.monotonic()
                outcome = self.ledger.count(stored())
                if not (outcome.lost or outcome.apart):
                    break
        self.agent.terminate()
        return self.ledger.count(stored())


def filler(size: int) -> bytes:
    """Text of a size, in printable letters."""
    return random.randbytes(size // 2).hex().encode()


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


def long_lines(world: World) -> Outcome:
    """Lines of 16 KiB and less a byte, of 48 KB and 1 MB, lines with a NUL, empty ones, bytes that are no UTF-8."""
    world.agent.start()
    for source, container in world.fleet():
        enter = world.ledger.line
        for size in (16384 - 8, 16384, 16390, 48_000, 1_000_000):
            container.write([enter(source, filler(size)), enter(source, b"after")])
        container.write([enter(source, b"a\0b", stored=b"a\xef\xbf\xbdb"), enter(source, b"after a NUL")])
        container.write([b"", enter(source, b"after an empty line"), enter(source, b"\xff\xfe no UTF-8 \xe2\x82")])
    return world.settle()


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


def terminated(world: World) -> Outcome:
    """SIGTERM: what was read is uploaded before the agent ends."""
    world.agent.start()
    writers = world.fleet()
    world.write(writers, world.seconds)
    time.sleep(3)
    world.agent.terminate()
    return world.ledger.count(world.storage.objects())


def odd_names(world: World) -> Outcome:
    """Dots and great lengths in pod names, and a retried driver of the same name and another application."""
    world.agent.start()
    writers = [
        world.spark("spark-" + "a" * 32, "driver", "etl.daily.v1.2-driver"),
        world.spark("spark-" + "b" * 32, "driver", "etl.daily.v1.3-driver"),
        world.spark("spark-" + "c" * 32, "executor", "x" * 200),
        world.spark("spark-application-1700000000000", "driver", "client.mode"),
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


def event_logs(world: World) -> Outcome:
    """Blocks of open event logs with events up to some megabytes, deleted while others are written."""
    world.agent.start()
    for number in range(3):
        application = f"spark-{number:032x}"
        source = world.ledger.source(f"e{number}", f"^event-logs/fragments/{application}/[^/]+/[^/]+$")
        directory = world.sandbox.logs / "spark-events" / application
        directory.mkdir()
        for block in range(3):
            path = directory / f"s3ablock-000{block}-{number}{block}.tmp"
            with path.open("wb", buffering=0) as file:
                for size in (300, 20_000, 300, 3_000_000, 300):
                    file.write(world.ledger.line(source, filler(size)) + b"\n")
                    time.sleep(0.1)
            if block < 2:
                time.sleep(4)
                path.unlink()
    return world.settle()


def journal(world: World) -> Outcome:
    """Node services' lines from a journal that systemd-journal-remote writes; those of other units stay out."""
    program = "/lib/systemd/systemd-journal-remote"
    if not Path(program).exists():
        raise RuntimeError(f"{program} is missing: install the package systemd-journal-remote")
    directory = world.sandbox.logs / "journal" / ("0f" * 16)
    directory.mkdir()
    source = world.ledger.source("n1", r"^systems/node/moka-dev/\d{4}/\d\d/\d\d/node-1/")
    export = bytearray()
    now = time.time_ns() // 1000
    for number in range(2000):
        unit = ("kubelet.service", "containerd.service", "sshd.service")[number % 3]
        text = world.ledger.line(source, filler(100)) if number % 3 < 2 else b"somebody logged in"
        export += (
            f"__REALTIME_TIMESTAMP={now + number}\n__MONOTONIC_TIMESTAMP={number + 1}\n_BOOT_ID={'0e' * 16}\n"
            f"_MACHINE_ID={'0f' * 16}\n_SYSTEMD_UNIT={unit}\nPRIORITY=6\n_PID=1\nMESSAGE="
        ).encode()
        export += text + b"\n\n"
    subprocess.run([program, f"--output={directory}/system.journal", "-"], input=export, check=True)
    world.agent.start()
    time.sleep(2)
    world.agent.kill()
    world.agent.start()
    stored = _texts_only(world, "message", "sshd.service")
    return world.settle_with(stored)


def usage(world: World) -> Outcome:
    """Application summaries of the YuniKorn scheduler, parsed, beside its log."""
    world.agent.start()
    source, scheduler = world.system("yunikorn-scheduler-5d7c", "yunikorn-scheduler-k8s", "yunikorn")
    for number in range(100):
        scheduler.write(
            [
                world.ledger.line(source, filler(100)),
                world.ledger.line(
                    source,
                    b"2026-11-23T07:00:00.000Z INFO core.scheduler.application.usage YK_APP_SUMMARY: "
                    b"{ApplicationID: spark-%d, SubmissionTime: 1700000000000, StartTime: 1700000001000, "
                    b"FinishTime: 1700000009000, User: ada, Queue: root.ads, State: Completed, RmID: moka, "
                    b"ResourceUsage: TrackedResource{r6id.8xlarge:vcore=80000}, PreemptedResource: TrackedResource{}, "
                    b"PlaceholderResource: TrackedResource{}}" % number,
                ),
            ]
        )
    outcome = world.settle()
    rows = _rows(world, "systems/yunikorn-usage/moka-dev/dt=")
    if sorted(int(row["application_id"].removeprefix("spark-")) for row in rows) != list(range(100)):
        raise RuntimeError(f"{len(rows)} rows of 100 application summaries")
    world.storage.empty()
    return outcome


def cluster_events(world: World) -> Outcome:
    """Kubernetes events, those of rising count among them, through a kill -9 and an outage of S3."""
    source = world.ledger.source("k1", r"^systems/events/moka-dev/dt=\d{4}-\d\d-\d\d/[^/]+$")
    world.events_agent.start()
    # The API lists an event as it is now: what it was before the agent listens is gone for everybody.
    time.sleep(3)
    for number in range(60):
        world.api.add(f"uid-{number}", world.ledger.line(source, b" scheduled").decode())
        if number % 3 == 0:
            world.api.add(f"uid-{number}", world.ledger.line(source, b" again").decode(), times=2)
        if number == 20:
            time.sleep(3)
            world.events_agent.kill()
            world.events_agent.start()
            time.sleep(3)
        if number == 40:
            world.storage.set("refused")
        time.sleep(0.1)
    time.sleep(5)
    world.storage.set("none")
    outcome = world.settle_with(_texts_only(world, "message"))
    world.events_agent.terminate()
    return outcome


def _rows(world: World, prefix: str) -> list[dict[str, str]]:
    return [
        json.loads(line)
        for key, body in world.storage.objects().items()
        if key.startswith(prefix)
        for line in gzip.decompress(body).splitlines()
    ]


def _texts_only(world: World, field_name: str, never: str = "") -> Callable[[], dict[str, bytes]]:
    def stored() -> dict[str, bytes]:
        found = {}
        for key, body in world.storage.objects().items():
            text = gzip.decompress(body)
            if never and never.encode() in text:
                raise RuntimeError(f"{key} holds lines of {never}")
            rows = [json.loads(line)[field_name] for line in text.splitlines()]
            found[key] = gzip.compress("".join(f"{row}\n" for row in rows).encode())
        return found

    return stored


# Afterwards Fluent Bit hands over what it had not sent before the kill and what it has read since in any order. The
# pieces of a line that the kill cut in two are all stored, and may lie apart.
MAY_LEAVE_PIECES_APART = (killed, killed_in_a_backlog, killed_in_an_outage)

SCENARIOS: dict[str, Callable[[World], Outcome]] = {
    "steady load": steady,
    "rotation every second": rotation,
    "rotation while down": rotated_while_down,
    "stack traces": traces,
    "lines over 16 KiB": long_lines,
    "kill -9 three times": killed,
    "kill -9 between pieces": killed_between_pieces,
    "kill -9 in a backlog": killed_in_a_backlog,
    "S3 refuses": refused,
    "S3 answers 503": slow_down,
    "kill -9 while S3 refuses": killed_in_an_outage,
    "no metadata": without_metadata,
    "pod deleted": deleted,
    "SIGTERM": terminated,
    "odd names, retries": odd_names,
    "event-log fragments": event_logs,
    "node services": journal,
    "YuniKorn usage": usage,
    "Kubernetes events": cluster_events,
}
