"""On this machine a run also looks at nodes, at files of logs and at the log of requests, and names what is wrong."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from kubernetes.client import ApiClient
from moto import mock_aws

from components.account import Account
from components.images.table import FLUENT_BIT
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.kind_of_node import LABEL, REAL, SIMULATED
from local_cluster.nodes.real.roster import Role, write_roster
from local_cluster.spark import run
from local_cluster.spark.application import LocalApplication
from local_cluster.spark.run import Run
from local_cluster.spark.submitting_pod import SUBMITTER
from local_cluster.spark.way import Way
from moka_smoke import submission
from moka_smoke.access import Access
from moka_smoke.milestones import HopelessError, Milestone, WrongError, follow
from moka_smoke.word_count import WordCount, keys
from tests.moka_smoke.fakes import FakeObjects, FakePages, node, pod
from tests.moka_smoke.test_milestones import Clock

APPLICATION = "spark-0123"
DRIVER, EXECUTORS = "word-count-driver", ("word-count-exec-1", "word-count-exec-2")
EVENTS, SYSTEM = (f"moka-dev-{each}-111111111111-us-east-1" for each in ("spark-events", "system-logs"))
USED = "m7gd.2xlarge:memory=1000,m7gd.2xlarge:vcore=2000"


class World:
    """A run, and what it looks at."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory = ClusterDirectory(root, "dev")
        self.directory.make()
        self.cluster, self.s3 = FakeObjects("SparkApplication"), boto3.client("s3", region_name="us-east-1")
        self.pages = FakePages()
        self.persons: list[str] = []
        for name, kind in {"real-1": REAL, "real-2": REAL, "ip-1": SIMULATED}.items():
            self.cluster.put(node(name, {LABEL: kind}))
        for bucket in ("lake", EVENTS, SYSTEM):
            self.s3.create_bucket(Bucket=bucket)
        monkeypatch.setattr(run, "ports_of", lambda _: None)
        monkeypatch.setattr(run, "KubernetesApi", lambda *_: self.cluster)
        monkeypatch.setattr(run.traces, "s3_of", lambda *_: self.s3)
        monkeypatch.setattr(run.traces, "InClusterPages", lambda: self.pages)
        monkeypatch.setattr(run, "access", self.access)
        monkeypatch.setattr(submission, "time", Clock())
        word_count = WordCount(Account("dev", "111111111111", "us-east-1"), "spark:1", "sales", "lake")
        self.application = LocalApplication(word_count, "root.spark-sales", "seller")
        self.asked("refused in an earlier run", "denied")
        self.run = Run(self.directory, self.application, Way.OPERATOR)

    def access(self, _: str, context: str, scratch: Path) -> Access:
        """The cluster, as a person has it."""
        assert scratch == self.directory.root
        self.persons.append(context)
        return Access(ApiClient(), self.cluster)

    def pod(self, name: str, role: str = "", phase: str = "Running", node: str = "real-1") -> None:
        """A pod of the team's."""
        self.cluster.put(pod(name, role, phase, node=node, namespace="spark-sales"))

    def asked(self, operation: str, decision: str) -> None:
        """A request of the application to AWS."""
        entry = {"serviceAccount": "spark-sales/spark", "operation": operation, "decision": decision, "message": "no"}
        with (self.directory.logs / "aws-requests.jsonl").open("a") as log:
            log.write(json.dumps(entry) + "\n")

    def wrote(self, pod: str, *lines: str, namespace: str = "spark-sales") -> None:
        """A pod's log."""
        file = self.directory.nodes / "real-1" / "var" / "log" / "pods" / f"{namespace}_{pod}_1" / "a" / "0.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"2026-11-25T10:00:00Z stdout F {line}\n" for line in lines))

    def milestone(self, words: str) -> Milestone:
        (found,) = [each for each in self.run.milestones if words in each.name]
        return found

    def look(self, words: str) -> str:
        return self.milestone(words).look()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A cluster before the application is submitted."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield World(tmp_path, monkeypatch)


def test_input_and_program_are_laid_out_and_a_person_of_the_team_makes_the_application_anew(world: World) -> None:
    world.cluster.put({"kind": "SparkApplication", "metadata": {"name": "word-count", "namespace": "spark-sales"}})
    world.pod(SUBMITTER, phase="Succeeded")
    world.pod(DRIVER, "driver", "Succeeded")
    world.run.submit()
    assert world.persons == ["seller"]
    assert keys(world.s3, "lake", "") == ["word_count.py", "words.txt"]
    made = [each for each in world.cluster.stored if each["kind"] != "Node"]
    assert [(each["kind"], "spec" in each) for each in made] == [("SparkApplication", True)]


def test_a_pod_submits_where_that_is_asked_for(world: World) -> None:
    Run(world.directory, world.application, Way.SPARK_SUBMIT).submit()
    assert [each["metadata"]["name"] for each in world.cluster.stored if each["kind"] == "Pod"] == [SUBMITTER]


def test_an_application_in_another_queue_than_its_teams_is_wrong(world: World) -> None:
    world.pod(DRIVER, "driver")
    assert world.look("queue") == ""
    world.pages.queues[APPLICATION] = "root.default"
    with pytest.raises(WrongError, match=r"root\.default, and its team's is root\.spark-sales"):
        world.look("queue")


def test_a_failed_submission_ends_every_wait_and_each_milestone_is_told(world: World) -> None:
    world.run.submit()
    world.cluster.stored[-1]["status"] = {
        "applicationState": {"state": "SUBMISSION_FAILED", "errorMessage": "no such image"}
    }
    with pytest.raises(HopelessError, match="could not submit it: no such image"):
        world.look("submitted it")
    said: list[str] = []
    outcomes = follow(world.run.milestones, said.append)
    assert not any(each.happened for each in outcomes)
    assert len(said) == len(world.run.milestones)


