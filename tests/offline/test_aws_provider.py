"""The emulated AWS: names, ids, ARNs, outputs and replacement, without the engine."""

import importlib
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from offline.providers.aws.provider import AwsProvider
from offline.providers.aws.types import TYPES
from offline.providers.resource import Difference, RefusalError, Resource
from offline.providers.values import UNKNOWN, plain, secret
from tests.offline.sample import ACCOUNT, REGION

AWS = AwsProvider("7.51.1")
SETTINGS = {
    "region": REGION,
    "allowedAccountIds": f'["{ACCOUNT}"]',
    "defaultTags": '{"tags": {"owner": "spark"}}',
}
# Inputs that some type's id, ARN or outputs are built from.
INPUTS = {
    "ecrRepositoryPrefix": "quay.io",
    "prefix": "quay.io",
    "autoscalingGroupName": "eks-system-1",
    "loadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/ui/50dc6c495c0c9188",
    "key": "notes.txt",
    "addonName": "vpc-cni",
    "allocationId": "eipalloc-1",
    "bucket": "logs",
    "clusterName": "moka",
    "databaseName": "logs",
    "detectorId": "12abc34d567e8fa901bc2d34e56789f0",
    "policyName": "detections",
    "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "principalArn": "arn:aws:iam::123456789012:role/admin",
    "queueUrl": "https://sqs/jobs",
    "repository": "spark",
    "role": "spark",
    "routeTableId": "rtb-1",
    "rule": "rule",
    "serviceName": f"com.amazonaws.{REGION}.sts",
    "subnetIds": ["subnet-1", "subnet-2"],
    "targetKeyId": "11111111-2222",
    "topic": "arn:aws:sns:eu-west-1:123456789012:alerts",
    "vpcEndpointType": "Interface",
    "vpcId": "vpc-1",
    "workspaceId": "ws-1",
}


def resource(token: str, inputs: dict[str, Any] | None = None, **more: Any) -> Resource:
    urn = f"urn:pulumi:dev::sample::{token}::thing"
    return Resource(urn=urn, inputs=inputs or {}, settings=SETTINGS, **more)


def created(token: str, inputs: dict[str, Any] | None = None, **more: Any) -> tuple[str, dict[str, Any]]:
    asked = resource(token, inputs, **more)
    checked, failures = AWS.check(asked)
    assert failures == []
    return AWS.create(replace(asked, inputs=checked))


def changed(token: str, old: dict[str, Any], new: dict[str, Any]) -> Difference:
    return AWS.diff(resource(token, new, old_inputs=old))


def sdk_outputs(token: str) -> set[str]:
    """Names of a type's outputs in Pulumi's SDK, as the engine writes them."""
    match = re.fullmatch(r"aws:(\w+)/\w+:(\w+)", token)
    assert match
    module, name = match.groups()
    sdk = getattr(importlib.import_module(f"pulumi_aws.{module}"), name)
    getters = [getattr(sdk, attribute).fget for attribute in dir(sdk) if isinstance(getattr(sdk, attribute), property)]
    return {getattr(getter, "_pulumi_name", getter.__name__) for getter in getters}


@pytest.mark.parametrize("token", sorted(TYPES))
def test_every_row_gives_an_id_and_only_outputs_that_the_sdk_knows(token: str) -> None:
    given = dict(INPUTS)
    if TYPES[token].name == "bucket":
        del given["bucket"]
    if token == "aws:sns/topicPolicy:TopicPolicy":
        given["arn"] = INPUTS["topic"]
    if token == "aws:guardduty/detectorFeature:DetectorFeature":
        given["name"] = "EKS_AUDIT_LOGS"
    if token == "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
        given["url"] = "https://gitlab.company.internal"
    identifier, outputs = created(token, given)
    assert identifier
    assert UNKNOWN not in str(outputs)
    assert created(token, given) == (identifier, outputs), "the same in every run"
    assert outputs.keys() - given.keys() <= sdk_outputs(token)


def test_arns_carry_the_account_and_the_partition_of_the_region() -> None:
    _, outputs = created("aws:sns/topic:Topic")
    assert outputs["arn"].startswith(f"arn:aws:sns:{REGION}:{ACCOUNT}:thing-")
    china = {**SETTINGS, "region": "cn-north-1"}
    asked = replace(resource("aws:s3/bucket:Bucket", {"bucket": "logs"}), settings=china)
    identifier, outputs = AWS.create(asked)
    assert (identifier, outputs["arn"]) == ("logs", "arn:aws-cn:s3:::logs")
    assert outputs["bucketRegionalDomainName"] == "logs.s3.cn-north-1.amazonaws.com.cn"


