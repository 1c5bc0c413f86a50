"""How many lines the agent handles in a second of processor time, against a pipeline that does nothing with them."""

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from tests.logging.sandbox import Agent
from tests.logging.world import World, filler

LINES = 300_000
LINE_BYTES = 200
MOST_SECONDS = 300
MINIMAL_FILE = "tail-to-null.yaml"


@dataclass(frozen=True)
class Speed:
    """Lines per second of one core.

    Args:
        agent: with the agent's own files.
        minimal: from tail to null.
    """

    agent: float
    minimal: float

    def __str__(self) -> str:
        return (
            f"log agent: {self.agent:,.0f} lines per second and core with the node's files, {self.minimal:,.0f} from "
            f"tail to null: a factor of {self.minimal / self.agent:.1f}"
        )


def measure(world: World, minimal: Agent) -> Speed:
    """Let both read the same backlog.

    Args:
        world: with the agent's own files.
        minimal: an agent with the minimal file.
    """
    return Speed(_lines_per_core_second(world, world.agent), _lines_per_core_second(world, minimal))


def _lines_per_core_second(world: World, agent: Agent) -> float:
    world.begin()
    writers = world.fleet()
    texts = [filler(LINE_BYTES) for _ in range(LINES // len(writers))]
    for _, container in writers:
        container.write(texts)
    agent.start()
    try:
        deadline = time.monotonic() + MOST_SECONDS
        while _lines_handed_over() < len(texts) * len(writers):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{_lines_handed_over()} of {LINES} lines after {MOST_SECONDS} seconds")
            time.sleep(0.2)
        return len(texts) * len(writers) / agent.cpu_seconds()
    finally:
        agent.kill()


def _lines_handed_over() -> int:
    try:
        with urllib.request.urlopen("http://127.0.0.1:2020/api/v1/metrics", timeout=10) as response:
            outputs = json.load(response)["output"]
    except urllib.error.HTTPError:
        # Until the first metrics have been gathered, a second or so after the start.
        return 0
    return sum(each["proc_records"] for each in outputs.values())
