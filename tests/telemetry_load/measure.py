"""A real Prometheus under a known number of series: what it holds in memory and writes to disk.

Leaves out queries and rules, whose memory comes on top; the model keeps head-room for them.
"""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cluster.ports import free_port
from tests.telemetry_load.targets import SERIES_PER_TARGET, Targets

START_SECONDS = 60
# It writes all that is in memory as a block; ten million samples a minute is what two busy cores do.
SNAPSHOT_SECONDS = 1800
BLOCK_PARTS = ("chunks", "index")


@dataclass(frozen=True)
class Measurement:
    """What one run showed.

    Args:
        series: series in Prometheus' head, its own among them.
        samples: samples that it has appended.
        resident_bytes: memory of the process as the kernel counts it.
        heap_bytes: Go heap in use, garbage among it.
        chunk_bytes: size on disk of the samples in one block of everything.
        index_bytes: size on disk of that block's index.
        write_ahead_log_bytes: size of the log of recent samples.
        cpu_seconds: CPU time that the process took.
    """

    series: int
    samples: int
    resident_bytes: int
    heap_bytes: int
    chunk_bytes: int
    index_bytes: int
    write_ahead_log_bytes: int
    cpu_seconds: float

    @property
    def resident_bytes_a_series(self) -> float:
        """Memory for each series, the program's own share included."""
        return self.resident_bytes / self.series

    @property
    def chunk_bytes_a_sample(self) -> float:
        """Disk for each sample after compression, without the index."""
        return self.chunk_bytes / self.samples

    @property
    def index_bytes_a_series(self) -> float:
        """Disk for each series in each block's index."""
        return self.index_bytes / self.series


def measure(program: str, directory: Path, *, targets: int, scrapes: int, interval_seconds: int) -> Measurement:
    """Load Prometheus until each series has a number of samples, then read what that took.

    Args:
        program: path of prometheus.
        directory: an empty directory for its files.
        targets: number of targets, of 1,000 series each.
        scrapes: samples of each series before the figures are read.
        interval_seconds: seconds between two scrapes.

    Raises:
        RuntimeError: when Prometheus does not start.
        TimeoutError: when the machine is too slow for the load.
    """
    served = Targets(targets)
    configuration = {
        "global": {"scrape_interval": f"{interval_seconds}s", "scrape_timeout": f"{interval_seconds}s"},
        "scrape_configs": [_job(served.port, index) for index in range(targets)],
    }
    # JSON is YAML.
    (directory / "prometheus.yaml").write_text(json.dumps(configuration))
    port = free_port()
    process = subprocess.Popen(
        [
            program,
            f"--config.file={directory / 'prometheus.yaml'}",
            f"--storage.tsdb.path={directory / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-admin-api",
            "--log.level=warn",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, address)
        wanted = targets * SERIES_PER_TARGET * scrapes
        deadline = time.monotonic() + 60 + 3 * scrapes * interval_seconds
        while (figures := _figures(address))["prometheus_tsdb_head_samples_appended_total"] < wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{figures}: the machine cannot take this load")
            time.sleep(min(1, interval_seconds))
        figures = _figures(address)
        if len(served.given_up) > targets * scrapes / 100:
            raise TimeoutError(f"{len(served.given_up)} scrapes failed: the machine cannot take this load")
        request = urllib.request.Request(f"{address}/api/v1/admin/tsdb/snapshot", method="POST")
        with urllib.request.urlopen(request, timeout=SNAPSHOT_SECONDS) as response:
            name = json.load(response)["data"]["name"]
        snapshot = directory / "data" / "snapshots" / name
        # The snapshot holds what came in meanwhile too.
        stats = [json.loads(meta.read_text())["stats"] for meta in snapshot.glob("*/meta.json")]
        sizes = {part: sum(_size(block / part) for block in snapshot.iterdir()) for part in BLOCK_PARTS}
        samples = int(figures["prometheus_tsdb_head_samples_appended_total"])
        return Measurement(
            series=int(figures["prometheus_tsdb_head_series"]),
            samples=samples,
            resident_bytes=int(figures["process_resident_memory_bytes"]),
            heap_bytes=int(figures["go_memstats_heap_inuse_bytes"]),
            chunk_bytes=round(sizes["chunks"] * samples / sum(each["numSamples"] for each in stats)),
            index_bytes=sizes["index"],
            write_ahead_log_bytes=_size(directory / "data" / "wal"),
            cpu_seconds=figures["process_cpu_seconds_total"],
        )
    finally:
        process.kill()
        process.wait()
        served.close()
        shutil.rmtree(directory / "data", ignore_errors=True)


def _job(port: int, index: int) -> dict[str, Any]:
    return {
        "job_name": f"node-{index}",
        "metrics_path": f"/{index}",
        "static_configs": [
            {
                "targets": [f"127.0.0.1:{port}"],
                "labels": {"cluster": "moka-load", "node_name": f"ip-100-72-{index // 256}-{index % 256}.ec2.internal"},
            }
        ],
    }


def _size(path: Path) -> int:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def _wait_until_ready(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"Prometheus ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/-/ready", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise RuntimeError(f"Prometheus was not ready after {START_SECONDS} s")


def _figures(address: str) -> dict[str, float]:
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as response:
        text = response.read().decode()
    lines = (line.split(" ") for line in text.splitlines() if not line.startswith("#") and "{" not in line)
    figures = {name: float(value) for name, value in lines}
    # Since version 2.42 it is told apart by type: plain numbers and histograms.
    if "prometheus_tsdb_head_samples_appended_total" not in figures:
        for line in text.splitlines():
            if line.startswith('prometheus_tsdb_head_samples_appended_total{type="float"}'):
                figures["prometheus_tsdb_head_samples_appended_total"] = float(line.split(" ")[1])
    figures.setdefault("prometheus_tsdb_head_samples_appended_total", 0.0)
    return figures
