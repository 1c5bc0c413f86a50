"""What has to happen when the word count runs, wherever that is: each step looks for one thing and says what it found.

Leaves out what only one kind of cluster can see: `driver_log.py` here, `local_cluster/spark` for a cluster on this
machine.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from components.buckets.log_bucket import bucket_name
from components.scheduler.workloads import SCHEDULER_NAME
from moka_logs.event_log_parts import find_parts
from moka_smoke.application_pods import ApplicationPods, Pod
from moka_smoke.milestones import HopelessError, Milestone, WrongError
from moka_smoke.pages import Pages, history, metric_names, queue_of
from moka_smoke.submission import Submission
from moka_smoke.word_count import WordCount, expected_counts

# A node that Karpenter has to start, and an image that it has to pull.
START_SECONDS = 600


class Steps:
    """The steps of one run.

    Args:
        application: what was submitted.
        submission: by which way.
        pods: of the application.
        s3: an Amazon S3 client of boto3 that reads the team's bucket.
        logs: one that reads the log buckets.
        pages: the way to pages of the platform.
        where: says on which nodes pods are, or raises `HopelessError`.
    """

    def __init__(
        self,
        application: WordCount,
        submission: Submission,
        pods: ApplicationPods,
        *,
        s3: Any,
        logs: Any,
        pages: Pages,
        where: Callable[[Sequence[Pod]], str],
    ) -> None:
        self._application, self._submission, self._pods = application, submission, pods
        self._s3, self._logs, self._pages, self._where = s3, logs, pages, where
        self._began = time.time()

    def submitted(self) -> Milestone:
        """Whoever submits has made a driver."""
        return Milestone(self._submission.what, self._driver_made, 120, self._submission.advice)

    def driver_runs(self, name: str = "the driver ran") -> Milestone:
        """The driver has a node."""
        return Milestone(name, self._driver_runs, START_SECONDS, self._waiting("driver"))

    def executors_run(self, name: str = "executors ran") -> Milestone:
        """All executors run at the same time."""
        return Milestone(name, self._executors_run, START_SECONDS, self._waiting("executor"))

    def queue_used(self, queue: str) -> Milestone:
        """YuniKorn has it in its team's queue."""
        return Milestone(
            "it was in its team's queue",
            lambda: self._queue(queue),
            60,
            "docs/queues.md says how pods find their queue, and kubectl --namespace yunikorn logs "
            "deployment/yunikorn-scheduler what YuniKorn thinks of them",
        )

    def counted(self) -> Milestone:
        """The result is in the team's bucket, and right."""
        return Milestone(
            "counts are in S3 and right",
            self._counts,
            180,
            f"the driver's log says what S3 answered: kubectl --namespace {self._application.namespace} logs "
            f"--selector spark-role=driver,spark-app-name={self._application.name}",
        )

    def ended(self) -> Milestone:
        """The driver has ended well."""
        return Milestone("the driver ended with exit code 0", self._ended, 180, self._waiting("driver"))

    def event_log_whole(self) -> Milestone:
        """The event log has all its files and says that the application ended."""
        return Milestone(
            "the event log is in its bucket, whole",
            self._event_log,
            60,
            "the driver's log says why not; docs/event-logs.md says what has to be there",
        )

    def history_lists_it(self, seconds: float) -> Milestone:
        """The History Server has read it.

        Args:
            seconds: how long that may take; it looks every `spark.history_server.update_interval_seconds`.
        """
        return Milestone(
            "the History Server lists it",
            self._listed,
            seconds,
            "kubectl --namespace spark-history logs deployment/spark-history-server tells what it read",
        )

    def metrics_kept(self) -> Milestone:
        """Prometheus has metrics of driver and executors."""
        return Milestone(
            "metrics are in Prometheus",
            self._metrics,
            120,
            "kubectl logs --namespace monitoring daemonset/otel-agent tells what was scraped; docs/metrics.md has the "
            "way of a metric",
        )

    def _driver_made(self) -> str:
        self._submission.require()
        return self._pods.application

    def _driver_runs(self) -> str:
        driver = self._pods.driver
        if not driver or driver["status"].get("phase") == "Pending":
            return ""
        return self._where([driver])

    def _executors_run(self) -> str:
        running = [each for each in self._pods.of("executor") if each["status"].get("phase") == "Running"]
        self._pods.require_driver()
        return self._where(running) if len(running) == self._application.executors else ""

    def _queue(self, expected: str) -> str:
        scheduler = self._pods.driver.get("spec", {}).get("schedulerName", "")
        found = queue_of(self._pages, self._pods.application)
        if found and found != expected:
            raise WrongError(f"it was in {found}, and its team's is {expected}")
        if not found and self._pods.driver and scheduler != SCHEDULER_NAME:
            raise WrongError(f"{scheduler or 'nobody'} scheduled its driver, and not YuniKorn")
        return found

    def _counts(self) -> str:
        self._pods.require_driver()
        counted = self._application.counts(self._s3)
        if counted is None:
            return ""
        if counted != expected_counts():
            raise WrongError(f"counted {counted}, and {expected_counts()} is right")
        return f"{len(counted)} words in s3://{self._application.bucket}/{self._application.key('counts/')}"

    def _ended(self) -> str:
        ended = self._pods.driver_ended
        if ended and ended["exitCode"] != 0:
            last = self._pods.last_lines(self._pods.driver["metadata"]["name"])
            raise HopelessError(f"exit code {ended['exitCode']}:\n{last}")
        return f"{time.time() - self._began:.0f} s after it was submitted" if ended else ""

    def _event_log(self) -> str:
        bucket = bucket_name("spark-events", self._application.account)
        if not (application := self._pods.application):
            return ""
        parts = find_parts(self._logs, bucket, application, self._application.namespace)
        return f"{len(parts.finished)} files in {bucket}" if parts.ended and parts.finished else ""

    def _listed(self) -> str:
        if not (application := self._pods.application):
            return ""
        attempts = history(self._pages, application).get("attempts") or [{}]
        return f"completed after {attempts[0]['duration'] / 1000:.0f} s" if attempts[0].get("completed") else ""

    def _metrics(self) -> str:
        if not (application := self._pods.application):
            return ""
        names = metric_names(self._pages, application, self._began)
        kinds = ("spark_driver_", "metrics_executor_")
        has_both = all(any(name.startswith(kind) for name in names) for kind in kinds)
        return f"{len(names)} metrics of driver and executors" if has_both else ""

    def _waiting(self, role: str) -> str:
        return (
            f"kubectl --namespace {self._application.namespace} describe pods --selector spark-role={role} tells what "
            "they wait for; docs/queues.md and docs/capacity.md what that means"
        )
