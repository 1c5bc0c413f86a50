"""Scenarios of what is no container line: event logs, journal, usage, Kubernetes events."""

import gzip
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.logging.ledger import Outcome
from tests.logging.world import World, filler

NODE = "systems/node/moka-dev/"
# Whether entries of an origin are shipped, and the fields that journald gives them.
ORIGINS = (
    (True, "_SYSTEMD_UNIT=kubelet.service\n_TRANSPORT=stdout\n_PID=1"),
    (True, "_SYSTEMD_UNIT=containerd.service\n_TRANSPORT=stdout\n_PID=2"),
    (True, "_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel"),
    (False, "_SYSTEMD_UNIT=sshd.service\n_TRANSPORT=syslog\n_PID=3"),
)


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
    """Lines of node services and of the kernel from a journal; those of other units and programs stay out."""
    write_journal(world, 2000)
    world.agent.start()
    time.sleep(2)
    world.agent.kill()
    world.agent.start()
    return world.settle_with(_texts_only(world, "message", "somebody logged in"))


def without_journal(world: World) -> Outcome:
    """A node that made no directory of its own when it booted: containers are shipped, and later its journal too."""
    world.sandbox.clean(without=("journal", "spark-events"))
    world.agent.start()
    writers = world.fleet()
    world.write(writers, 5)
    write_journal(world, 200)
    world.write(writers, 5)
    return world.settle_with(lambda: {**world.storage.objects(), **_texts_only(world, "message", only=NODE)()})


def write_journal(world: World, entries: int) -> None:
    """Entries of node services, of the kernel, and of who must stay out, as journald would write them."""
    program = "/lib/systemd/systemd-journal-remote"
    if not Path(program).exists():
        raise RuntimeError(f"{program} is missing: install the package systemd-journal-remote")
    directory = world.sandbox.logs / "journal" / ("0f" * 16)
    directory.mkdir()
    source = world.ledger.source("n1", rf"^{NODE}\d{{4}}/\d\d/\d\d/node-1/")
    export = bytearray()
    now = time.time_ns() // 1000
    for number in range(entries):
        shipped, origin = ORIGINS[number % len(ORIGINS)]
        text = world.ledger.line(source, filler(100)) if shipped else b"somebody logged in"
        export += (
            f"__REALTIME_TIMESTAMP={now + number}\n__MONOTONIC_TIMESTAMP={number + 1}\n_BOOT_ID={'0e' * 16}\n"
            f"_MACHINE_ID={'0f' * 16}\n{origin}\nPRIORITY=6\nMESSAGE="
        ).encode()
        export += text + b"\n\n"
    command = [program, f"--output={directory}/system.journal", "-"]
    subprocess.run(command, input=export, check=True, capture_output=True)


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


def _texts_only(world: World, field_name: str, never: str = "", only: str = "") -> Callable[[], dict[str, bytes]]:
    def stored() -> dict[str, bytes]:
        found = {}
        for key, body in world.storage.objects().items():
            if not key.startswith(only):
                continue
            text = gzip.decompress(body)
            if never and never.encode() in text:
                raise RuntimeError(f"{key} holds lines of {never}")
            rows = [json.loads(line)[field_name] for line in text.splitlines()]
            found[key] = gzip.compress("".join(f"{row}\n" for row in rows).encode())
        return found

    return stored


# Afterwards Fluent Bit hands over what it had not sent before the kill and what it has read since in any order. The
# pieces of a line that the kill cut in two are all stored, and may lie apart.