def test_what_belongs_together_agrees() -> None:
    vpc, outputs = created("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    default_group, _ = created("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {"vpcId": vpc})
    assert default_group == outputs["defaultSecurityGroupId"]
    address, outputs = created("aws:ec2/eip:Eip")
    _, nat = created("aws:ec2/natGateway:NatGateway", {"allocationId": address, "subnetId": "subnet-1"})
    assert nat["publicIp"] == outputs["publicIp"]
    _, cluster = created("aws:eks/cluster:Cluster", {"name": "moka", "vpcConfig": {"subnetIds": ["subnet-1"]}})
    issuer = cluster["identities"][0]["oidcs"][0]["issuer"]
    assert issuer.rsplit("/", 1)[-1] in cluster["endpoint"]
    assert cluster["vpcConfig"]["subnetIds"] == ["subnet-1"]
    assert cluster["vpcConfig"]["clusterSecurityGroupId"].startswith("sg-")


def test_a_preview_gives_inputs_and_unknowns_and_no_id() -> None:
    given = {"vpcConfig": {"subnetIds": [UNKNOWN]}, "name": "moka"}
    identifier, outputs = created("aws:eks/cluster:Cluster", given, preview=True)
    assert identifier == ""
    assert outputs["name"] == "moka"
    assert outputs["vpcConfig"] == {"subnetIds": [UNKNOWN], "clusterSecurityGroupId": UNKNOWN}
    assert {outputs[key] for key in ("arn", "endpoint", "identities")} == {UNKNOWN}


def test_secrets_come_back_as_secrets() -> None:
    _, outputs = created("aws:sns/topic:Topic", {"displayName": secret("hidden")})
    assert outputs["displayName"] == secret("hidden")
    _, outputs = created("aws:sns/topic:Topic", {"tags": secret({"a": "b"})})
    assert outputs["tagsAll"] == secret({"a": "b"})


def test_automatic_names_stay_on_updates_and_change_with_a_replacement() -> None:
    token = "aws:iam/role:Role"
    first, _ = AWS.check(resource(token))
    assert re.fullmatch(r"thing-[0-9a-f]{7}", first["name"])
    again, _ = AWS.check(resource(token, {"description": "new"}, old_inputs=first))
    assert again["name"] == first["name"]
    replacement, _ = AWS.check(resource(token, replaced=first["name"]))
    assert replacement["name"] != first["name"]
    prefixed, _ = AWS.check(resource("aws:eks/nodeGroup:NodeGroup", {"nodeGroupNamePrefix": "spark-"}))
    assert re.fullmatch(r"spark-[0-9a-f]{26}", prefixed["nodeGroupName"])
    alias, _ = AWS.check(resource("aws:kms/alias:Alias"))
    assert alias["name"].startswith("alias/thing-")


def test_an_automatic_name_longer_than_aws_takes_is_refused() -> None:
    urn = f"urn:pulumi:dev::sample::aws:iam/role:Role::{'r' * 60}"
    _, failures = AWS.check(Resource(urn=urn, inputs={}))
    assert [failure.property for failure in failures] == ["name"]
    assert "4 characters longer than AWS allows (64)" in failures[0].reason


def test_default_tags_are_merged_below_the_resources_own() -> None:
    _, outputs = created("aws:sqs/queue:Queue", {"tags": {"owner": "me", "size": "1"}})
    assert outputs["tagsAll"] == {"owner": "me", "size": "1"}
    _, outputs = created("aws:ec2/routeTableAssociation:RouteTableAssociation", {"subnetId": "s", "routeTableId": "r"})
    assert "tagsAll" not in outputs, "not taggable"


@pytest.mark.parametrize(
    ("token", "old", "new", "replaces"),
    [
        ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.1.0.0/16"}, ("cidrBlock",)),
        ("aws:ec2/vpc:Vpc", {"enableDnsSupport": True}, {"enableDnsSupport": False}, ()),
        ("aws:eks/nodeGroup:NodeGroup", {"instanceTypes": ["a"]}, {"instanceTypes": ["b"]}, ("instanceTypes",)),
        ("aws:eks/nodeGroup:NodeGroup", {"subnetIds": ["a"]}, {"subnetIds": ["b"]}, ("subnetIds",)),
        ("aws:eks/nodeGroup:NodeGroup", {"scalingConfig": {"maxSize": 1}}, {"scalingConfig": {"maxSize": 2}}, ()),
        ("aws:eks/cluster:Cluster", {"encryptionConfig": None}, {"encryptionConfig": {"resources": []}}, ()),
        (
            "aws:eks/cluster:Cluster",
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16"}},
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.100.0.0/16"}},
            ("kubernetesNetworkConfig",),
        ),
        (
            "aws:eks/cluster:Cluster",
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16"}},
            {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16", "elasticLoadBalancing": {}}},
            (),
        ),
        ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 7}, {"retentionInDays": 30}, ()),
        ("aws:s3/bucketVersioning:BucketVersioning", {"bucket": "a"}, {"bucket": "b"}, ("bucket",)),
        ("aws:iam/role:Role", {"path": "/"}, {"path": "/spark/"}, ("path",)),
        ("aws:lb/loadBalancer:LoadBalancer", {"internal": True}, {"internal": False}, ("internal",)),
        ("aws:lb/loadBalancer:LoadBalancer", {"subnets": ["subnet-1"]}, {"subnets": ["subnet-2"]}, ()),
        ("aws:lb/targetGroup:TargetGroup", {"port": 80}, {"port": 81}, ("port",)),
        (
            "aws:lb/targetGroup:TargetGroup",
            {"healthCheck": {"path": "/a"}, "deregistrationDelay": 30},
            {"healthCheck": {"path": "/b"}, "deregistrationDelay": 60},
            (),
        ),
        ("aws:lb/listener:Listener", {"certificateArn": "a"}, {"certificateArn": "b"}, ()),
        (
            "aws:autoscaling/attachment:Attachment",
            {"autoscalingGroupName": "a"},
            {"autoscalingGroupName": "b"},
            ("autoscalingGroupName",),
        ),
    ],
)
def test_replacement_follows_aws(
    token: str, old: dict[str, Any], new: dict[str, Any], replaces: tuple[str, ...]
) -> None:
    difference = changed(token, old, new)
    assert difference.changed
    assert difference.replaces == replaces