def test_driver_and_executors_count_once_they_run_on_real_nodes(world: World) -> None:
    world.run.submit()
    world.pod(DRIVER, "driver", "Pending")
    assert world.look("submitted it") == APPLICATION
    assert world.look("the driver runs") == ""
    world.pod(DRIVER, "driver")
    assert world.look("the driver runs") == f"{DRIVER} on real-1"
    world.pod(EXECUTORS[0], "executor", node="real-2")
    world.pod(EXECUTORS[1], "executor", "Pending")
    assert world.look("executors run") == ""
    world.pod(EXECUTORS[1], "executor")
    assert world.look("executors run") == f"{EXECUTORS[0]} on real-2, {EXECUTORS[1]} on real-1"


def test_a_driver_on_a_simulated_node_is_hopeless_since_it_would_do_nothing(world: World) -> None:
    world.pod(DRIVER, "driver", node="ip-1")
    with pytest.raises(HopelessError, match="ip-1 is simulated"):
        world.look("the driver runs")


def test_a_driver_that_failed_is_told_with_the_last_words_on_its_node(world: World) -> None:
    world.pod(DRIVER, "driver", "Failed")
    world.wrote(DRIVER, "AccessDenied")
    with pytest.raises(HopelessError, match="the driver failed:\n    AccessDenied"):
        world.look("executors run")


def test_log_lines_count_once_every_pod_has_some_of_this_application(world: World) -> None:
    world.pod(DRIVER, "driver")
    world.pod(EXECUTORS[0], "executor")
    line = json.dumps({"application": APPLICATION})
    world.wrote(DRIVER, line, "plain", line)
    world.wrote(EXECUTORS[0], json.dumps({"application": "spark-other"}))
    assert world.look("log lines are in /var") == ""
    world.wrote(EXECUTORS[0], line)
    assert world.look("log lines are in /var") == f"2 of {DRIVER}, 1 of {EXECUTORS[0]}"


def test_requests_of_this_run_alone_are_judged_and_each_refusal_is_named_once(world: World) -> None:
    assert world.look("refused nothing") == ""
    world.asked("PutObject", "allowed")
    assert world.look("refused nothing") == "1 requests"
    for _ in range(2):
        world.asked("DeleteObject", "not allowed")
    with pytest.raises(WrongError, match=r"^DeleteObject: no$"):
        world.look("refused nothing")


def test_shipped_lines_are_looked_for_where_a_log_agent_runs(world: World) -> None:
    assert not [each for each in world.run.milestones if "moka_logs" in each.name]
    write_roster(world.directory, [Role("real-1", "spark", images=(FLUENT_BIT.below("registry.example").reference,))])
    assert [each.name for each in world.run.milestones[-2:]] == [
        "its log lines are in the bucket, and moka_logs finds them",
        "its usage is in the bucket, for Athena",
    ]


def summary_of(application: str) -> str:
    """As YuniKorn writes it."""
    return (
        f"2026-11-25T10:00:00.000Z INFO core.scheduler.application.usage objects/application_summary.go:60 "
        f"YK_APP_SUMMARY: {{ApplicationID: {application}, SubmissionTime: 1, StartTime: 2, FinishTime: 3, "
        f"User: seller, Queue: root.spark-sales, State: Completed, RmID: moka, ResourceUsage: TrackedResource{{{USED}}}"
        ", PreemptedResource: TrackedResource{}, PlaceholderResource: TrackedResource{}}"
    )


def test_what_yunikorn_says_of_this_application_is_looked_for_on_its_node(world: World) -> None:
    world.pod(DRIVER, "driver", "Succeeded")
    world.wrote("yunikorn-scheduler-5d-1", summary_of("spark-other"), namespace="yunikorn")
    assert world.look("what it used") == ""
    world.wrote("yunikorn-scheduler-5d-2", summary_of(APPLICATION), namespace="yunikorn")
    assert world.look("what it used") == f"Completed: {USED}"


def test_its_usage_has_to_be_in_the_bucket_once(world: World) -> None:
    write_roster(world.directory, [Role("real-1", "spark", images=(FLUENT_BIT.below("registry.example").reference,))])
    world.pod(DRIVER, "driver", "Succeeded")

    def ship(name: str, *applications: str) -> None:
        rows = [{"application_id": each, "resource_usage": USED, "user": "seller"} for each in applications]
        body = gzip.compress("\n".join(map(json.dumps, rows)).encode())
        world.s3.put_object(Bucket=SYSTEM, Key=f"yunikorn-usage/moka-dev/dt=2026-11-25/{name}.json.gz", Body=body)

    ship("1", "spark-other")
    assert world.look("for Athena") == ""
    ship("2", "spark-another", APPLICATION)
    assert world.look("for Athena") == f"{USED} of seller"
    ship("3", APPLICATION)
    with pytest.raises(WrongError, match="there 2 times"):
        world.look("for Athena")


def test_what_every_cluster_shows_is_looked_for_in_the_order_in_which_it_happens(world: World) -> None:
    assert [each.name for each in world.run.milestones] == [
        "the Spark Operator submitted it",
        "the driver runs on a real node",
        "executors run on real nodes",
        "log lines are in /var/log/pods as JSON",
        "it was in its team's queue",
        "counts are in S3 and right",
        "metrics are in Prometheus",
        "the driver ended with exit code 0",
        "the event log is in its bucket, whole",
        "the History Server lists it",
        "YuniKorn says what it used",
        "its role was refused nothing",
    ]
