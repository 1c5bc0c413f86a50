"""Submits the word count and follows it, inside a cluster's namespaces: `python -m local_cluster.spark.run`."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.account import Account
from components.logs.versions import FLUENT_BIT
from components.spark.spark_jobs import NAMESPACE
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.directory import ClusterDirectory
from local_cluster.inside import aws_environment
from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.nodes.kind_of_node import is_real
from local_cluster.nodes.real.roster import read_roster
from local_cluster.python_process import python_module
from local_cluster.settings import ports_of
from local_cluster.spark import traces
from local_cluster.spark.milestones import HopelessError, Milestone, Outcome, follow
from local_cluster.spark.word_count import (
    EXECUTORS,
    INPUT_KEY,
    JOB,
    JOB_KEY,
    NAME,
    OUTPUT_PREFIX,
    SUBMITTER,
    WordCount,
    expected_counts,
    text,
)
from offline.progress import say

_LAST_LINES = 12


class Run:
    """One run of the word count.

    Args:
        directory: of the cluster.
        application: what is submitted.
    """

    def __init__(self, directory: ClusterDirectory, application: WordCount) -> None:
        self._directory, self._application = directory, application
        self._api = KubernetesApi(directory, ports_of(directory))
        self._s3 = traces.s3_of(directory, application.account.region)
        self._buckets = _buckets(application.account)
        self._began = time.time()
        self._seen_requests = len(self._requests())

    def submit(self) -> None:
        """Lay out input and program, and start the pod that submits."""
        self._remove_earlier()
        bucket = self._application.bucket
        self._s3.put_object(Bucket=bucket, Key=INPUT_KEY, Body=text().encode())
        self._s3.put_object(Bucket=bucket, Key=JOB_KEY, Body=JOB.read_bytes())
        self._api.apply(*self._application.objects())
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

    def _remove_earlier(self) -> None:
        for pod in self._pods():
            self._api.remove(pod)
        deadline = time.monotonic() + 60
        while self._pods() and time.monotonic() < deadline:
            time.sleep(1)

    def _pods(self, role: str = "") -> list[dict[str, Any]]:
        """Pods of the application that are younger than this run, or all; by role, or with the one that submits."""
        found = self._api.listed("Pod", namespace=NAMESPACE)
        return [
            each
            for each in found
            if (
                (labels := each["metadata"].get("labels") or {}).get("spark-app-name") == NAME
                and role in ("", labels.get("spark-role"))
            )
            or (not role and each["metadata"]["name"] == SUBMITTER)
        ]

    def _driver(self) -> dict[str, Any]:
        drivers = self._pods("driver")
        return drivers[0] if drivers else {}

    def _id(self) -> str:
        driver = self._driver()
        return driver["metadata"]["labels"]["spark-app-selector"] if driver else ""

    def _driver_made(self) -> str:
        for pod in self._pods():
            if pod["metadata"]["name"] == SUBMITTER and pod["status"].get("phase") == "Failed":
                raise HopelessError(f"spark-submit failed:\n{self._tail(SUBMITTER)}")
        return self._id()

    def _driver_runs(self) -> str:
        driver = self._driver()
        if not driver or driver["status"].get("phase") == "Pending":
            return ""
        return self._on_real_node([driver])

    def _executors_run(self) -> str:
        running = [each for each in self._pods("executor") if each["status"].get("phase") == "Running"]
        self._require_driver()
        return self._on_real_node(running) if len(running) == EXECUTORS else ""

    def _lines(self) -> str:
        application = self._id()
        told = []
        for pod in (*self._pods("driver"), *self._pods("executor")):
            name = pod["metadata"]["name"]
            lines = traces.as_json(traces.log_lines(self._directory, NAMESPACE, name))
            count = sum(1 for line in lines if line.get("application") == application)
            if not count:
                return ""
            told.append(f"{count} of {name}")
        return ", ".join(told)

    def _counts(self) -> str:
        self._require_driver()
        counted = {
            word: int(count)
            for driver in self._pods("driver")
            for line in traces.log_lines(self._directory, NAMESPACE, driver["metadata"]["name"])
            if line.startswith("counted ")
            for _, word, count in [line.split()]
        }
        if len(counted) < len(expected_counts()):
            return ""
        if counted != expected_counts():
            raise HopelessError(f"counted {counted}, and {dict(expected_counts())} is right")
        written = traces.keys(self._s3, self._application.bucket, f"{OUTPUT_PREFIX}/")
        names = {key.rpartition("/")[2] for key in written}
        return f"{len(written)} objects, {len(counted)} words" if "_SUCCESS" in names else ""

    def _metrics(self) -> str:
        found = traces.series(f'{{job=~"spark|spark-executors",spark_app_id="{self._id()}"}}')
        names = {each["metric"]["__name__"] for each in found}
        has_both = all(
            any(name.startswith(start) for name in names) for start in ("spark_driver_", "metrics_executor_")
        )
        return f"{len(names)} metrics of driver and executors" if has_both else ""

    def _ended(self) -> str:
        driver = self._driver()
        for status in driver.get("status", {}).get("containerStatuses") or []:
            ended = status.get("state", {}).get("terminated")
            if ended and ended["exitCode"] != 0:
                raise HopelessError(f"exit code {ended['exitCode']}:\n{self._tail(driver['metadata']['name'])}")
            if ended:
                return f"{time.time() - self._began:.0f} s after it was submitted"
        return ""

    def _event_log(self) -> str:
        application = self._id()
        bucket = self._buckets["spark-events"]
        names = [key.rpartition("/")[2] for key in traces.keys(self._s3, bucket, f"eventlog_v2_{application}/")]
        files = [each for each in names if each.startswith("events_")]
        return f"{len(files)} files in {bucket}" if f"appstatus_{application}" in names and files else ""

    def _listed(self) -> str:
        attempts = traces.history(self._id()).get("attempts") or [{}]
        return f"completed after {attempts[0]['duration'] / 1000:.0f} s" if attempts[0].get("completed") else ""

    def _requests(self) -> list[dict[str, Any]]:
        return traces.requests_of(self._directory, f"{NAMESPACE}/{NAME}")

    def _allowed(self) -> str:
        requests = self._requests()[self._seen_requests :]
        refused = sorted(
            {f"{each['operation']}: {each['message']}" for each in requests if each["decision"] != "allowed"}
        )
        if refused:
            raise HopelessError("; ".join(refused))
        return f"{len(requests)} requests" if requests else ""

    def _shipped(self) -> str:
        command = python_module("moka_logs", self._id(), "--stack", self._application.account.environment)
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

    def _require_driver(self) -> None:
        driver = self._driver()
        if driver.get("status", {}).get("phase") == "Failed":
            raise HopelessError(f"the driver failed:\n{self._tail(driver['metadata']['name'])}")

    def _on_real_node(self, pods: Sequence[dict[str, Any]]) -> str:
        real = {each["metadata"]["name"] for each in self._api.listed("Node") if is_real(each)}
        nodes = [each["spec"].get("nodeName", "") for each in pods]
        if simulated := set(nodes) - real:
            raise HopelessError(f"{', '.join(sorted(simulated))} is simulated")
        return ", ".join(f"{each['metadata']['name']} on {node}" for each, node in zip(pods, nodes, strict=True))

    def _tail(self, pod: str) -> str:
        lines = list(traces.log_lines(self._directory, NAMESPACE, pod))[-_LAST_LINES:]
        return "\n".join(f"    {line[:400]}" for line in lines)

    @staticmethod
    def _kubectl(what: str) -> str:
        return f"kubectl describe pods --namespace {NAMESPACE} tells what {what} waits for"


def _buckets(account: Account) -> dict[str, str]:
    purposes = ("spark-events", "spark-logs")
    return {each: f"moka-{account.environment}-{each}-{account.id}-{account.region}" for each in purposes}


def summary(outcomes: Sequence[Outcome]) -> str:
    """The end of it, in lines."""
    missing = [each.name for each in outcomes if not each.happened]
    if missing:
        return f"{len(missing)} of {len(outcomes)} are missing: {'; '.join(missing)}"
    return f"The word count went through: {len(outcomes)} of {len(outcomes)}."


def main() -> None:
    """Submit and follow; the exit code is 0 when everything happened."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--image", required=True)
    options = parser.parse_args()
    directory = ClusterDirectory(options.directory, options.stack)
    deployment = DeploymentFile(directory.deployment).latest()
    account = Account(options.stack, deployment.account_id, deployment.region)
    run = Run(directory, WordCount(account, options.image))
    run.submit()
    outcomes = follow(run.milestones, say)
    print(summary(outcomes))
    sys.exit(0 if all(each.happened for each in outcomes) else 1)


if __name__ == "__main__":
    main()
