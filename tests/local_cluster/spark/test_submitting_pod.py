"""The word count is submitted as the page says, in its team's namespace with its team's data."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from components.account import Account
from components.settings import STACKS
from components.teams.settings import DEFAULT_SERVICE_ACCOUNT
from components.teams.team import DEFAULTS_CONFIG_MAP
from local_cluster.aws.deployment import Deployment
from local_cluster.spark.application import application_of
from local_cluster.spark.bucket import bucket_of
from local_cluster.spark.submitting_pod import SUBMITTER, SubmittingPod, pod_of
from moka_smoke import submission
from moka_smoke.application_pods import ApplicationPods
from moka_smoke.milestones import HopelessError
from tests.moka_smoke.fakes import FakeObjects, pod
from tests.moka_smoke.test_milestones import Clock

ACCOUNT = Account("dev", "111111111111", "eu-west-1")
HERE = application_of(STACKS.parent, "dev").word_count
APPLICATION = replace(
    HERE, account=ACCOUNT, image="registry.example/spark:1", team="sales", bucket="lake", prefix="sales/"
)


def test_its_bucket_is_the_teams_own_and_what_is_added_to_the_account() -> None:
    deployment = Deployment({"resources": [bucket_of(APPLICATION)]})
    (bucket,) = deployment.of("aws:s3/bucket:Bucket")
    assert (bucket.identifier, bucket.arn) == ("lake", "arn:aws:s3:::lake")


def test_program_input_and_output_lie_under_the_teams_prefix() -> None:
    command = pod_of(APPLICATION, SUBMITTER)["spec"]["containers"][0]["command"]
    assert command[-4:-1] == [f"s3a://lake/sales/{name}" for name in ("word_count.py", "words.txt", "counts")]


def test_it_is_submitted_with_every_option_of_the_page() -> None:
    page = (STACKS.parent / "docs" / "spark.md").read_text()
    shown = [each for each in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "--conf" in each]
    assert shown
    command = pod_of(APPLICATION, SUBMITTER)["spec"]["containers"][0]["command"]
    given = dict(each.split("=", 1) for flag, each in pairwise(command) if flag == "--conf")
    assert set(re.findall(r"--conf (\S+?)=", "".join(shown))) <= set(given)
    assert given["spark.kubernetes.container.image"] == "registry.example/spark:1"
    assert command[:5] == [
        "/opt/spark/bin/spark-submit",
        *("--master", "k8s://https://kubernetes.default.svc"),
        *("--deploy-mode", "cluster"),
    ]


def test_it_runs_in_one_process_where_that_is_asked_for() -> None:
    command = pod_of(APPLICATION, "alone", "local[2]", "client", linger_seconds=0)["spec"]["containers"][0]["command"]
    assert command[1:5] == ["--master", "local[2]", "--deploy-mode", "client"]
    assert command[-1] == "0"


def test_the_pod_that_submits_has_the_stacks_defaults_where_the_page_puts_them() -> None:
    pod = pod_of(APPLICATION, SUBMITTER)
    assert pod["metadata"] == {"name": SUBMITTER, "namespace": "spark-sales"}
    spec = pod["spec"]
    (mount,), (volume,) = spec["containers"][0]["volumeMounts"], spec["volumes"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], "/opt/spark/conf")
    assert volume["configMap"] == {"name": DEFAULTS_CONFIG_MAP}
    assert (spec["serviceAccountName"], spec["restartPolicy"]) == (DEFAULT_SERVICE_ACCOUNT, "Never")
    assert spec["schedulerName"] == "yunikorn", "the namespace refuses every other"


def test_shuffles_stay_on_executors_with_every_line_that_the_page_names() -> None:
    page = (STACKS.parent / "docs" / "shuffle.md").read_text()
    (shown,) = [each for each in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "shuffle.manager" in each]
    lines = dict(re.findall(r"--conf (spark\.shuffle\.\S+?)=(\S+)", shown))
    command = pod_of(APPLICATION, SUBMITTER)["spec"]["containers"][0]["command"]
    given = dict(each.split("=", 1) for flag, each in pairwise(command) if flag == "--conf")
    assert len(lines) == 2
    assert lines.items() <= given.items()


class Submitted:
    """A pod that submits, in a cluster in memory."""

    def __init__(self) -> None:
        self.objects = FakeObjects()
        self.said: list[str] = []
        self.pods = ApplicationPods(self.objects, "spark-sales", APPLICATION.name, lambda _: self.said)
        self.way = SubmittingPod(self.objects, APPLICATION, self.pods)


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> Submitted:
    """Before it is submitted, with a clock that nobody waits for."""
    monkeypatch.setattr(submission, "time", Clock())
    return Submitted()


def test_pods_of_an_earlier_run_go_and_others_stay(submitted: Submitted) -> None:
    old = pod(SUBMITTER, phase="Succeeded", namespace="spark-sales")
    others = pod("another-driver", "driver", application="etl", namespace="spark-sales")
    for each in (old, pod("old-driver", "driver", namespace="spark-sales"), others):
        submitted.objects.put(each)
    submitted.way.remove()
    assert submitted.objects.stored == [others]


def test_pods_of_an_earlier_run_that_stay_end_the_next(submitted: Submitted) -> None:
    stuck = pod("old-driver", "driver", namespace="spark-sales")
    submitted.objects.put(stuck)
    submitted.objects.removed = submitted.objects.put
    with pytest.raises(HopelessError, match="do not end in 60 s: old-driver"):
        submitted.way.remove()


def test_a_failed_submission_is_told_with_its_last_words(submitted: Submitted) -> None:
    submitted.way.submit()
    submitted.way.require()
    submitted.objects.put(pod(SUBMITTER, phase="Failed", namespace="spark-sales"))
    submitted.said.append("Exception: no such image")
    with pytest.raises(HopelessError, match="spark-submit failed:\n    Exception: no such image"):
        submitted.way.require()