def test_an_unchanged_resource_has_no_difference_even_where_marks_differ() -> None:
    assert changed("aws:sns/topic:Topic", {"displayName": "a"}, {"displayName": secret("a")}) == Difference()


def test_a_name_that_the_program_fixed_is_freed_before_it_is_taken_again() -> None:
    token = "aws:iam/role:Role"
    assert changed(token, {"name": "spark", "path": "/"}, {"name": "spark", "path": "/x/"}).delete_first
    automatic = {"name": "thing-1234567", "__defaults": ["name"]}
    assert not changed(token, {**automatic, "path": "/"}, {**automatic, "path": "/x/"}).delete_first


def test_an_update_keeps_what_aws_computed_and_drops_what_the_program_dropped() -> None:
    asked = resource("aws:sns/topic:Topic", {"displayName": "old", "kmsMasterKeyId": "key"})
    checked, _ = AWS.check(asked)
    _, outputs = AWS.create(replace(asked, inputs=checked))
    new_inputs = {**checked, "displayName": "new"}
    del new_inputs["kmsMasterKeyId"]
    updated = AWS.update(replace(asked, inputs=new_inputs, old_inputs=checked, outputs=outputs))
    assert updated["arn"] == outputs["arn"]
    assert updated["displayName"] == "new"
    assert "kmsMasterKeyId" not in updated


def test_a_launch_template_counts_its_versions_and_a_preview_does_not_foresee_them() -> None:
    outputs = {"latestVersion": 3, "defaultVersion": 3}
    asked = resource("aws:ec2/launchTemplate:LaunchTemplate", {"updateDefaultVersion": True}, outputs=outputs)
    updated = AWS.update(asked)
    assert (updated["latestVersion"], updated["defaultVersion"]) == (4, 4)
    foreseen = AWS.update(replace(asked, preview=True))
    assert plain(foreseen["latestVersion"]) == UNKNOWN


@pytest.mark.parametrize("region", ["xx-moon-1", "us-east-11", ""])
def test_a_region_that_aws_does_not_have_is_refused_with_the_provider(region: str) -> None:
    with pytest.raises(RefusalError, match="Invalid AWS Region"):
        AWS.check_settings({**SETTINGS, "region": region})


def test_every_region_that_aws_has_is_taken() -> None:
    for region in ("us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1", "sa-west-1"):
        AWS.check_settings({**SETTINGS, "region": region})


def zones(account: str, region: str, **filters: list[str]) -> dict[str, str]:
    """What the account answers when it is asked for its zones."""
    asked = {"filters": [{"name": name.replace("_", "-"), "values": values} for name, values in filters.items()]}
    settings = {**SETTINGS, "region": region, "allowedAccountIds": json.dumps([account])}
    answer = AWS.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", asked, settings)
    return dict(zip(answer["names"], answer["zoneIds"], strict=True))


def test_each_account_knows_its_zones_by_letters_of_its_own() -> None:
    one, other = (zones(account, "us-east-1", zone_type=["availability-zone"]) for account in ("1" * 12, "2" * 12))
    assert one.keys() == other.keys() == {f"us-east-1{letter}" for letter in "abcdef"}
    assert set(one.values()) == set(other.values()) == {f"use1-az{number}" for number in range(1, 7)}
    assert one != other
    assert one == zones("1" * 12, "us-east-1", zone_type=["availability-zone"])


def test_local_zones_show_unless_they_are_filtered() -> None:
    assert "us-east-1-bos-1a" in zones(ACCOUNT, "us-east-1")
    assert "us-east-1-bos-1a" not in zones(ACCOUNT, "us-east-1", zone_type=["availability-zone"])


def test_zones_are_not_filtered_by_what_the_provider_does_not_know() -> None:
    with pytest.raises(RefusalError, match="filters no zones by opt-in-status"):
        zones(ACCOUNT, "us-east-1", opt_in_status=["opted-in"])
