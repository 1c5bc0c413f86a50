"""The word count is submitted as the page says, in its team's namespace with its team's data, and counts right."""

import re
from collections import Counter
from itertools import pairwise

from components.account import Account
from components.settings import STACKS
from local_cluster.aws.deployment import Deployment
from local_cluster.spark.word_count import (
    DEFAULT_SERVICE_ACCOUNT,
    DEFAULTS_CONFIG_MAP,
    SUBMITTER,
    WordCount,
    expected_counts,
    text,
)

ACCOUNT = Account("dev", "111111111111", "eu-west-1")
APPLICATION = WordCount(ACCOUNT, "registry.example/spark:1", "sales", "lake", "sales/")


def test_its_bucket_is_the_teams_own_and_what_is_added_to_the_account() -> None:
    deployment = Deployment({"resources": APPLICATION.aws_resources})
    (bucket,) = deployment.of("aws:s3/bucket:Bucket")
    assert (bucket.identifier, bucket.arn) == ("lake", "arn:aws:s3:::lake")


def test_program_input_and_output_lie_under_the_teams_prefix() -> None:
    command = APPLICATION.pod(SUBMITTER)["spec"]["containers"][0]["command"]
    assert command[-4:-1] == [f"s3a://lake/sales/{name}" for name in ("word_count.py", "words.txt", "counts")]


def test_it_is_submitted_with_every_option_of_the_page() -> None:
    page = (STACKS.parent / "docs" / "spark.md").read_text()
    shown = [each for each in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "--conf" in each]
    assert shown
    command = APPLICATION.pod(SUBMITTER)["spec"]["containers"][0]["command"]
    given = dict(each.split("=", 1) for flag, each in pairwise(command) if flag == "--conf")
    assert set(re.findall(r"--conf (\S+?)=", "".join(shown))) <= set(given)
    assert given["spark.kubernetes.container.image"] == "registry.example/spark:1"
    assert command[:5] == [
        "/opt/spark/bin/spark-submit",
        *("--master", "k8s://https://kubernetes.default.svc"),
        *("--deploy-mode", "cluster"),
    ]


def test_it_runs_in_one_process_where_that_is_asked_for() -> None:
    command = APPLICATION.pod("alone", "local[2]", "client", linger_seconds=0)["spec"]["containers"][0]["command"]
    assert command[1:5] == ["--master", "local[2]", "--deploy-mode", "client"]
    assert command[-1] == "0"


def test_the_pod_that_submits_has_the_stacks_defaults_where_the_page_puts_them() -> None:
    pod = APPLICATION.pod(SUBMITTER)
    assert pod["metadata"] == {"name": SUBMITTER, "namespace": "spark-sales"}
    spec = pod["spec"]
    (mount,), (volume,) = spec["containers"][0]["volumeMounts"], spec["volumes"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], "/opt/spark/conf")
    assert volume["configMap"] == {"name": DEFAULTS_CONFIG_MAP}
    assert (spec["serviceAccountName"], spec["restartPolicy"]) == (DEFAULT_SERVICE_ACCOUNT, "Never")


def test_what_has_to_come_out_is_what_stands_in_the_text() -> None:
    assert expected_counts() == Counter(text().split())
    assert len(set(expected_counts().values())) == len(expected_counts()), "a word taken for another would not show"
