"""The word count may do what its owner should give it and no more, is submitted as the page says, and counts right."""

import json
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from components.account import Account
from components.settings import STACKS
from local_cluster.aws.deployment import Deployment
from local_cluster.spark.word_count import (
    DEFAULTS_CONFIG_MAP,
    NAME,
    NAMESPACE,
    SERVICE_ACCOUNT,
    SUBMITTER,
    WordCount,
    expected_counts,
    text,
)
from offline.checks.iam.evaluation import Request, decide

ACCOUNT = Account("dev", "111111111111", "eu-west-1")
APPLICATION = WordCount(ACCOUNT, "registry.example/spark:1")
EVENTS = "moka-dev-spark-events-111111111111-eu-west-1"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/1"
DATA = f"arn:aws:s3:::{APPLICATION.bucket}"
LOG = f"arn:aws:s3:::{EVENTS}/eventlog_v2_spark-1"


@pytest.fixture(scope="module")
def deployment() -> Deployment:
    """What its owner adds to the account, as the AWS of a cluster reads it."""
    return Deployment({"resources": APPLICATION.aws_resources(EVENTS, KEY)})


def decision(deployment: Deployment, action: str, resource: str) -> str:
    """What its policy says of a call."""
    (policy,) = deployment.of("aws:iam/rolePolicy:RolePolicy")
    context = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"} if action.startswith("kms:") else {}
    request = Request(APPLICATION.role_arn, action, resource, context)
    return decide(request, [json.loads(policy.inputs["policy"])], owner=ACCOUNT.id)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:ListBucket", DATA),
        ("s3:ListBucketMultipartUploads", DATA),
        ("s3:GetObject", f"{DATA}/words.txt"),
        ("s3:PutObject", f"{DATA}/counts/part-1"),
        ("s3:DeleteObject", f"{DATA}/counts/_temporary/1"),
        ("s3:AbortMultipartUpload", f"{DATA}/counts/part-1"),
        ("s3:PutObject", f"{LOG}/events_1_spark-1"),
        ("s3:DeleteObject", f"{LOG}/appstatus_spark-1.inprogress"),
        ("kms:GenerateDataKey", KEY),
    ],
)
def test_it_reads_and_writes_its_data_and_its_event_log(deployment: Deployment, action: str, resource: str) -> None:
    assert decision(deployment, action, resource) == "allowed"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::moka-dev-spark-logs-111111111111-eu-west-1/spark/a"),
        ("s3:PutObject", f"{DATA}-2/a"),
        ("s3:DeleteBucket", DATA),
        ("s3:PutBucketPolicy", DATA),
        ("s3:DeleteObject", f"{LOG}/events_1_spark-1"),
        ("s3:PutObject", f"arn:aws:s3:::{EVENTS}/another"),
        ("kms:ScheduleKeyDeletion", KEY),
        ("kms:Decrypt", f"{KEY}2"),
        ("sns:Publish", "arn:aws:sns:eu-west-1:111111111111:alerts"),
        ("sts:AssumeRole", "arn:aws:iam::111111111111:role/admin"),
    ],
)
def test_it_may_touch_nothing_else(deployment: Deployment, action: str, resource: str) -> None:
    assert decision(deployment, action, resource) == "not allowed"


def test_pods_of_its_service_account_and_no_others_get_its_role(deployment: Deployment) -> None:
    (association,) = deployment.of("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs == {
        "clusterName": ACCOUNT.cluster_name,
        "namespace": NAMESPACE,
        "serviceAccount": NAME,
        "roleArn": APPLICATION.role_arn,
    }
    (role,) = deployment.of("aws:iam/role:Role")
    assert role.arn == APPLICATION.role_arn
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    (bucket,) = deployment.of("aws:s3/bucket:Bucket")
    assert bucket.arn == DATA


@pytest.mark.parametrize("environment", ["test", "production"])
def test_its_bucket_has_a_name_that_amazon_s3_takes(environment: str) -> None:
    bucket = WordCount(Account(environment, "111111111111", "ap-southeast-1"), "").bucket
    assert re.fullmatch(r"[a-z0-9-]{3,63}", bucket)


def objects() -> dict[str, dict[str, Any]]:
    return {each["kind"]: each for each in APPLICATION.objects()}


def test_it_is_submitted_with_every_option_of_the_page() -> None:
    page = (STACKS.parent / "docs" / "spark.md").read_text()
    shown = [each for each in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "--conf" in each]
    assert len(shown) == 2
    command = objects()["Pod"]["spec"]["containers"][0]["command"]
    given = dict(each.split("=", 1) for flag, each in pairwise(command) if flag == "--conf")
    assert set(re.findall(r"--conf (\S+?)=", "".join(shown))) <= set(given)
    assert given["spark.kubernetes.container.image"] == "registry.example/spark:1"
    assert {value for name, value in given.items() if name.endswith("serviceAccountName")} == {NAME}
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
    pod = objects()["Pod"]
    assert pod["metadata"] == {"name": SUBMITTER, "namespace": NAMESPACE}
    spec = pod["spec"]
    (mount,), (volume,) = spec["containers"][0]["volumeMounts"], spec["volumes"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], "/opt/spark/conf")
    assert volume["configMap"] == {"name": DEFAULTS_CONFIG_MAP}
    assert (spec["serviceAccountName"], spec["restartPolicy"]) == (NAME, "Never")


def test_its_account_has_the_rights_of_a_driver_in_its_own_namespace() -> None:
    binding = objects()["RoleBinding"]
    assert binding["metadata"]["namespace"] == NAMESPACE
    assert binding["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": SERVICE_ACCOUNT}
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}]


def test_what_has_to_come_out_is_what_stands_in_the_text() -> None:
    assert expected_counts() == Counter(text().split())
    assert len(set(expected_counts().values())) == len(expected_counts()), "a word taken for another would not show"
