"""Pod identity under mocks: who may assume the role, what it grants, and that credentials come after permissions."""

import json
from typing import Any

from components.account import Account
from components.identity.pod_identity import PodIdentity
from components.identity.pod_role import pod_role_arn
from components.identity.policies import instance_trust, service_trust, statement
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
POLICY = {"Version": "2012-10-17", "Statement": [statement("Read", ["s3:GetObject"], ["arn:aws:s3:::b/*"])]}


def build(**grant: Any) -> Recorder:
    def make() -> PodIdentity:
        return PodIdentity("job", ACCOUNT, cluster_name="moka-dev", namespace="spark", service_account="etl", **grant)

    return record(make)


def test_only_pods_of_this_accounts_cluster_may_assume_the_role() -> None:
    trust = json.loads(build(policy=POLICY).only("aws:iam/role:Role").inputs["assumeRolePolicy"])
    (only,) = trust["Statement"]
    assert only["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert set(only["Action"]) == {"sts:AssumeRole", "sts:TagSession"}
    assert only["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
        "ArnEquals": {"aws:SourceArn": f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/moka-dev"},
    }


def test_the_roles_name_is_known_before_the_role_exists_and_fits_iam() -> None:
    assert build(policy=POLICY).only("aws:iam/role:Role").inputs["name"] == "moka-dev-job-pod"
    assert pod_role_arn("job", ACCOUNT) == f"arn:aws:iam::{ACCOUNT_ID}:role/moka-dev-job-pod"


def test_the_association_names_one_service_account_and_waits_for_its_permissions() -> None:
    recorder = build(policy=POLICY, managed_policy="AmazonEKS_CNI_Policy")
    association = recorder.only(ASSOCIATION)
    assert (association.inputs["namespace"], association.inputs["serviceAccount"]) == ("spark", "etl")
    assert "aws:iam/rolePolicy:RolePolicy::job-pod" in association.depends_on
    assert "aws:iam/rolePolicyAttachment:RolePolicyAttachment::job-pod" in association.depends_on


def test_a_role_has_the_grant_it_is_given_and_no_other() -> None:
    inline, managed = build(policy=POLICY), build(managed_policy="AmazonEKS_CNI_Policy")
    assert json.loads(inline.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"]) == POLICY
    assert not inline.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    attachment = managed.only("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs
    assert attachment["policyArn"] == "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
    assert not managed.of("aws:iam/rolePolicy:RolePolicy")


def test_a_service_acts_for_this_account_only_and_instances_only_assume() -> None:
    (service,) = service_trust("vpc-flow-logs", ACCOUNT)["Statement"]
    assert service["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert service["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}}
    (instances,) = instance_trust(ACCOUNT)["Statement"]
    assert instances["Action"] == ["sts:AssumeRole"]
    assert instances["Principal"] == {"Service": "ec2.amazonaws.com"}
