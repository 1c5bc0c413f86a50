"""Sparks on this machine: applications with the published defaults, and the History Server of a later series."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from components.account import Account
from components.shuffle.settings import ShuffleSettings
from components.spark.defaults import FILES, environment_lines, namespace_lines, published_files
from components.spark.event_logs import read_by_history_server
from components.spark.settings import SMALLEST_ROLL_MIB, SparkSettings
from components.teams.names import namespace_of
from local_cluster.ports import free_port

JOB = Path(__file__).parent / "job.py"
ACCOUNT = Account("dev", "222222222222", "us-east-1")
BUCKET = "event-logs"
TEAMS = ("ads", "sales")
# Whose applications those are of which no team is said.
NAMESPACE = namespace_of(TEAMS[0])
HISTORY_SERVER = "history-server"
QUERIES, TASKS = 12, 400
# Enough for a file of the smallest size to be closed while the application runs.
ENDING_QUERIES = 7
PATIENCE_SECONDS = 600
# Some of the 1.9 MB that a query of 400 tasks writes.
SOME_EVENTS_BYTES = 300_000

Moment = Literal["idle", "running"]


@dataclass(frozen=True)
class Killed:
    """An application whose driver was killed.

    Args:
        application_id: Spark's id, which in local mode is not the variable's.
        queries: how many had said that they were done.
        buffers: files that were left in its directory.
    """

    application_id: str
    queries: int
    buffers: tuple[Path, ...]


@dataclass(frozen=True)
class Ended:
    """An application that ran to its own end.

    Args:
        code: exit code of spark-submit.
        application_id: Spark's id; empty when the application did not start.
        said: what it wrote to standard error.
    """

    code: int
    application_id: str
    said: str


@dataclass(frozen=True)
class Spark:
    """Spark as applications have it, and as the History Server has it.

    Args:
        home: where that of applications is.
        history_home: where that of the History Server is.
        scratch: a directory for everything it writes.
        endpoint: URL of S3.
    """

    home: Path
    history_home: Path
    scratch: Path
    endpoint: str

    def killed(self, name: str, moment: Moment) -> Killed:
        """Run the job and kill its driver, when it has nothing to do or in the middle of its seventh query."""
        copies = self.scratch / "spark-events"
        with self._submit(name, QUERIES, rest_seconds=PATIENCE_SECONDS) as process:
            application_id, done = self._until(process, "idle" if moment == "idle" else "query 5")
            if moment == "running":
                _wait_for_events(copies / name)
            os.killpg(process.pid, signal.SIGKILL)
        return Killed(application_id, done, tuple(sorted((copies / name).iterdir())))

    def ended(
        self, name: str, settings: Mapping[str, str], *, without: str = "", namespace: str = NAMESPACE, queries: int = 0
    ) -> Ended:
        """Run a job of a few queries to its end.

        Args:
            name: of the application.
            settings: more of Spark's settings.
            without: a word; published lines with it are left out.
            namespace: that it runs in, by whose role S3 judges it.
            queries: how many it runs; enough for a second file unless given.
        """
        with self._submit(
            name, queries or ENDING_QUERIES, rest_seconds=0, settings=settings, without=without, namespace=namespace
        ) as process:
            assert process.stdout
            lines = process.stdout.read().splitlines()
        found = [line.partition(" ")[2] for line in lines if line.startswith("application ")]
        said = (self.scratch / f"{name}.log").read_text(errors="replace")
        return Ended(process.returncode, found[0] if found else "", said)

    def stages(self, directory: Path, application_id: str) -> list[dict[str, Any]]:
        """What the History Server shows of a log in a directory."""
        port = free_port()
        options = {"spark.history.fs.logDirectory": f"file:{directory}", "spark.history.ui.port": str(port)}
        with self._history(options, {}) as process:
            return _ask(f"http://127.0.0.1:{port}/api/v1/applications/{application_id}/stages", process)

    def listed(self, count: int) -> set[str]:
        """Ids of the applications that the History Server lists with the published file, once they are so many."""
        port = free_port()
        directories = read_by_history_server(BUCKET, TEAMS)
        store = self.scratch / "history-store"
        store.mkdir(exist_ok=True)
        variables = {
            "SPARK_CONF_DIR": str(FILES / "history"),
            "EVENT_LOG_DIRECTORIES": ",".join(directories.values()),
            "EVENT_LOG_DIRECTORY_NAMES": ",".join(directories),
            "UPDATE_INTERVAL": "10s",
            "REPLAY_MEMORY": "256m",
            "DISK_USAGE": "1g",
            "AWS_ACCESS_KEY_ID": HISTORY_SERVER,
        }
        options = {**self._bent, "spark.history.ui.port": str(port), "spark.history.store.path": str(store)}
        with self._history(options, variables) as process:
            deadline = time.monotonic() + PATIENCE_SECONDS
            found: set[str] = set()
            while len(found) < count and time.monotonic() < deadline:
                found = {each["id"] for each in _ask(f"http://127.0.0.1:{port}/api/v1/applications", process)}
                time.sleep(1)
            return found

    @contextmanager
    def _history(self, options: Mapping[str, str], variables: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
        said = " ".join(f"-D{name}={value}" for name, value in options.items())
        command = [self.history_home / "bin" / "spark-class", "org.apache.spark.deploy.history.HistoryServer"]
        variables = {"SPARK_HOME": str(self.history_home), "SPARK_HISTORY_OPTS": said, **variables}
        with self._run(command, variables, "history") as process:
            try:
                yield process
            finally:
                os.killpg(process.pid, signal.SIGKILL)

    @property
    def _bent(self) -> dict[str, str]:
        """What is not as published: the way to S3."""
        return {
            "spark.hadoop.fs.s3a.endpoint": self.endpoint,
            "spark.hadoop.fs.s3a.path.style.access": "true",
            "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
            "spark.hadoop.fs.s3a.aws.credentials.provider": (
                "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider"
            ),
        }

    @contextmanager
    def _submit(
        self,
        name: str,
        queries: int,
        *,
        rest_seconds: int,
        settings: Mapping[str, str] | None = None,
        without: str = "",
        namespace: str = NAMESPACE,
    ) -> Iterator[subprocess.Popen[str]]:
        variables = {
            "SPARK_CONF_DIR": str(self._configuration(name, without, namespace)),
            "AWS_ACCESS_KEY_ID": namespace,
            "SPARK_APPLICATION_ID": name,
            "SPARK_EVENT_LOG_DIRECTORY": str(self.scratch / "spark-events"),
        }
        bent = {**self._bent, **(settings or {})}
        command = [self.home / "bin" / "spark-submit", "--master", "local[2]"]
        command += [part for key, value in bent.items() for part in ("--conf", f"{key}={value}")]
        with self._run([*command, JOB, queries, TASKS, rest_seconds], variables, name) as process:
            yield process

    def _configuration(self, name: str, without: str, namespace: str) -> Path:
        directory = self.scratch / "configuration" / name
        directory.mkdir(parents=True)
        lines = environment_lines(
            SparkSettings(event_log_roll_mib=SMALLEST_ROLL_MIB), ACCOUNT, BUCKET, ("spark",), ShuffleSettings()
        )
        lines |= namespace_lines(namespace, "spark")
        kept = {key: value for key, value in lines.items() if not without or without not in key}
        for file, content in published_files(kept).items():
            (directory / file).write_text(content)
        return directory

    @contextmanager
    def _run(self, command: list[Any], variables: Mapping[str, str], name: str) -> Iterator[subprocess.Popen[str]]:
        local = {"SPARK_HOME": str(self.home), "SPARK_LOCAL_IP": "127.0.0.1", "AWS_REGION": ACCOUNT.region}
        keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        with (
            (self.scratch / f"{name}.log").open("w") as said,
            subprocess.Popen(
                [str(part) for part in command],
                env={**os.environ, **local, **keys, **variables},
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                start_new_session=True,
            ) as process,
        ):
            yield process

    def _until(self, process: subprocess.Popen[str], last: str) -> tuple[str, int]:
        application_id, done = "", 0
        assert process.stdout
        for line in process.stdout:
            word, _, rest = line.strip().partition(" ")
            application_id = rest if word == "application" else application_id
            done += word == "query"
            if line.strip() == last:
                return application_id, done
        raise AssertionError(f"Spark ended before it said {last!r}: see the logs in {self.scratch}")


def _wait_for_events(buffers: Path) -> None:
    """Wait until the next query's tasks have written some events."""
    start = _size_bytes(buffers)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while 0 <= _size_bytes(buffers) - start < SOME_EVENTS_BYTES and time.monotonic() < deadline:
        time.sleep(0.02)


def _size_bytes(buffers: Path) -> int:
    return sum(path.stat().st_size for path in buffers.iterdir())


def _ask(url: str, process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return json.load(answer)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(2)
    raise AssertionError(f"{url} gave no answer")
