"""Scrape targets of loopback that answer as nodes full of executors would: long label values, few of them shared.

One target stands for one node. A third of its series never change, as most of kube-state-metrics', the others count or
vary, so that compression meets what it meets in a cluster. Leaves out churn: no series ends.
"""

import random
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERIES_PER_TARGET = 1000
PODS_PER_TARGET = 10
# Families by what their values do; a pod emits each once, and the node the rest.
CONSTANT = (
    'kube_pod_status_phase{{{pod},uid="{uid}",phase="Running"}}',
    'kube_pod_status_phase{{{pod},uid="{uid}",phase="Pending"}}',
    'kube_pod_status_phase{{{pod},uid="{uid}",phase="Failed"}}',
    'kube_pod_labels{{{pod},uid="{uid}",label_spark_app_selector="{application}",label_spark_role="executor"}}',
    'kube_pod_info{{{pod},uid="{uid}",node="{node}",created_by_name="{application}-driver"}}',
    'kube_pod_container_resource_requests{{{pod},uid="{uid}",container="executor",resource="memory",unit="byte"}}',
    'kube_pod_container_resource_requests{{{pod},uid="{uid}",container="executor",resource="cpu",unit="core"}}',
)
COUNTERS = (
    'container_cpu_usage_seconds_total{{{pod},container="executor"}}',
    'container_network_receive_bytes_total{{{pod},interface="eth0"}}',
    'container_network_transmit_bytes_total{{{pod},interface="eth0"}}',
    'spark_executor_bytes_read_total{{{pod},spark_app_id="{application}",executor_id="{executor}"}}',
    'spark_executor_run_time_seconds_total{{{pod},spark_app_id="{application}",executor_id="{executor}"}}',
    'spark_executor_shuffle_bytes_written_total{{{pod},spark_app_id="{application}",executor_id="{executor}"}}',
    'spark_executor_gc_time_seconds_total{{{pod},spark_app_id="{application}",executor_id="{executor}"}}',
)
GAUGES = (
    'container_memory_working_set_bytes{{{pod},container="executor"}}',
    'container_memory_rss{{{pod},container="executor"}}',
    'spark_executor_memory_used_bytes{{{pod},spark_app_id="{application}",executor_id="{executor}"}}',
    'spark_executor_active_tasks{{{pod},spark_app_id="{application}",executor_id="{executor}"}}',
)
NODE_SERIES = SERIES_PER_TARGET - PODS_PER_TARGET * (len(CONSTANT) + len(COUNTERS) + len(GAUGES))


class Target:
    """One node's series, whose values move on with every scrape.

    Args:
        index: number of the node, which is also its seed.
    """

    def __init__(self, index: int) -> None:
        self._random = random.Random(index)
        self._names: list[str] = []
        self._steps: list[Callable[[float], float]] = []
        self._values: list[float] = []
        for number in range(PODS_PER_TARGET):
            application = f"spark-{self._random.getrandbits(128):032x}"
            values = {
                "pod": f'namespace="spark-jobs",pod="etl-{self._random.getrandbits(64):016x}-exec-{number}"',
                "uid": f"{self._random.getrandbits(128):032x}",
                "node": f"ip-100-72-{index // 256}-{index % 256}.ec2.internal",
                "application": application,
                "executor": str(number),
            }
            for families, step in ((CONSTANT, self._stay), (COUNTERS, self._count), (GAUGES, self._vary)):
                for family in families:
                    self._add(family.format(**values), step)
        for number in range(NODE_SERIES):
            step = (self._stay, self._count, self._vary)[number % 3]
            self._add(f'node_resource_total{{device="{number // 8}",mode="mode-{number % 8}"}}', step)

    def _add(self, name: str, step: Callable[[float], float]) -> None:
        self._names.append(name)
        self._steps.append(step)
        self._values.append(1.0 if step == self._stay else float(self._random.randrange(10**6)))

    def _stay(self, value: float) -> float:
        return value

    def _count(self, value: float) -> float:
        return value + self._random.randrange(10**5)

    def _vary(self, value: float) -> float:
        return max(0.0, value + self._random.randrange(-(10**4), 10**4))

    def exposition(self) -> bytes:
        """The next scrape in Prometheus' text format."""
        self._values = [step(value) for step, value in zip(self._steps, self._values, strict=True)]
        lines = (f"{name} {value:.0f}" for name, value in zip(self._names, self._values, strict=True))
        return ("\n".join(lines) + "\n").encode()


class Targets:
    """An HTTP server of loopback with one path a target: /0, /1, and so on.

    Args:
        count: number of targets.

    Outputs:
        given_up: paths of scrapes that Prometheus did not wait for.
    """

    def __init__(self, count: int) -> None:
        targets = [Target(index) for index in range(count)]
        # One scrape at a time: the machine under measurement is Prometheus, and Python has one interpreter lock anyway.
        lock = threading.Lock()
        self.given_up: list[str] = []
        given_up = self.given_up

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with lock:
                    body = targets[int(self.path.rpartition("/")[2])].exposition()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    given_up.append(self.path)

            def log_message(self, format: str, *args: object) -> None:
                del format, args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.port = self._server.server_address[1]

    def close(self) -> None:
        """Answer nobody from now on."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
