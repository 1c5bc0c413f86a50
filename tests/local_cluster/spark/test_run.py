"""What follows a word count looks in the right places, and names what went wrong there instead of waiting for it."""

import json
from pathlib import Path
from typing import Any

import pytest

from components.account import Account
from components.logs.versions import FLUENT_BIT
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.kind_of_node import LABEL, REAL, SIMULATED
from local_cluster.nodes.real.roster import Role, write_roster
from local_cluster.spark import run
from local_cluster.spark.milestones import HopelessError, Milestone, Outcome, follow, summary
from local_cluster.spark.run import Run
from local_cluster.spark.word_count import JOB_KEY, NAME, SUBMITTER, WordCount, expected_counts

APPLICATION = "spark-0123"
DRIVER, EXECUTORS = "word-count-driver", ("word-count-exec-1", "word-count-exec-2")
COUNTED = [f"counted {word} {count}" for word, count in expected_counts().items()]

Object = dict[str, Any]


class Cluster:
    """Pods and nodes, in memory."""

    def __init__(self) -> None:
        self.pods: list[Object] = []

    def listed(self, kind: str, **_: Any) -> list[Object]:
        kinds = {"real-1": REAL, "real-2": REAL, "ip-1": SIMULATED}
        nodes = [{"metadata": {"name": name, "labels": {LABEL: kind}}} for name, kind in kinds.items()]
        return nodes if kind == "Node" else self.pods

    def apply(self, *_: Object) -> None:
        """The pod that submits is put there by each test."""

    def remove(self, pod: Object) -> None:
        self.pods.remove(pod)

    def pod(self, name: str, role: str = "", phase: str = "Running", node: str = "real-1", **status: Any) -> None:
        labels = {"spark-role": role, "spark-app-name": NAME, "spark-app-selector": APPLICATION} if role else {}
        self.pods = [each for each in self.pods if each["metadata"]["name"] != name]
        metadata = {"name": name, "labels": labels}
        self.pods.append({"metadata": metadata, "spec": {"nodeName": node}, "status": {"phase": phase, **status}})


class Buckets:
    """Objects of buckets, by bucket and key."""

    def __init__(self) -> None:
        self.objects: set[tuple[str, str]] = set()

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803 - as boto3 has them
        assert Body
        self.objects.add((Bucket, Key))

    def get_paginator(self, _operation: str) -> "Buckets":
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> list[Object]:  # noqa: N803
        found = [key for bucket, key in sorted(self.objects) if bucket == Bucket and key.startswith(Prefix)]
        return [{"Contents": [{"Key": key} for key in found]}]


