"""The whole telemetry of one node on one machine: real collectors, Prometheus and Alertmanager between fake ends."""

import json
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from local_cluster.ports import free_port
from tests.telemetry import loopback
from tests.telemetry.certificates import make_certificates
from tests.telemetry.kubernetes_api import pod
from tests.telemetry.process import Process, wait_until
from tests.telemetry.rendered import AGENT, ALERTMANAGER, CLUSTER, FIELDS, PROMETHEUS, container, render
from tests.telemetry.service_account import SERVICE_ACCOUNT, write_service_account
from tests.telemetry.sources import API_HOST, Sources
from tests.telemetry.webhook import Webhook

# One replica of each program, and no store but Prometheus.
STACK = "dev"
READY_SECONDS = 90

NO_MORE: Mapping[str, str] = {}

Change = Callable[[PurePosixPath, dict[str, Any]], dict[str, Any]]


class Scene:
    """Everything runs inside `with`.

    Args:
        root: directory for configuration, data and output.
        programs: path of each program by its name.
    """

    def __init__(self, root: Path, programs: Mapping[str, Path]) -> None:
        self.root = root
        self.programs = programs
        self.certificates = make_certificates(root, API_HOST)
        self.sources = Sources(self.certificates)
        self.webhook = Webhook()
        self.prometheus = f"127.0.0.1:{free_port()}"
        self.alertmanager = f"127.0.0.1:{free_port()}"
        port = int(self.alertmanager.rpartition(":")[2])
        name = {"app.kubernetes.io/name": "alertmanager"}
        self.sources.api.objects.append(pod("monitoring", "alertmanager-0-0", name, "alertmanager", {"http": port}))
        self.otlp = f"127.0.0.1:{free_port()}"
        self.telemetry = {"otel-agent": free_port(), "otel-cluster": free_port()}
        self.processes: list[Process] = []

    def __enter__(self) -> "Scene":
        with ExitStack() as stack:
            self.sources.start()
            stack.callback(self.sources.stop)
            self.webhook.server.start()
            stack.callback(self.webhook.server.stop)
            for process in (self._prometheus(), self._alertmanager(), self._agent(), self._cluster()):
                if process.name == "prometheus":
                    self._rules(there=False)
                self.processes.append(stack.enter_context(process))
            for process in self.processes:
                process.wait_until_ready(READY_SECONDS)
            wait_until("every source is scraped", READY_SECONDS, self._is_complete, self._what_is_up)
            self._rules(there=True)
            self._ending = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Labels and value of each series of an instant query."""
        parameters = urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(f"http://{self.prometheus}/api/v1/query?{parameters}", timeout=10) as answer:
            found = json.load(answer)["data"]["result"]
        return [(each["metric"], float(each["value"][1])) for each in found]

    def output(self) -> str:
        """The end of what every program wrote."""
        return "\n".join(f"--- {process.name}\n{process.output()}" for process in self.processes)

    def _is_complete(self) -> bool:
        answering = {labels["job"] for labels, value in self.query("up") if value == 1}
        return answering >= {*self.sources.ports, *self.telemetry, "cadvisor", "spark-executors", "apiserver"}

    def _what_is_up(self) -> str:
        return f"{self.query('up')}\n{self.output()}"

    def _rules(self, *, there: bool) -> None:
        """Show Prometheus its rules, or hide them while the collectors start: `for` is too short to wait for these."""
        directory = self.root / "prometheus" / "etc" / "prometheus"
        hidden, shown = directory / "rules-for-later", directory / "rules"
        if there:
            hidden.rename(shown)
            self.processes[0].reload()
        else:
            shown.rename(hidden)

    def _prometheus(self) -> Process:
        names = {
            "alertmanager-replicas.monitoring.svc": self.alertmanager,
            "grafana.monitoring.svc": f"127.0.0.1:{self.sources.ports['grafana']}",
        }

        def change(path: PurePosixPath, config: dict[str, Any]) -> dict[str, Any]:
            if path.parent.name == "rules":
                return loopback.rules(config)
            return loopback.prometheus(config, self.prometheus, names)

        return self._process(
            "prometheus",
            PROMETHEUS,
            change,
            ready=f"http://{self.prometheus}/-/ready",
            arguments=(
                f"--web.listen-address={self.prometheus}",
                # What fires before Alertmanager is found is sent again after a minute, by default.
                "--rules.alert.resend-delay=1s",
                # Prometheus 3 puts variables into external labels by itself.
                "--enable-feature=expand-external-labels",
            ),
        )

    def _alertmanager(self) -> Process:
        return self._process(
            "alertmanager",
            ALERTMANAGER,
            lambda _, config: loopback.alertmanager(config, f"http://{self.webhook.server.address}"),
            ready=f"http://{self.alertmanager}/-/ready",
            arguments=(f"--web.listen-address={self.alertmanager}",),
        )

    def _agent(self) -> Process:
        ports = self.sources.ports
        node = {"10250": "kubelet", "9100": "node-exporter", "61678": "aws-node"}
        texts = {f"${{env:NODE_IP}}:{port}": f"127.0.0.1:{ports[job]}" for port, job in node.items()}
        texts |= {"0.0.0.0:4317": f"127.0.0.1:{free_port()}", "0.0.0.0:4318": self.otlp}
        return self._collector("otel-agent", AGENT, texts)

    def _cluster(self) -> Process:
        return self._collector("otel-cluster", CLUSTER, {})

    def _collector(self, name: str, which: tuple[str, str], texts: Mapping[str, str]) -> Process:
        health = free_port()
        identity = write_service_account(
            self.root / "serviceaccount",
            api=self.sources.api.server.address,
            authority=self.certificates.authority.read_bytes(),
        )
        every = {
            **texts,
            "${env:POD_IP}:8888": f"127.0.0.1:{self.telemetry[name]}",
            "0.0.0.0:13133": f"127.0.0.1:{health}",
            "127.0.0.1:43170": f"127.0.0.1:{free_port()}",
            SERVICE_ACCOUNT: str(identity),
        }
        variables = {
            "SCRAPE_INTERVAL": "1s",
            "SCRAPE_TIMEOUT": "1s",
            "PROMETHEUS_0_REMOTE_WRITE_URL": f"http://{self.prometheus}/api/v1/write",
            "KUBECONFIG": str(identity / "kubeconfig"),
        }

        def change(_: PurePosixPath, config: dict[str, Any]) -> dict[str, Any]:
            ports = self.sources.ports
            return loopback.collector(config, every, self.telemetry[name], identity / "kubeconfig", ports)

        return self._process(name, which, change, ready=f"http://127.0.0.1:{health}/", variables=variables)

    def _process(
        self,
        name: str,
        which: tuple[str, str],
        change: Change,
        *,
        ready: str,
        arguments: tuple[str, ...] = (),
        variables: Mapping[str, str] = NO_MORE,
    ) -> Process:
        """A container's program with its own command line and variables, on changed copies of its files."""
        directory = self.root / name
        placed = container(render(STACK), which, {**FIELDS, "metadata.name": name}).place_below(directory)
        for path in placed.files:
            if path.suffix == ".yaml":
                file = Path(path)
                file.write_text(yaml.safe_dump(change(path, yaml.safe_load(file.read_text())), sort_keys=False))
        program = self.programs["collector" if name.startswith("otel") else name]
        environment = {**placed.variables, **variables}
        return Process(name, [program, *placed.arguments, *arguments], directory, environment, ready)
