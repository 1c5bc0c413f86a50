"""Endpoint policies let this account's principals reach this account, and the exceptions that their sources name."""

from typing import Any

import pytest

from components.account import Account
from components.network.endpoint_policies import (
    ec2_policy,
    ecr_policy,
    eks_auth_policy,
    guardduty_policy,
    own_account_only,
    s3_policy,
)
from components.regions import SERVED
from offline.checks.iam.evaluation import Request, passes
from offline.checks.kubernetes.registries import REGISTRIES, buckets_of

ACCOUNT = Account("dev", "222222222222", "eu-west-1")


def statements(policy: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["Sid"]: each for each in policy["Statement"]}


@pytest.mark.parametrize(
    "policy", [own_account_only, s3_policy, ecr_policy, ec2_policy, eks_auth_policy, guardduty_policy]
)
def test_a_statement_without_conditions_only_reads_named_buckets(policy: Any) -> None:
    for each in statements(policy(ACCOUNT)).values():
        if "Condition" not in each:
            assert each["Action"] == ["s3:GetObject"]
            assert "*" not in [resource.removesuffix("/*") for resource in each["Resource"]]


def test_image_layers_and_packages_come_from_the_buckets_of_the_same_region() -> None:
    resources = statements(s3_policy(ACCOUNT))["ImageLayersAndPackages"]["Resource"]

    assert "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*" in resources
    assert "arn:aws:s3:::al2023-repos-eu-west-1-de612dc2/*" in resources
    assert "arn:aws:s3:::prod-registry-k8s-io-eu-west-1/*" in resources


@pytest.mark.parametrize("region", sorted(SERVED))
def test_every_registry_that_was_looked_up_can_be_pulled_from_in_every_region(region: str) -> None:
    """What the judge of images knows of each registry's buckets, against the policy; the add-ons' registry is ECR's."""
    account = Account("dev", "222222222222", region)
    own = f"{account.id}.dkr.ecr.{region}.amazonaws.com"
    hosts = [own, *(each for each in REGISTRIES if "*" not in each)]
    readable = statements(s3_policy(account))["ImageLayersAndPackages"]["Resource"]
    for host in hosts:
        buckets = buckets_of(host, region)
        assert buckets is not None, host
        assert {f"{account.bucket_arn(each)}/*" for each in buckets} <= set(readable), host
    assert buckets_of(own, region), "layers of Amazon ECR lie in Amazon S3 in every Region"


@pytest.mark.parametrize(
    ("region", "quay", "kubernetes"),
    [
        ("us-east-1", True, True),
        ("eu-west-1", False, True),
        # Sent to the bucket of me-central-1, past the gateway.
        ("me-south-1", False, False),
        # The one Region whose bucket has another name.
        ("eu-west-2", False, False),
    ],
)
def test_no_bucket_is_named_that_a_registry_does_not_have_in_the_region(
    region: str, quay: bool, kubernetes: bool
) -> None:
    """Whoever registers a name that nobody owns would have a way out of the VPC."""
    resources = statements(s3_policy(Account("dev", "222222222222", region)))["ImageLayersAndPackages"]["Resource"]

    assert any("quayio-production-s3" in each for each in resources) == quay
    assert any("prod-registry-k8s-io" in each for each in resources) == kubernetes


@pytest.mark.parametrize(("region", "registry"), [("eu-west-1", "602401143452"), ("eu-south-1", "590381155156")])
def test_add_on_images_are_pulled_from_the_registry_of_the_region_and_never_pushed(region: str, registry: str) -> None:
    images = statements(ecr_policy(Account("dev", "222222222222", region)))["AddonImagesOfAws"]

    assert images["Resource"] == [f"arn:aws:ecr:{region}:{registry}:repository/*"]
    assert not [action for action in images["Action"] if "Put" in action or "Upload" in action or "*" in action]
    assert images["Condition"] == {"StringEquals": {"aws:PrincipalAccount": "222222222222"}}


def test_ec2_asks_for_the_principal_only_because_volumes_carry_no_resource_account() -> None:
    assert [each["Condition"] for each in ec2_policy(ACCOUNT)["Statement"]] == [
        {"StringEquals": {"aws:PrincipalAccount": "222222222222"}}
    ]


def test_nodes_tell_guardduty_as_principals_of_this_account_whoever_owns_what_they_write_to() -> None:
    for principal, decision in (("222222222222", "allowed"), ("999999999999", "not allowed")):
        node = f"arn:aws:iam::{principal}:role/node"
        told = Request(node, "guardduty:SendSecurityTelemetry", "*", {"aws:ResourceAccount": "031903291036"})
        assert passes(told, guardduty_policy(ACCOUNT)) == decision


def test_pods_get_credentials_of_this_environments_cluster_only() -> None:
    [statement] = eks_auth_policy(ACCOUNT)["Statement"]

    assert statement["Action"] == ["eks-auth:AssumeRoleForPodIdentity"]
    assert statement["Resource"] == ["arn:aws:eks:eu-west-1:222222222222:cluster/moka-dev"]
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": "222222222222"}}
