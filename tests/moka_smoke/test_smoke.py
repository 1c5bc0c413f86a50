"""A run says of each step how it went, gives the code that goes with it, and leaves nothing behind unless told to."""

import os
import re
import signal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from kubernetes.config import ConfigException
from urllib3.exceptions import HTTPError

from moka_smoke import cli
from moka_smoke.__main__ import main as program
from moka_smoke.pages import HISTORY
from tests.moka_smoke.conftest import DATA, EVENTS, ID, LOGS, NAMESPACE, Environment

STEPS = 11


def smoke(*arguments: str) -> int:
    return cli.main(["dev", *arguments])


def missing(said: str) -> list[str]:
    """Names of the steps that did not happen."""
    return re.findall(r"\] MISSING: ([^:]+)", said)


def test_what_goes_through_is_told_step_by_step_and_leaves_nothing(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert smoke() == 0
    out, err = capsys.readouterr()
    assert out == f"The word count went through: {STEPS} of {STEPS}.\n"
    steps = [line for line in err.splitlines() if line.startswith("[")]
    assert [line.partition(":")[0] for line in steps] == [f"[{number}/{STEPS}] ok" for number in range(1, STEPS + 1)]
    assert "the Spark Operator submitted it: spark-0123" in steps[0]
    assert "-driver on node-1 (node pool elastic-graviton, spot, m7gd.2xlarge, arm64)" in steps[1]
    assert "-exec-2 on node-2 (node group spark-intel-1a2b, on-demand, m6id.2xlarge, amd64)" in steps[2]
    assert "it was in its team's queue: root.spark-analytics" in steps[3]
    assert "8 lines of driver/the-driver" in steps[4]
    assert "completed after 31 s" in steps[8]
    assert "none of 8 lines of 1 pods tells of a refusal" in steps[10]
    assert environment.applications == []
    assert environment.data == []


def test_the_application_and_its_data_have_a_name_of_this_run_alone(environment: Environment) -> None:
    smoke("--keep")
    smoke("--keep")
    first, second = (each["metadata"]["name"] for each in environment.applications)
    assert first != second
    assert {key.partition("/")[0] for key in environment.data} == {first, second}


def test_what_is_kept_is_named(environment: Environment, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke("--keep") == 0
    (application,) = environment.applications
    name = application["metadata"]["name"]
    assert f"kept: SparkApplication {name} in {NAMESPACE}, s3://{DATA}/{name}/" in capsys.readouterr().err
    assert f"{name}/words.txt" in environment.data


def test_options_reach_the_application(environment: Environment) -> None:
    environment.never("executors")
    smoke("--image", "registry.example/spark:2", "--executors", "3", "--timeout-minutes", "1")
    spec = environment.application["spec"]
    assert (spec["image"], spec["executor"]["instances"]) == ("registry.example/spark:2", 3)


@pytest.mark.parametrize(
    ("event", "step", "advice"),
    [
        ("driver", "the Spark Operator submitted it", "describe sparkapplication moka-smoke-"),
        ("executors", "executors ran", "describe pods --selector spark-role=executor"),
        ("queue", "it was in its team's queue", "docs/queues.md"),
        ("log", "the driver's log is in S3", "logs daemonset/fluent-bit"),
        ("counts", "counts are in S3 and right", "logs --selector spark-role=driver,spark-app-name=moka-smoke-"),
        ("event log", "the event log is in its bucket, whole", "docs/event-logs.md"),
        ("history", "the History Server lists it", "logs deployment/spark-history-server"),
        ("metrics", "metrics are in Prometheus", "docs/metrics.md"),
    ],
)
def test_a_step_that_does_not_happen_is_named_with_where_to_look_and_what_was_made_goes(
    environment: Environment, capsys: pytest.CaptureFixture[str], event: str, step: str, advice: str
) -> None:
    environment.never(event)
    assert smoke() == 1
    out, err = capsys.readouterr()
    assert step in missing(err)
    told = next(line for line in err.splitlines() if f"MISSING: {step}" in line)
    assert "not after " in told
    assert advice in told
    assert step in out
    if event != "driver":
        assert len(missing(err)) == (2 if event == "log" else 1), "one fault is one step"
    assert environment.applications == environment.data == []


def test_a_driver_that_fails_ends_every_wait_with_its_last_words(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.instead("driver", environment.driver, "Failed", 1)
    environment.never("executors")
    environment.never("counts")
    assert smoke() == 1
    err = capsys.readouterr().err
    assert f"executors ran: the driver failed:\n    last words of {NAMESPACE}/moka-smoke-" in err
    assert environment.clock.now == 1000.0
    assert environment.applications == environment.data == []


def test_fewer_executors_than_were_asked_for_are_waited_for(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert smoke("--executors", "3") == 1
    assert missing(capsys.readouterr().err) == ["executors ran"]
    assert environment.clock.now - 1000 == pytest.approx(600, abs=2)


def test_a_driver_that_ends_with_another_exit_code_is_told(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.instead("driver", environment.driver, "Running", 3)
    assert smoke() == 1
    assert "the driver ended with exit code 0: exit code 3:\n    last words of" in capsys.readouterr().err


def test_wrong_counts_are_shown_beside_the_right_ones(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.instead("counts", environment.count, {"moka": 1})
    assert smoke() == 1
    err = capsys.readouterr().err
    assert missing(err) == ["counts are in S3 and right"]
    assert "counted {'moka': 1}, and {'moka': 1000, " in err


@pytest.mark.parametrize(
    ("queue", "scheduler", "said"),
    [
        ("root.spark-ingest", "yunikorn", "it was in root.spark-ingest, and its team's is root.spark-analytics"),
        (None, "default-scheduler", "default-scheduler scheduled its driver, and not YuniKorn"),
    ],
)
def test_another_queue_or_scheduler_is_named_and_ends_no_other_step(
    environment: Environment, capsys: pytest.CaptureFixture[str], queue: str | None, scheduler: str, said: str
) -> None:
    environment.never("queue")
    environment.pages.queues = {ID: queue} if queue else {}
    environment.instead("driver", environment.driver, scheduler=scheduler)
    assert smoke() == 1
    err = capsys.readouterr().err
    assert missing(err) == ["it was in its team's queue"]
    assert said in err


def test_the_queue_of_an_application_that_has_ended_is_found_among_those(environment: Environment) -> None:
    environment.never("queue")
    environment.pages.completed = {"spark-other": "root.other", ID: "root.spark-analytics"}
    assert smoke() == 0


@pytest.mark.parametrize(
    "line",
    [
        '{"level": "WARN", "message": "PUT on x: AccessDenied (Service: S3, Status Code: 403)"}',
        "User: arn:aws:sts::222222222222:assumed-role/x is not authorized to perform: kms:GenerateDataKey",
        '{"message": "pods is forbidden: User \\"system:serviceaccount:spark-analytics:spark\\" cannot list"}',
    ],
)
def test_a_line_of_any_pod_that_tells_of_a_refusal_is_shown(
    environment: Environment, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    environment.happens["executor's log"] = lambda name: environment.ship(name, line, pod="executor/exec-1")
    assert smoke() == 1
    err = capsys.readouterr().err
    assert missing(err) == ["its role was refused nothing"]
    assert f"1 lines tell of a refusal:\n    executor/exec-1 {line}" in err


def test_half_a_log_is_waited_for(environment: Environment, capsys: pytest.CaptureFixture[str]) -> None:
    environment.instead("log", environment.ship, "counted moka 1000")
    assert smoke() == 1
    assert missing(capsys.readouterr().err) == ["the driver's log is in S3"]


@pytest.mark.parametrize("files", [(f"events_1_{ID}", f"appstatus_{ID}.inprogress"), (f"appstatus_{ID}",)])
def test_half_an_event_log_is_none(
    environment: Environment, capsys: pytest.CaptureFixture[str], files: tuple[str, ...]
) -> None:
    environment.instead("event log", environment.log_events, *files)
    assert smoke() == 1
    assert missing(capsys.readouterr().err) == ["the event log is in its bucket, whole"]


def test_an_application_that_the_history_server_takes_for_unfinished_is_waited_for(environment: Environment) -> None:
    environment.never("history")
    environment.pages.history = [{"id": ID, "attempts": [{"completed": False, "duration": 0}]}]
    assert smoke() == 1
    assert environment.clock.now - 1000 == pytest.approx(300 + 120, abs=2), "it looks every 300 seconds in dev"


@pytest.mark.parametrize("name", ["spark_driver_jvm", "metrics_executor_rddBlocks"])
def test_metrics_of_the_driver_or_of_executors_alone_are_not_enough(
    environment: Environment, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    environment.instead("metrics", lambda _: environment.pages.series.append({"__name__": name}))
    assert smoke() == 1
    assert missing(capsys.readouterr().err) == ["metrics are in Prometheus"]


def test_a_server_of_the_platform_that_is_away_is_named(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.pages.down.add(HISTORY)
    assert smoke() == 1
    err = capsys.readouterr().err
    assert missing(err) == ["the History Server lists it"]
    assert "(no pod of service spark-history-server is ready)" in err


def test_a_submission_that_the_operator_could_not_make_is_told_in_its_words(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.happens.clear()
    environment.happens["status"] = lambda _: environment.applications[0].update(
        status={"applicationState": {"state": "SUBMISSION_FAILED", "errorMessage": "failed to run spark-submit: x"}}
    )
    assert smoke() == 1
    err = capsys.readouterr().err
    assert "the operator could not submit it: failed to run spark-submit: x" in err
    assert len(missing(err)) == STEPS


def test_an_application_that_somebody_deletes_is_not_waited_for(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.happens = {"gone": lambda _: environment.objects.stored.pop()}
    assert smoke() == 1
    assert "is gone: somebody deleted it" in capsys.readouterr().err
    assert environment.clock.now == 1000.0


def test_a_cluster_without_the_operator_is_told_and_the_input_goes(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.objects.kinds.remove("SparkApplication")
    assert smoke() == 1
    assert "knows no SparkApplication: the Spark Operator is not installed" in capsys.readouterr().err
    assert environment.data == []


def test_all_of_it_takes_no_longer_than_it_may(environment: Environment) -> None:
    environment.never("executors")
    environment.never("queue")
    assert smoke("--timeout-minutes", "5") == 1
    assert environment.clock.now - 1000 == pytest.approx(300, abs=3)


def test_it_submits_as_one_context_and_looks_at_the_platform_as_the_current_one(environment: Environment) -> None:
    smoke()
    assert environment.contexts == [None]
    smoke("--context", "analytics")
    assert environment.contexts[1:] == ["analytics", None]


def test_log_buckets_are_read_with_a_profile_of_its_own_and_the_teams_with_ones_own(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Of:
        def __init__(self, *buckets: str) -> None:
            self.buckets = buckets

        def __getattr__(self, name: str) -> Any:
            return getattr(environment.s3, name)

        def get_paginator(self, name: str) -> Any:
            client = self

            class Pages:
                def paginate(self, **given: Any) -> Any:
                    assert given["Bucket"] in client.buckets
                    return environment.s3.get_paginator(name).paginate(**given)

            return Pages()

    clients = {None: Of(DATA), "reader": Of(EVENTS, LOGS)}
    monkeypatch.setattr(cli, "_client", lambda _, profile: clients[profile])
    assert smoke("--log-profile", "reader") == 0


def test_a_profile_that_is_not_there_is_told(environment: Environment, capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke("--log-profile", "nobody") == 3
    assert "The config profile (nobody) could not be found" in capsys.readouterr().err
    assert environment.data == []


def test_who_may_not_submit_is_told_and_the_input_goes(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.objects.forbidden.add(("create", "SparkApplication"))
    assert smoke() == 3
    err = capsys.readouterr().err
    assert "Kubernetes refused it (you may not create SparkApplication): docs/smoke-test.md lists the rights" in err
    assert environment.data == []


NOT_COUNTED = (
    'sparkapplications.sparkoperator.k8s.io "moka-smoke" is forbidden: status unknown for quota: spark-team, '
    "resources: count/sparkapplications.sparkoperator.k8s.io"
)


def test_a_quota_that_does_not_count_the_new_kind_yet_is_waited_for(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.objects.passing["create", "SparkApplication"] = [NOT_COUNTED] * 310
    assert cli.main(["dev"]) == 0
    said = re.findall(
        r"waiting for (\d+) s: the quota of \S+ does not count SparkApplications yet", capsys.readouterr().err
    )
    assert [int(each) for each in said] == list(range(30, 310, 30))
    environment.objects.passing["create", "SparkApplication"] = [NOT_COUNTED] * 400
    assert cli.main(["dev"]) == 3


def test_who_may_not_look_at_nodes_is_told_so_at_once_and_the_rest_is_looked_at(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.objects.forbidden.add(("get", "Node"))
    assert smoke() == 1
    assert missing(capsys.readouterr().err) == ["the driver ran", "executors ran"]
    assert environment.clock.now == 1000.0


@pytest.mark.parametrize("event", ["driver", "counts", "metrics"])
def test_ctrl_c_cleans_up_and_ends_as_a_shell_expects_it(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    environment.happens[event] = interrupted
    monkeypatch.setattr("sys.argv", ["moka_smoke", "dev"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert program() == 130
    assert environment.applications == environment.data == []


def test_a_termination_cleans_up_too(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    environment.happens["terminated"] = lambda _: os.kill(os.getpid(), signal.SIGTERM)
    monkeypatch.setattr("sys.argv", ["moka_smoke", "dev"])
    try:
        assert program() == 130
    finally:
        signal.signal(signal.SIGTERM, before)
    assert environment.applications == environment.data == []


def test_what_cannot_be_deleted_is_named_with_the_command_and_the_rest_goes(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.objects.forbidden.add(("delete", "SparkApplication"))
    assert smoke() == 4
    err = capsys.readouterr().err
    name = environment.application["metadata"]["name"]
    assert (
        f"you may not delete SparkApplication); kubectl --namespace {NAMESPACE} delete sparkapplication {name}" in err
    )
    assert environment.data == []


def test_pods_that_do_not_end_are_waited_for_and_named(
    environment: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.objects.removed = lambda _: None
    assert smoke() == 4
    assert environment.clock.now - 1000 == pytest.approx(120, abs=2)
    assert "could not be cleaned up: pods do not end in 120 s: moka-smoke-" in capsys.readouterr().err


def test_objects_that_stay_are_named_with_the_command(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Refusing:
        def __getattr__(self, name: str) -> Any:
            return getattr(environment.s3, name)

        def delete_objects(self, **_: Any) -> Any:
            return {"Errors": [{"Key": "x", "Code": "AccessDenied", "Message": "no"}]}

    monkeypatch.setattr(cli, "_client", lambda *_: Refusing())
    assert smoke() == 4
    err = capsys.readouterr().err
    name = environment.application["metadata"]["name"]
    assert f"could not be cleaned up: x: AccessDenied: no; aws s3 rm --recursive s3://{DATA}/{name}/" in err


def test_uploads_that_a_driver_left_half_done_are_ended(environment: Environment) -> None:
    def begin(name: str) -> None:
        for key in (f"{name}/counts/parquet/part-0", "another/part-0"):
            environment.s3.create_multipart_upload(Bucket=DATA, Key=key)

    environment.happens["upload"] = begin
    assert smoke() == 0
    left = environment.s3.list_multipart_uploads(Bucket=DATA)["Uploads"]
    assert [each["Key"] for each in left] == ["another/part-0"]


def test_other_objects_of_the_team_stay(environment: Environment) -> None:
    environment.s3.put_object(Bucket=DATA, Key="moka-smoke-other/words.txt", Body=b"")
    assert smoke() == 0
    assert environment.data == ["moka-smoke-other/words.txt"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "has no ConfigMap spark-defaults"),
        ({"spark-defaults.conf": "spark.eventLog.dir s3a://moka-production-spark-events-4-us-east-1/"}, "another"),
    ],
)
def test_another_cluster_than_the_stacks_gets_no_application(
    environment: Environment, capsys: pytest.CaptureFixture[str], data: dict[str, str] | None, said: str
) -> None:
    (defaults,) = [each for each in environment.objects.stored if each["kind"] == "ConfigMap"]
    if data is None:
        environment.objects.stored.remove(defaults)
    else:
        defaults["data"] = data
    assert smoke() == 2
    err = capsys.readouterr().err
    assert said in err
    assert "aws eks update-kubeconfig --name moka-dev --region us-east-1" in err
    assert not hasattr(environment, "application")
    assert environment.data == []


@pytest.mark.parametrize(("error", "code"), [(ConfigException("no context x"), 2), (HTTPError("no context x"), 3)])
def test_a_cluster_that_cannot_be_logged_in_to_is_told(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Any, code: int
) -> None:
    def refuse(*_: Any) -> None:
        raise error

    monkeypatch.setattr(cli, "access", refuse)
    assert smoke() == code
    assert "no context x" in capsys.readouterr().err
    assert environment.data == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("AccessDenied", "AWS refused PutObject (AccessDenied: no): docs/smoke-test.md lists the rights"),
        ("ExpiredToken", "Your AWS session has expired (ExpiredToken)"),
        ("NoSuchBucket", f"Bucket {DATA} does not exist"),
    ],
)
def test_a_bucket_that_refuses_the_input_is_told_before_anything_is_submitted(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str, said: str
) -> None:
    class Refusing:
        def __getattr__(self, name: str) -> Any:
            return getattr(environment.s3, name)

        def put_object(self, **_: Any) -> Any:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, "PutObject")

    monkeypatch.setattr(cli, "_client", lambda *_: Refusing())
    assert smoke() == 3
    assert said in capsys.readouterr().err
    assert not hasattr(environment, "application")


@pytest.mark.parametrize(
    "arguments",
    [["prod"], ["dev", "--executors", "0"], ["dev", "--executors", "x"], ["dev", "--timeout-minutes", "-1"], []],
)
def test_wrong_usage_has_a_code_of_its_own(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert "usage: python -m moka_smoke" in capsys.readouterr().err


def test_an_unknown_team_is_named_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke("--team", "sales") == 2
    assert "stack dev has no team 'sales'; its teams are analytics" in capsys.readouterr().err


def test_an_error_of_the_program_is_no_answer(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.happens["bug"] = lambda _: {}["bug"]
    monkeypatch.setattr("sys.argv", ["moka_smoke", "dev"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert program() == 4
    assert "moka_smoke: this is an error of the program, no answer: whether the environment works" in (
        capsys.readouterr().err
    )
    assert environment.applications == environment.data == []
