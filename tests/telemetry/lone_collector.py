"""A real collector on copies of its rendered files that needs no cluster: it scrapes itself, and looks no pod up."""

import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from local_cluster.ports import free_port
from tests.telemetry.process import answers, wait_until
from tests.telemetry.rendered import Rendered
from tests.telemetry.server import LOOPBACK

READY_SECONDS = 60
OWN_JOBS = {"otel-agent", "otel-cluster"}
# Ports that the rendered files name.
LISTENING = ("0.0.0.0:4317", "0.0.0.0:4318", "0.0.0.0:13133")
QUEUES = tuple(f"{LOOPBACK}:{port}" for port in range(43170, 43174))


class LoneCollector:
    """Runs inside `with`, and again and again in the same directory.

    Args:
        program: the collector.
        rendered: its container, whose files are placed already and get changed.
        variables: environment that differs from the container's, such as addresses of stores.
    """

    def __init__(self, program: Path, rendered: Rendered, variables: Mapping[str, str]) -> None:
        self._telemetry = free_port()
        self._addresses = {each: f"{LOOPBACK}:{free_port()}" for each in (*LISTENING, *QUEUES)}
        self.otlp = f"http://{self._addresses['0.0.0.0:4318']}"
        self._command = [str(program), *rendered.arguments]
        self._environment = {**rendered.variables, "SCRAPE_INTERVAL": "1s", "SCRAPE_TIMEOUT": "1s", **variables}
        for path in rendered.files:
            file = Path(path)
            text = file.read_text()
            for old, new in (*self._addresses.items(), ("${env:POD_IP}:8888", f"{LOOPBACK}:{self._telemetry}")):
                text = text.replace(old, new)
            file.write_text(yaml.safe_dump(self._without_a_cluster(yaml.safe_load(text)), sort_keys=False))
        self._log = Path(next(iter(rendered.files))).parent / "collector.log"

    def __enter__(self) -> "LoneCollector":
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(self._command, stdout=output, stderr=output, env=self._environment)
        health = f"http://{self._addresses['0.0.0.0:13133']}/"
        wait_until("the collector is ready", READY_SECONDS, lambda: answers(health), self.output)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(READY_SECONDS)

    def kill(self) -> None:
        """End it at once, as the kernel does when memory runs out."""
        self._process.kill()
        self._process.wait()

    def output(self) -> str:
        """The end of what it wrote."""
        return self._log.read_text(errors="replace")[-4000:]

    def metric(self, name: str, exporter: str) -> float:
        """One of its own metrics of an exporter; 0 while there is none."""
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self._telemetry}/metrics", timeout=5) as answer:
            page = answer.read().decode()
        found = [
            float(line.rpartition(" ")[2])
            for line in page.splitlines()
            if re.match(rf'{name}(_total)?\{{.*exporter="{re.escape(exporter)}"', line)
        ]
        return sum(found)

    def send(self, signal: str, document: str) -> int:
        """Status of an answer to telemetry that an application sends by OTLP over HTTP."""
        request = urllib.request.Request(
            f"{self.otlp}/v1/{signal}", document.encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def _without_a_cluster(self, config: dict[str, Any]) -> dict[str, Any]:
        scraped = config.get("receivers", {}).get("prometheus", {})
        scraped.pop("target_allocator", None)
        for job in list(scraped.get("config", {}).get("scrape_configs", [])):
            if job["job_name"] not in OWN_JOBS:
                scraped["config"]["scrape_configs"].remove(job)
        config.get("processors", {}).pop("k8s_attributes", None)
        service = config.get("service", {})
        for pipeline in service.get("pipelines", {}).values():
            pipeline["processors"] = [each for each in pipeline.get("processors", []) if each != "k8s_attributes"]
        for reader in service.get("telemetry", {}).get("metrics", {}).get("readers", []):
            reader["pull"]["exporter"]["prometheus"] |= {"host": LOOPBACK, "port": self._telemetry}
        return config