class World:
    """A run, and what it looks at."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory = ClusterDirectory(root, "dev")
        self.directory.make()
        self.cluster, self.buckets = Cluster(), Buckets()
        self.metrics: list[str] = []
        self.history: Object = {}
        monkeypatch.setattr(run, "ports_of", lambda _: None)
        monkeypatch.setattr(run, "KubernetesApi", lambda *_: self.cluster)
        monkeypatch.setattr(run.traces, "s3_of", lambda *_: self.buckets)
        monkeypatch.setattr(run.traces, "series", lambda _: [{"metric": {"__name__": each}} for each in self.metrics])
        monkeypatch.setattr(run.traces, "history", lambda application: self.history if application else {})
        self.application = WordCount(Account("dev", "111111111111", "eu-west-1"), "spark:1", "sales", "lake")
        self.asked("refused in an earlier run", "denied")
        self.run = Run(self.directory, self.application)

    def asked(self, operation: str, decision: str) -> None:
        """A request of the application to AWS."""
        entry = {"serviceAccount": "spark-sales/spark", "operation": operation, "decision": decision, "message": "no"}
        with (self.directory.logs / "aws-requests.jsonl").open("a") as log:
            log.write(json.dumps(entry) + "\n")

    def wrote(self, pod: str, *lines: str) -> None:
        """A pod's log."""
        file = self.directory.nodes / "real-1" / "var" / "log" / "pods" / f"spark-sales_{pod}_1" / "a" / "0.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"2026-11-25T10:00:00Z stdout F {line}\n" for line in lines))

    def milestone(self, words: str) -> Milestone:
        (found,) = [each for each in self.run.milestones if words in each.name]
        return found

    def look(self, words: str) -> str:
        return self.milestone(words).look()

    def hopeless(self, words: str) -> str:
        with pytest.raises(HopelessError) as error:
            self.look(words)
        return str(error.value)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A cluster before the application is submitted."""
    return World(tmp_path, monkeypatch)


def test_input_and_program_are_laid_out_and_pods_of_an_earlier_run_go(world: World) -> None:
    world.cluster.pod(SUBMITTER, phase="Succeeded")
    world.cluster.pod(DRIVER, "driver", "Succeeded")
    world.cluster.pod("another-driver")
    world.run.submit()
    assert [each["metadata"]["name"] for each in world.cluster.pods] == ["another-driver"]
    assert (world.application.bucket, JOB_KEY) in world.buckets.objects


def test_a_failed_submission_ends_every_wait_and_each_milestone_is_told(world: World) -> None:
    world.cluster.pod(SUBMITTER, phase="Failed")
    world.wrote(SUBMITTER, "Exception: no such image")
    assert "spark-submit failed:\n    Exception: no such image" in world.hopeless("spark-submit")
    said: list[str] = []
    outcomes = follow(world.run.milestones, said.append)
    assert not any(each.happened for each in outcomes)
    assert len(said) == len(world.run.milestones)


def test_driver_and_executors_count_once_they_run_on_real_nodes(world: World) -> None:
    world.cluster.pod(DRIVER, "driver", "Pending")
    assert world.look("spark-submit") == APPLICATION
    assert world.look("the driver runs") == ""
    world.cluster.pod(DRIVER, "driver")
    assert world.look("the driver runs") == f"{DRIVER} on real-1"
    world.cluster.pod(EXECUTORS[0], "executor", node="real-2")
    world.cluster.pod(EXECUTORS[1], "executor", "Pending")
    assert world.look("executors run") == ""
    world.cluster.pod(EXECUTORS[1], "executor")
    assert world.look("executors run") == f"{EXECUTORS[0]} on real-2, {EXECUTORS[1]} on real-1"


def test_a_driver_on_a_simulated_node_is_hopeless_since_it_would_do_nothing(world: World) -> None:
    world.cluster.pod(DRIVER, "driver", node="ip-1")
    assert world.hopeless("the driver runs") == "ip-1 is simulated"


@pytest.mark.parametrize("words", ["executors run", "counts are"])
def test_who_waits_for_the_work_of_a_driver_that_failed_is_told_its_last_words(world: World, words: str) -> None:
    world.cluster.pod(DRIVER, "driver", "Failed")
    world.wrote(DRIVER, "AccessDenied")
    assert world.hopeless(words) == "the driver failed:\n    AccessDenied"


def test_log_lines_count_once_every_pod_has_some_of_this_application(world: World) -> None:
    world.cluster.pod(DRIVER, "driver")
    world.cluster.pod(EXECUTORS[0], "executor")
    line = json.dumps({"application": APPLICATION})
    world.wrote(DRIVER, line, "plain", line)
    world.wrote(EXECUTORS[0], json.dumps({"application": "spark-other"}))
    assert world.look("log lines are in /var") == ""
    world.wrote(EXECUTORS[0], line)
    assert world.look("log lines are in /var") == f"2 of {DRIVER}, 1 of {EXECUTORS[0]}"


def test_counts_are_right_and_committed_or_wrong_and_named(world: World) -> None:
    world.cluster.pod(DRIVER, "driver")
    world.wrote(DRIVER, *COUNTED[:-1])
    assert world.look("counts are") == ""
    world.wrote(DRIVER, *COUNTED)
    assert world.look("counts are") == "", "nothing is committed yet"
    world.buckets.objects = {(world.application.bucket, f"counts/{each}") for each in ("_SUCCESS", "part-0")}
    assert world.look("counts are") == f"2 objects, {len(COUNTED)} words"
    world.wrote(DRIVER, *COUNTED[:-1], COUNTED[-1] + "0")
    assert "is right" in world.hopeless("counts are")


def test_metrics_are_of_driver_and_executors(world: World) -> None:
    world.metrics = ["spark_driver_memory"]
    assert world.look("metrics") == ""
    world.metrics.append("metrics_executor_rddBlocks")
    assert world.look("metrics") == "2 metrics of driver and executors"


@pytest.mark.parametrize(("code", "happened"), [(0, True), (1, False)])
def test_a_driver_ends_well_or_with_its_exit_code_and_last_words(world: World, code: int, happened: bool) -> None:
    world.cluster.pod(DRIVER, "driver", containerStatuses=[{"state": {"running": {}}}])
    assert world.look("the driver ended") == ""
    world.cluster.pod(DRIVER, "driver", containerStatuses=[{"state": {"terminated": {"exitCode": code}}}])
    world.wrote(DRIVER, "the end")
    if happened:
        assert "after it was submitted" in world.look("the driver ended")
    else:
        assert world.hopeless("the driver ended") == "exit code 1:\n    the end"


def test_an_event_log_is_whole_once_its_status_is_no_longer_in_progress(world: World) -> None:
    world.cluster.pod(DRIVER, "driver")
    bucket, place = "moka-dev-spark-events-111111111111-eu-west-1", f"eventlog_v2_{APPLICATION}"
    mark = f"{place}/appstatus_{APPLICATION}"
    world.buckets.objects = {(bucket, f"{place}/events_1_{APPLICATION}"), (bucket, f"{mark}.inprogress")}
    assert world.look("the event log") == ""
    world.buckets.objects.add((bucket, mark))
    assert world.look("the event log") == f"1 files in {bucket}"


def test_the_history_server_has_it_once_it_is_completed_there(world: World) -> None:
    world.cluster.pod(DRIVER, "driver")
    assert world.look("History Server") == ""
    world.history = {"attempts": [{"completed": False, "duration": 0}]}
    assert world.look("History Server") == ""
    world.history = {"attempts": [{"completed": True, "duration": 31_000}]}
    assert world.look("History Server") == "completed after 31 s"


def test_requests_of_this_run_alone_are_judged_and_each_refusal_is_named_once(world: World) -> None:
    assert world.look("refused nothing") == ""
    world.asked("PutObject", "allowed")
    assert world.look("refused nothing") == "1 requests"
    for _ in range(2):
        world.asked("DeleteObject", "not allowed")
    assert world.hopeless("refused nothing") == "DeleteObject: no"


def test_shipped_lines_are_looked_for_where_a_log_agent_runs(world: World) -> None:
    assert not [each for each in world.run.milestones if "moka_logs" in each.name]
    write_roster(world.directory, [Role("real-1", "spark", images=(FLUENT_BIT.reference,))])
    assert world.milestone("moka_logs") == world.run.milestones[-1]


def test_the_end_says_what_is_missing() -> None:
    found, missing = Outcome("a", True, 1.0, ""), Outcome("b", False, 1.0, "")
    assert summary([found, found]) == "The word count went through: 2 of 2."
    assert summary([found, missing, missing]) == "2 of 3 are missing: b; b"
