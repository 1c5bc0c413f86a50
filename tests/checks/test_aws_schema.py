"""The schema judges: what they leave alone although it is unusual, and what they say of what the table lacks."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from offline.checks.aws_schema.api import ApiJudge
from offline.checks.aws_schema.cloudformation import CloudFormationJudge
from offline.checks.finding import Finding
from offline.providers.aws.row import AwsType
from offline.providers.aws.types import TYPES
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN, plain, secret
from tests.checks.planted import drop, put

NODES = ("aws:eks/nodeGroup:NodeGroup", "driver-intel-nodes")
INGRESS = ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "network-endpoints-primary")
GROUP = ("aws:ec2/securityGroup:SecurityGroup", "cluster-nodes")
TEMPLATE = ("aws:ec2/launchTemplate:LaunchTemplate", "system-nodes")
CLUSTER = ("aws:eks/cluster:Cluster", "cluster-eksCluster")
LOG_GROUP = ("aws:cloudwatch/logGroup:LogGroup", "cluster-control-plane")

CACHE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
UNUSUAL: list[tuple[tuple[str, str], str, Any]] = [
    (("aws:iam/role:Role", "nodes-node"), "name", "n" * 64),
    (("aws:iam/role:Role", "nodes-node"), "path", "/teams/spark/"),
    (("aws:iam/role:Role", "nodes-node"), "assumeRolePolicy", {"Version": "2012-10-17", "Statement": []}),
    (("aws:iam/role:Role", "nodes-node"), "tags", {"Équipe 1 : a/b=c@d": "données, no; yes"[:7], "empty": ""}),
    (("aws:iam/role:Role", "nodes-node"), "managedPolicyArns", []),
    (("aws:s3/bucket:Bucket", "access-logs"), "bucket", "b" * 63),
    (("aws:s3/bucket:Bucket", "access-logs"), "bucket", "a.b-c.1"),
    (("aws:kms/alias:Alias", "cluster-key"), "name", "alias/" + "k" * 250),
    (("aws:kms/key:Key", "cluster-key"), "deletionWindowInDays", 7),
    (CLUSTER, "name", "m" * 100),
    (CLUSTER, "enabledClusterLogTypes", []),
    (CLUSTER, "tags", {}),
    (CLUSTER, "vpcConfig/publicAccessCidrs", []),
    # Newer in CloudFormation's schema than in the API's model, and the reverse.
    (CLUSTER, "controlPlaneScalingConfig/tier", "tier-ultra"),
    (LOG_GROUP, "logGroupClass", "ESSENTIALS"),
    (LOG_GROUP, "retentionInDays", 0),
    (LOG_GROUP, "name", "/" + "l" * 511),
    (NODES, "taints", []),
    (NODES, "labels", {}),
    (NODES, "nodeGroupName", "g" * 63),
    (NODES, "launchTemplate/version", 3),
    (NODES, "capacityType", "CAPACITY_BLOCK"),
    (NODES, "scalingConfig", {"minSize": 0, "desiredSize": 0, "maxSize": 1}),
    (GROUP, "ingress", [{"protocol": "tcp", "fromPort": 1, "toPort": 2, "cidrBlocks": ["10.0.0.0/24", "10.1.0.0/24"]}]),
    (GROUP, "egress", [{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True, "description": "each other"}]),
    (INGRESS, "description", ""),
    (INGRESS, "ipProtocol", "6"),
    (TEMPLATE, "imageId", "resolve:ssm:/aws/service/eks/optimized-ami/1.35/image_id"),
    (TEMPLATE, "blockDeviceMappings/0/ebs", {"volumeType": "io2", "iops": 3000, "volumeSize": 100}),
    (TEMPLATE, "blockDeviceMappings/0/ebs/encrypted", True),
    (TEMPLATE, "vpcSecurityGroupIds", []),
    (("aws:ec2/vpcEndpoint:VpcEndpoint", "network-s3"), "subnetIds", []),
    (("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "access-logs"), "rules/0/filter", {}),
]


def found(resource: Resource) -> list[Finding]:
    return [*CloudFormationJudge().inspect(resource), *ApiJudge().inspect(resource)]


def said(resource: Resource) -> list[str]:
    return [str(each) for each in found(resource)]


def one(resources: tuple[Resource, ...], place: tuple[str, str]) -> Resource:
    resource = next(each for each in resources if (each.type, each.name) == place)
    return replace(resource, inputs=copy.deepcopy(resource.inputs))


@pytest.mark.parametrize(("place", "path", "value"), UNUSUAL)
def test_what_is_unusual_but_right_is_left_alone(
    production: tuple[Resource, ...], place: tuple[str, str], path: str, value: Any
) -> None:
    resource = one(production, place)
    put(path, value)(resource.inputs)
    assert said(resource) == []


@pytest.mark.parametrize(
    ("partition", "region"),
    [("aws-us-gov", "us-gov-west-1"), ("aws-cn", "cn-north-1"), ("aws-eusc", "eusc-de-east-1"), ("aws", "sa-west-1")],
)
def test_the_whole_stack_is_right_in_other_partitions_and_in_regions_newer_than_the_schemas(
    production: tuple[Resource, ...], partition: str, region: str
) -> None:
    for resource in production:
        text = json.dumps(resource.inputs).replace("arn:aws:", f"arn:{partition}:").replace("us-east-1", region)
        there = replace(resource, inputs=json.loads(text), settings={**resource.settings, "region": region})
        if resource.type == CACHE and partition != "aws":
            # Amazon ECR keeps no caches in China and GovCloud, and its schema knows no secrets of other partitions.
            continue
        if resource.type == NODES[0]:
            # Not every instance type is offered everywhere.
            there.inputs["instanceTypes"] = ["m5.xlarge"]
        assert said(there) == []


def test_an_ipv6_rule_and_a_rule_for_every_protocol_are_right(production: tuple[Resource, ...]) -> None:
    resource = one(production, INGRESS)
    drop("cidrIpv4")(resource.inputs)
    put("cidrIpv6", "::/0")(resource.inputs)
    assert said(resource) == []
    drop("fromPort")(resource.inputs)
    drop("toPort")(resource.inputs)
    put("ipProtocol", "-1")(resource.inputs)
    assert said(resource) == []


def places(value: Any, path: str = "") -> Iterator[str]:
    """Every path inside the inputs, that of the whole left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        here = f"{path}/{key}" if path else str(key)
        # Keys with slashes in them are labels and tags.
        if not str(key).startswith("__") and "/" not in str(key):
            yield here
            yield from places(item, here)


