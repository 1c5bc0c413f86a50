"""Everything that a scenario can touch: the node, its agents, S3, the kubelet and the API server."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

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

    def spark(
        self,
        application: str,
        role: str,
        pod: str,
        *,
        labels: bool = True,
        name: str = "",
        namespace: str = "spark-analytics",
    ) -> tuple[str, Container]:
        """A driver or executor; its source's name and its container.

        Args:
            application: its id.
            role: driver or executor.
            pod: name of the pod.
            labels: whether the kubelet tells them.
            name: of the container; the one that Spark gives by default.
            namespace: namespace of the pod.
        """
        told = {"spark-app-selector": application, "spark-role": role} if labels else {}
        container = Container(self.sandbox.logs, pod, name or f"spark-kubernetes-{role}", namespace, told)
        self.containers.append(container)
        number = f"s{len(self.ledger.expected)}"
        folders = f"{application}/{role}/{pod}" if labels else pod
        stream = "spark" if labels else "spark-unlabelled"
        key = rf"^sparks/{stream}/{namespace}/{folders}/\d{{8}}T\d{{6}}-{container.name}-[^/-]+$"
        return self.ledger.source(number, key), container

    def sidecar(self, beside: tuple[str, Container], name: str) -> tuple[str, Container]:
        """Another container of a Spark pod; its source's name and itself."""
        source, other = beside
        container = Container(self.sandbox.logs, other.pod, name, other.namespace, other.labels, other.uid)
        key = self.ledger.expected[source].replace(f"-{other.name}-", f"-{name}-")
        return self.ledger.source(f"s{len(self.ledger.expected)}", key), container

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
