"""One run of the word count: what is laid out for it, and what has to happen then."""

import os
import subprocess
import time
from typing import Any

from components.account import Account
from components.logs.versions import FLUENT_BIT
from components.teams.settings import DEFAULT_SERVICE_ACCOUNT
from local_cluster.directory import ClusterDirectory
from local_cluster.inside import aws_environment
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.nodes.real.roster import read_roster
from local_cluster.python_process import python_module
from local_cluster.settings import ports_of
from local_cluster.spark import traces
from local_cluster.spark.application_pods import ApplicationPods
from local_cluster.spark.milestones import HopelessError, Milestone
from local_cluster.spark.word_count import (
    EXECUTORS,
    INPUT_KEY,
    JOB,
    JOB_KEY,
    OUTPUT_PREFIX,
    SUBMITTER,
    WordCount,
    expected_counts,
    text,
)


class Run:
    """One run of the word count.

    Args:
        directory: of the cluster.
        application: what is submitted.
    """

    def __init__(self, directory: ClusterDirectory, application: WordCount) -> None:
        self._directory, self._application = directory, application
        self._api = KubernetesApi(directory, ports_of(directory))
        self._pods = ApplicationPods(self._api, directory, application.namespace)
        self._s3 = traces.s3_of(directory, application.account.region)
        self._buckets = _buckets(application.account)
        self._began = time.time()
        self._seen_requests = len(self._requests())

    def submit(self) -> None:
        """Lay out input and program, and start the pod that submits."""
        self._pods.remove()
        bucket = self._application.bucket
        self._s3.put_object(Bucket=bucket, Key=self._application.key(INPUT_KEY), Body=text().encode())
        self._s3.put_object(Bucket=bucket, Key=self._application.key(JOB_KEY), Body=JOB.read_bytes())
        self._api.apply(self._application.pod(SUBMITTER))
        self._began = time.time()

    @property
    def milestones(self) -> list[Milestone]:
        """What has to happen."""
        shipped = Milestone(
            "its log lines are in the bucket, and moka_logs finds them",
            self._shipped,
            180,
            "logs/aws-requests.jsonl of the cluster tells what the log agent was refused",
        )
        return [
            Milestone("spark-submit made a driver", self._driver_made, 90, self._kubectl(SUBMITTER)),
            Milestone("the driver runs on a real node", self._driver_runs, 90, self._kubectl("the driver")),
            Milestone("executors run on real nodes", self._executors_run, 120, self._kubectl("the executors")),
            Milestone(
                "log lines are in /var/log/pods as JSON",
                self._lines,
                60,
                "log4j2.properties of spark-defaults says how",
            ),
            Milestone("counts are in S3 and right", self._counts, 120, "the driver's log says what S3 answered"),
            Milestone(
                "metrics are in Prometheus",
                self._metrics,
                120,
                "kubectl logs --namespace monitoring daemonset/otel-agent tells what was scraped",
            ),
            Milestone("the driver ended with exit code 0", self._ended, 180, self._kubectl("the driver")),
            Milestone("the event log is in its bucket, whole", self._event_log, 60, "the driver's log says why not"),
            Milestone("the History Server lists it", self._listed, 120, "kubectl logs --namespace spark-history ..."),
            Milestone(
                "its role was refused nothing", self._allowed, 5, "python -m local_cluster.aws.requests DIRECTORY"
            ),
            *([shipped] if self._has_log_agent else []),
        ]

    @property
    def _has_log_agent(self) -> bool:
        return any(FLUENT_BIT.reference in role.images for role in read_roster(self._directory))

    def _driver_made(self) -> str:
        self._pods.require_submission()
        return self._pods.application

    def _driver_runs(self) -> str:
        driver = self._pods.driver
        if not driver or driver["status"].get("phase") == "Pending":
            return ""
        return self._pods.on_real_nodes([driver])

    def _executors_run(self) -> str:
        running = [each for each in self._pods.of("executor") if each["status"].get("phase") == "Running"]
        self._pods.require_driver()
        return self._pods.on_real_nodes(running) if len(running) == EXECUTORS else ""

    def _lines(self) -> str:
        application = self._pods.application
        told = []
        for pod in (*self._pods.of("driver"), *self._pods.of("executor")):
            name = pod["metadata"]["name"]
            lines = traces.as_json(traces.log_lines(self._directory, self._application.namespace, name))
            count = sum(1 for line in lines if line.get("application") == application)
            if not count:
                return ""
            told.append(f"{count} of {name}")
        return ", ".join(told)

    def _counts(self) -> str:
        self._pods.require_driver()
        counted = {
            word: int(count)
            for driver in self._pods.of("driver")
            for line in traces.log_lines(self._directory, self._application.namespace, driver["metadata"]["name"])
            if line.startswith("counted ")
            for _, word, count in [line.split()]
        }
        if len(counted) < len(expected_counts()):
            return ""
        if counted != expected_counts():
            raise HopelessError(f"counted {counted}, and {dict(expected_counts())} is right")
        written = traces.keys(self._s3, self._application.bucket, self._application.key(f"{OUTPUT_PREFIX}/"))
        names = {key.rpartition("/")[2] for key in written}
        return f"{len(written)} objects, {len(counted)} words" if "_SUCCESS" in names else ""

    def _metrics(self) -> str:
        found = traces.series(f'{{job=~"spark|spark-executors",spark_app_id="{self._pods.application}"}}')
        names = {each["metric"]["__name__"] for each in found}
        has_both = all(
            any(name.startswith(start) for name in names) for start in ("spark_driver_", "metrics_executor_")
        )
        return f"{len(names)} metrics of driver and executors" if has_both else ""

    def _ended(self) -> str:
        driver = self._pods.driver
        for status in driver.get("status", {}).get("containerStatuses") or []:
            ended = status.get("state", {}).get("terminated")
            if ended and ended["exitCode"] != 0:
                raise HopelessError(
                    f"exit code {ended['exitCode']}:\n{self._pods.last_lines(driver['metadata']['name'])}"
                )
            if ended:
                return f"{time.time() - self._began:.0f} s after it was submitted"
        return ""

    def _event_log(self) -> str:
        application = self._pods.application
        bucket = self._buckets["spark-events"]
        names = [key.rpartition("/")[2] for key in traces.keys(self._s3, bucket, f"eventlog_v2_{application}/")]
        files = [each for each in names if each.startswith("events_")]
        return f"{len(files)} files in {bucket}" if f"appstatus_{application}" in names and files else ""

    def _listed(self) -> str:
        attempts = traces.history(self._pods.application).get("attempts") or [{}]
        return f"completed after {attempts[0]['duration'] / 1000:.0f} s" if attempts[0].get("completed") else ""

    def _requests(self) -> list[dict[str, Any]]:
        return traces.requests_of(self._directory, f"{self._application.namespace}/{DEFAULT_SERVICE_ACCOUNT}")

    def _allowed(self) -> str:
        requests = self._requests()[self._seen_requests :]
        refused = sorted(
            {f"{each['operation']}: {each['message']}" for each in requests if each["decision"] != "allowed"}
        )
        if refused:
            raise HopelessError("; ".join(refused))
        return f"{len(requests)} requests" if requests else ""

    def _shipped(self) -> str:
        command = python_module("moka_logs", self._pods.application, "--stack", self._application.account.environment)
        done = subprocess.run(
            command,
            cwd=traces.project_root(),
            env={**os.environ, **aws_environment(self._directory)},
            capture_output=True,
            text=True,
            check=False,
        )
        # Role and pod go before each line.
        pods = {line.partition(" ")[0] for line in done.stdout.splitlines()}
        has_executor = any(pod.startswith("executor/") for pod in pods)
        return (
            f"{len(done.stdout.splitlines())} lines of {len(pods)} pods"
            if done.returncode == 0 and has_executor
            else ""
        )

    def _kubectl(self, what: str) -> str:
        return f"kubectl describe pods --namespace {self._application.namespace} tells what {what} waits for"


def _buckets(account: Account) -> dict[str, str]:
    purposes = ("spark-events", "spark-logs")
    return {each: f"moka-{account.environment}-{each}-{account.id}-{account.region}" for each in purposes}