def test_an_unknown_value_is_right_in_every_place(production: tuple[Resource, ...]) -> None:
    seen: set[str] = set()
    for resource in production:
        if resource.type.startswith("aws:") and resource.type not in seen:
            seen.add(resource.type)
            inputs = plain(resource.inputs)
            for path in places(inputs):
                changed = replace(resource, inputs=copy.deepcopy(inputs))
                put(path, UNKNOWN)(changed.inputs)
                assert said(changed) == [], path
    assert len(seen) > 30


def test_a_new_argument_of_the_sdk_is_not_passed_over(production: tuple[Resource, ...]) -> None:
    resource = one(production, NODES)
    put("nodeRepairConfig/brandNew", "x")(resource.inputs)
    (finding,) = found(resource)
    assert (finding.judge, finding.property, finding.value) == (
        "cloudformation-schema",
        "nodeRepairConfig.brandNew",
        "x",
    )
    assert "mapped to nothing" in finding.rule
    assert "`renamed` of the type's row in offline/providers/aws/types/" in finding.fix


def test_a_type_without_a_mapping_is_not_passed_over(
    production: tuple[Resource, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = one(production, NODES)
    monkeypatch.setitem(TYPES, NODES[0], AwsType(identifier="x"))
    (finding,) = found(resource)
    assert "has no mapping" in finding.rule
    assert "`cloudformation` type, or the `calls`" in finding.fix
    monkeypatch.delitem(TYPES, NODES[0])
    (finding,) = found(resource)
    assert "Give its row in offline/providers/aws/types/" in finding.fix


@pytest.mark.parametrize("token", sorted(TYPES))
def test_every_type_has_a_mapping(token: str) -> None:
    row = TYPES[token]
    assert row.cloudformation or row.part_of or row.calls


def test_a_secret_is_judged_but_not_shown(production: tuple[Resource, ...]) -> None:
    resource = one(production, LOG_GROUP)
    put("name", secret("not a name"))(resource.inputs)
    findings = found(resource)
    assert {each.judge for each in findings} == {"cloudformation-schema", "api-shape"}
    assert all("not a name" not in str(each) for each in findings)


def test_a_schema_says_one_thing_of_one_place(production: tuple[Resource, ...]) -> None:
    resource = one(production, ("aws:amp/workspace:Workspace", "metrics-workspace"))
    put("kmsKeyArn", "key")(resource.inputs)
    assert sorted(each.judge for each in found(resource)) == ["api-shape", "cloudformation-schema"]


def test_the_nearest_value_is_offered(production: tuple[Resource, ...]) -> None:
    resource = one(production, LOG_GROUP)
    put("retentionInDays", 100)(resource.inputs)
    (finding,) = found(resource)
    assert finding.fix == "Write 90"


def test_other_clouds_are_left_to_other_judges() -> None:
    assert found(Resource(urn="urn:pulumi:dev::sample::kubernetes:core/v1:Namespace::x", inputs={"a": 1})) == []
