"""An environment in memory: its cluster, its pages, its buckets, and a word count that runs as it should."""

import gzip
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import boto3
import pytest
from moto import mock_aws

from moka_smoke import cli, milestones, run, submission
from moka_smoke.access import Access
from moka_smoke.word_count import expected_counts, keys
from tests.moka_smoke.fakes import FakeObjects, FakePages, Object, node, pod
from tests.moka_smoke.test_milestones import Clock

NAMESPACE, QUEUE = "spark-analytics", "root.spark-analytics"
DATA = "amzn-s3-demo-bucket-dev-analytics"
EVENTS, LOGS = (f"moka-dev-{each}-222222222222-us-east-1" for each in ("spark-events", "spark-logs"))
ID = "spark-0123"
NODES = {
    "node-1": {
        "karpenter.sh/nodepool": "elastic-graviton",
        "karpenter.sh/capacity-type": "spot",
        "node.kubernetes.io/instance-type": "m7gd.2xlarge",
        "kubernetes.io/arch": "arm64",
    },
    "node-2": {
        "eks.amazonaws.com/nodegroup": "spark-intel-1a2b",
        "eks.amazonaws.com/capacityType": "ON_DEMAND",
        "node.kubernetes.io/instance-type": "m6id.2xlarge",
        "kubernetes.io/arch": "amd64",
    },
}
COUNTED = [f"counted {word} {count}" for word, count in expected_counts().items()]


class FakeAccess(Access):
    """Rights in the cluster in memory, which says what a pod has written."""

    def last_lines(self, namespace: str, pod: str) -> list[str]:
        return [f"last words of {namespace}/{pod}"]


class Environment:
    """Environment dev, in which a submitted word count runs through at once; tests take out what they want to miss.

    Args:
        monkeypatch: of the test.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.pages, self.objects = Clock(), FakePages(), FakeObjects("SparkApplication")
        self.contexts: list[str | None] = []
        self.s3 = boto3.client("s3", region_name="us-east-1")
        for bucket in (DATA, EVENTS, LOGS):
            self.s3.create_bucket(Bucket=bucket)
        defaults = {"spark-defaults.conf": f"spark.eventLog.dir s3a://{EVENTS}/\n"}
        self.objects.put(
            {"kind": "ConfigMap", "metadata": {"name": "spark-defaults", "namespace": NAMESPACE}, "data": defaults}
        )
        for name, labels in NODES.items():
            self.objects.put(node(name, labels))
        # What happens after a submission, by name, in order.
        self.happens: dict[str, Callable[[str], object]] = {
            "driver": self.driver,
            "executors": self.executors,
            "queue": lambda _: self.pages.queues.update({ID: QUEUE}),
            "counts": self.count,
            "log": self.ship,
            "event log": self.log_events,
            "history": lambda _: self.pages.history.append(
                {"id": ID, "attempts": [{"completed": True, "duration": 31_000}]}
            ),
            "metrics": lambda _: self.pages.series.extend(
                {"__name__": each} for each in ("spark_driver_jvm", "metrics_executor_rddBlocks")
            ),
        }
        self.objects.created = self.submitted
        self.objects.removed = self.removed
        monkeypatch.setattr(milestones, "time", self.clock)
        monkeypatch.setattr(submission, "time", self.clock)
        monkeypatch.setattr(cli, "access", self.access)
        monkeypatch.setattr(run, "ForwardedPages", lambda *_: self.pages)

    def access(self, _: str | None, context: str | None, __: Any) -> FakeAccess:
        """Log in."""
        self.contexts.append(context)
        return FakeAccess(None, self.objects)  # pyright: ignore[reportArgumentType]

    @property
    def applications(self) -> list[Object]:
        """SparkApplications that are there."""
        return [each for each in self.objects.stored if each["kind"] == "SparkApplication"]

    @property
    def data(self) -> list[str]:
        """Keys in the team's bucket."""
        return keys(self.s3, DATA, "")

    def submitted(self, application: Object) -> None:
        """Run it."""
        self.application = application
        for happen in self.happens.values():
            happen(application["metadata"]["name"])

    def removed(self, _: Object) -> None:
        """What Kubernetes deletes with it."""
        self.objects.stored = [each for each in self.objects.stored if each["kind"] != "Pod"]

    def driver(self, name: str, phase: str = "Succeeded", exit_code: int | None = 0, **more: Any) -> None:
        self.objects.put(pod(f"{name}-driver", "driver", phase, application=name, exit_code=exit_code, **more))

    def executors(self, name: str, phase: str = "Running") -> None:
        for number, where in enumerate(("node-1", "node-2"), start=1):
            self.objects.put(pod(f"{name}-exec-{number}", "executor", phase, node=where, application=name))

    def count(self, name: str, counts: dict[str, int] | None = None) -> None:
        rows = [json.dumps({"word": word, "count": count}) for word, count in (counts or expected_counts()).items()]
        for file, body in {"_SUCCESS": "", "part-0.json": "\n".join(rows)}.items():
            self.s3.put_object(Bucket=DATA, Key=f"{name}/counts/json/{file}", Body=body.encode())

    def ship(self, _: str, *lines: str, pod: str = "driver/the-driver") -> None:
        body = gzip.compress("".join(f"{line}\n" for line in lines or COUNTED).encode())
        self.s3.put_object(Bucket=LOGS, Key=f"spark/{NAMESPACE}/{ID}/{pod}/20261123T100000-1f.log.gz", Body=body)

    def log_events(self, _: str, *files: str) -> None:
        for file in files or (f"events_1_{ID}", f"appstatus_{ID}"):
            self.s3.put_object(Bucket=EVENTS, Key=f"teams/{NAMESPACE}/eventlog_v2_{ID}/{file}", Body=b"{}")

    def instead(self, what: str, happen: Callable[..., object], *arguments: Any, **named: Any) -> None:
        """Let something else happen, such as `count` with other arguments."""
        self.happens[what] = lambda name: partial(happen, name)(*arguments, **named)

    def never(self, what: str) -> None:
        """Let something not happen."""
        del self.happens[what]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    """Environment dev."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield Environment(monkeypatch)
