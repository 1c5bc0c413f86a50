"""`python -m tests.logging FLUENT_BIT`: run every scenario and print what was counted."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import pulumi_kubernetes as kubernetes

from components.account import Account
from components.logs import cluster_events, manifests
from components.logs.fluent_bit import AGENT_FILES, FILES
from components.logs.settings import LogsSettings
from tests.logging.certificates import Authority
from tests.logging.ledger import Outcome
from tests.logging.sandbox import Agent, Sandbox, enter_namespaces
from tests.logging.scenarios import MAY_LEAVE_PIECES_APART, SCENARIOS
from tests.logging.servers import ApiServer, Kubelet, Storage
from tests.logging.speed import MINIMAL_FILE, measure
from tests.logging.world import World

ACCOUNT = Account("dev", "222222222222", "us-east-1")
# The only values that are not the DaemonSet's: a run of minutes would take hours with its minutes.
UPLOAD_TIMEOUT = "4s"
OWN_FILES = Path(__file__).parent / "files"
HEADER = ("scenario", "in", "out", "lost", "apart", "damaged", "duplicated", "objects", "mixed", "split", "seconds")


def arguments() -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(prog="python -m tests.logging", description=__doc__)
    parser.add_argument("binary", type=Path, help="the fluent-bit program, as a path in ROOT")
    parser.add_argument("--root", type=Path, default=Path("/"), help="unpacked image that holds it (default: /)")
    parser.add_argument("--only", action="append", default=[], choices=SCENARIOS, help="run this scenario; repeatable")
    parser.add_argument("--seconds", type=int, default=60, help="length of writing and of outages (default: 60)")
    parser.add_argument("--rate", type=int, default=1500, help="lines per second of all writers (default: 1500)")
    parser.add_argument("--speed", action="store_true", help="measure lines per second and core instead")
    parser.add_argument("--output", type=Path, help="file that takes what the agent says about itself")
    return parser.parse_args()


def make_world(options: argparse.Namespace, scratch: Path) -> World:
    """Servers, sandbox and agents."""
    authority = Authority(scratch)
    storage = Storage(authority.server_context(["s3.us-east-1.amazonaws.com"]))
    api = ApiServer(authority.server_context(["kubernetes.default.svc"]))
    files = [*(FILES / file for file in (*AGENT_FILES, cluster_events.FILE)), OWN_FILES / MINIMAL_FILE]
    sandbox = Sandbox(scratch, options.root, files, authority.path, made_if_missing())
    settings = LogsSettings()
    pace = {"SPARK_UPLOAD_TIMEOUT": UPLOAD_TIMEOUT, "SYSTEM_UPLOAD_TIMEOUT": UPLOAD_TIMEOUT}
    node = {"NODE_IP": "127.0.0.1", "NODE_NAME": "node-1"}
    of_node = {**manifests.environment(settings, ACCOUNT, "sparks", "systems", "event-logs"), **node, **pace}
    of_cluster = {**manifests.shared_environment(settings, ACCOUNT, "systems"), "SYSTEM_UPLOAD_TIMEOUT": UPLOAD_TIMEOUT}
    output = options.output or scratch / "output"
    agents = [
        Agent(sandbox, options.binary, file, {name: str(value) for name, value in values.items()}, output)
        for file, values in ((AGENT_FILES[0], of_node), (cluster_events.FILE, of_cluster))
    ]
    listed: list[World] = []
    kubelet = Kubelet(authority.server_context(["127.0.0.1"]), lambda: [pod for each in listed for pod in each.pods()])
    world = World(sandbox, agents[0], agents[1], storage, kubelet, api, options.seconds, options.rate)
    listed.append(world)
    return world


def made_if_missing() -> list[str]:
    """The directories of the node that the DaemonSet has the kubelet make."""
    paths = (each.host_path for each in manifests.volumes("config"))
    return [
        str(each.path)
        for each in paths
        if isinstance(each, kubernetes.core.v1.HostPathVolumeSourceArgs) and each.type == "DirectoryOrCreate"
    ]


def row(name: str, outcome: Outcome, seconds: float) -> str:
    """One line of the table."""
    return f"| {name} | {' | '.join(f'{each:,}' for each in astuple(outcome))} | {seconds:.0f} |"


def main() -> int:
    """Run in namespaces of its own."""
    options = arguments()
    if os.geteuid() != 0:
        sys.exit("The harness mounts file systems in a namespace of its own and needs root: run it with sudo")
    enter_namespaces()
    version = subprocess.run(
        ["chroot", options.root, options.binary, "--version"], capture_output=True, text=True, check=True
    )
    print(version.stdout.splitlines()[0])
    with tempfile.TemporaryDirectory(prefix="moka-logs-", ignore_cleanup_errors=True) as scratch:
        world = make_world(options, Path(scratch))
        try:
            if options.speed:
                minimal = Agent(world.sandbox, options.binary, MINIMAL_FILE, {}, Path(scratch) / "minimal")
                print(measure(world, minimal))
                return 0
            return run(world, options.only or list(SCENARIOS))
        finally:
            world.storage.stop()
            subprocess.run(["umount", "--recursive", "--lazy", world.sandbox.root], check=True)
            subprocess.run(["umount", "--lazy", Path(scratch) / "memory"], check=True)


def run(world: World, names: Sequence[str]) -> int:
    """Run scenarios and print a table; 1 when one lost a line or put it where it does not belong."""
    print(f"| {' | '.join(HEADER)} |\n|{'---|' * len(HEADER)}", flush=True)
    failed = 0
    for name in names:
        started = time.monotonic()
        world.begin()
        outcome = SCENARIOS[name](world)
        print(row(name, outcome, time.monotonic() - started), flush=True)
        if SCENARIOS[name] in MAY_LEAVE_PIECES_APART:
            outcome = replace(outcome, apart=0, damaged=0)
        if not outcome.clean:
            failed = 1
            report(world)
    return failed


def report(world: World) -> None:
    """Say on standard error which lines are missing or misplaced."""
    objects = world.storage.objects()
    for line in world.ledger.missing(objects)[:5]:
        print(f"  missing: {line!r}", file=sys.stderr)
    for key, sources in world.ledger.misplaced(objects).items():
        print(f"  misplaced: lines of {sorted(sources)} in {key}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
