"""The Spark namespace under mocks: admission, what a driver may do, and what its role may do in AWS."""

import json

from components.account import Account
from components.spark.policies import event_log_policy
from components.spark.spark_jobs import SparkJobs
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role"
BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"


def build() -> Recorder:
    return record(
        lambda: SparkJobs("spark", ACCOUNT, cluster_name="moka-dev", event_log_bucket="events", key_arn="arn:key")
    )


def test_the_namespace_admits_what_spark_submit_makes_and_no_privileged_pod() -> None:
    labels = build().only("kubernetes:core/v1:Namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"


def test_a_driver_manages_executors_in_its_own_namespace_and_reads_no_secret() -> None:
    recorder = build()
    rules = recorder.only(ROLE).inputs["rules"]
    resources = {resource for rule in rules for resource in rule["resources"]}
    verbs = {verb for rule in rules for verb in rule["verbs"]}
    assert {"pods", "services", "configmaps"} <= resources
    assert not {"*", "secrets", "serviceaccounts"} & resources
    assert not {"*", "escalate", "bind", "impersonate"} & verbs
    subject = recorder.only(BINDING).inputs["subjects"][0]
    assert (subject["name"], subject["namespace"]) == ("spark", "spark")
    assert not recorder.of("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")


def test_objects_wait_for_the_namespace() -> None:
    recorder = build()
    for type_token in (ROLE, BINDING, "kubernetes:core/v1:ServiceAccount"):
        waits = recorder.only(type_token).depends_on
        assert any("Namespace" in each or "Role::" in each for each in waits), type_token


def test_the_role_belongs_to_the_service_account_that_drivers_use() -> None:
    recorder = build()
    association = recorder.only("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    assert (association["namespace"], association["serviceAccount"]) == ("spark", "spark")
    policy = json.loads(recorder.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    assert policy == event_log_policy(ACCOUNT, "events", "arn:key")


def test_a_complete_event_log_cannot_be_deleted_by_an_application() -> None:
    statements = event_log_policy(ACCOUNT, "events", "arn:key")["Statement"]
    deletes = [each for each in statements if any("Delete" in action for action in each["Action"])]
    assert [each["Resource"] for each in deletes] == [["arn:aws:s3:::events/*.inprogress"]]
