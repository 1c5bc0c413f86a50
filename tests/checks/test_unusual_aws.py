"""Correct but unusual AWS inputs raise no alarm, and rules that need several resources find what one cannot show."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from offline.checks.aws_rules.judge import AwsRules
from offline.checks.finding import Finding
from offline.checks.iam.judge import IamJudge
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN

GOVCLOUD = {"region": "us-gov-west-1", "allowedAccountIds": '["123456789012"]'}


def resource(kind: str, inputs: dict[str, Any], settings: dict[str, Any] | None = None, name: str = "it") -> Resource:
    return Resource(urn=f"urn:pulumi:dev::sample::{kind}::{name}", inputs=inputs, settings=settings or {})


def policy(**elements: Any) -> str:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | elements
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def found(*resources: Resource) -> list[Finding]:
    judges = (AwsRules(), IamJudge())
    alone: Iterable[Finding] = (each for one in resources for judge in judges for each in judge.inspect(one))
    return [*alone, *(each for judge in judges for each in judge.inspect_together(resources))]


SUBNET, VPC, NODES = "aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc", "aws:eks/nodeGroup:NodeGroup"
ROLE_POLICY, ROUTE = "aws:iam/rolePolicy:RolePolicy", "aws:ec2/route:Route"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE = "role:Role"
GITHUB = "token.actions.githubusercontent.com"
GOVCLOUD_BUCKET = "arn:aws-us-gov:s3:::logs/*"

UNUSUAL = {
    "one statement without a list, in GovCloud": resource(
        ROLE_POLICY, {"policy": policy(Resource=GOVCLOUD_BUCKET)}, GOVCLOUD
    ),
    "a managed policy of GovCloud": resource(
        ATTACHMENT, {"policyArn": "arn:aws-us-gov:iam::aws:policy/AmazonEKSClusterPolicy"}, GOVCLOUD
    ),
    "a managed policy with a path": resource(
        ATTACHMENT, {"policyArn": "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"}
    ),
    "an own policy": resource(ATTACHMENT, {"policyArn": "arn:aws:iam::123456789012:policy/AmazonOwn"}),
    "an unknown policy": resource(ROLE_POLICY, {"policy": UNKNOWN}),
    "operators with modifiers": resource(
        ROLE_POLICY,
        {"policy": policy(Condition={"ForAllValues:StringLikeIfExists": {"aws:TagKeys": ["a"]}})},
    ),
    "a condition key in other letters": resource(
        ROLE_POLICY, {"policy": policy(Condition={"Bool": {"AWS:SECURETRANSPORT": True}})}
    ),
    "a key of any name": resource(
        ROLE_POLICY, {"policy": policy(Condition={"StringEquals": {"s3:ExistingObjectTag/team": "spark"}})}
    ),
    "a policy variable in an ARN": resource(
        ROLE_POLICY, {"policy": policy(Resource="arn:aws:s3:::home-${aws:PrincipalTag/team}/*")}
    ),
    "the longest bucket name": resource("aws:s3/bucket:Bucket", {"bucket": "b" * 63}),
    "an IPv6-looking description": resource("aws:ec2/securityGroup:SecurityGroup", {"description": "fd00::1/64"}),
    "empty lists": resource(NODES, {"instanceTypes": [], "subnetIds": [], "taints": []}),
    "a custom image": resource(NODES, {"amiType": "CUSTOM", "instanceTypes": ["m7g.large"]}),
    "GPU and storage Graviton": resource(
        NODES, {"amiType": "AL2023_ARM_64_STANDARD", "instanceTypes": ["g5g.xlarge", "im4gn.large", "a1.large"]}
    ),
    "GPUs on Intel": resource(
        NODES, {"amiType": "AL2023_x86_64_NVIDIA", "instanceTypes": ["g6e.xlarge", "gr6.4xlarge"]}
    ),
    "a group of no nodes yet": resource(NODES, {"scalingConfig": {"minSize": 0, "desiredSize": 0, "maxSize": 1}}),
    "an unknown route target": resource(
        ROUTE, {"routeTableId": UNKNOWN, "natGatewayId": UNKNOWN, "destinationCidrBlock": "0.0.0.0/0"}
    ),
    "a vendor's add-on": resource("aws:eks/addon:Addon", {"addonName": "kubecost_kubecost", "addonVersion": "v2"}),
}


@pytest.mark.parametrize("unusual", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_what_is_correct_but_unusual_raises_no_alarm(unusual: Resource) -> None:
    assert [str(each) for each in found(unusual)] == []


def test_subnets_of_two_networks_may_share_a_range() -> None:
    networks = [resource(VPC, {"cidrBlock": "10.0.0.0/16"}, name=name) for name in ("a", "b")]
    subnets = [resource(SUBNET, {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/24"}, name=name) for name in ("a", "b")]
    assert found(*networks, *subnets) == []


@pytest.mark.parametrize(
    ("kind", "place", "service"),
    [
        ("aws:eks/cluster:Cluster", "roleArn", "eks"),
        (NODES, "nodeRoleArn", "ec2"),
        ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "roleArn", "pods.eks"),
        ("aws:ec2/flowLog:FlowLog", "iamRoleArn", "vpc-flow-logs"),
    ],
)
def test_a_role_must_trust_the_service_that_uses_it(kind: str, place: str, service: str) -> None:
    def judged(principal: str) -> list[str]:
        actions = ["sts:AssumeRole", "sts:TagSession"]
        trust = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": actions}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = resource("aws:iam/role:Role", {"name": "worker", "assumeRolePolicy": document})
        user = resource(kind, {place: "arn:aws:iam::123456789012:role/path/worker"})
        return [each.property for each in found(role, user)]

    assert judged(f"{service}.amazonaws.com") == []
    assert judged("lambda.amazonaws.com") == [place]


@pytest.mark.parametrize(
    ("kind", "place", "most"), [("policy:Policy", "policy", 6_144), (ROLE, "assumeRolePolicy", 2_048)]
)
def test_white_space_does_not_count_in_iam_and_every_other_character_does(kind: str, place: str, most: int) -> None:
    def judged(characters: int) -> list[str]:
        document = {"Statement": "x" * (characters - len('{"Statement":""}'))}
        made = resource(f"aws:iam/{kind}", {place: json.dumps(document, indent=8)})
        return [each.rule for each in found(made) if each.judge == "aws-rules"]

    assert judged(most) == []
    assert judged(most + 1) == [f"has {most + 1} characters, more than {most}"]


@pytest.mark.parametrize(
    ("host", "claim", "is_there"), [(GITHUB, "sub", True), (GITHUB, "sob", False), ("x.y", "sub", False)]
)
def test_a_role_trusts_the_claims_of_its_own_identity_provider(host: str, claim: str, is_there: bool) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{host}:{claim}": "repo:example/moka:ref:refs/heads/main"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    judged = found(resource("aws:iam/role:Role", {"name": "publisher", "assumeRolePolicy": document}))
    assert [each.value for each in judged] == ([] if is_there else [f"{host}:{claim}"])


def test_a_role_takes_ten_managed_policies() -> None:
    role = resource("aws:iam/role:Role", {"name": "worker"})
    own = "arn:aws:iam::123456789012:policy/p"
    eleven = [resource(ATTACHMENT, {"role": "worker", "policyArn": f"{own}{n}"}, name=f"p{n}") for n in range(11)]
    assert found(role, *eleven[:10]) == []
    assert [each.property for each in found(role, *eleven)] == ["role"]


def test_an_image_stands_in_the_template_or_in_the_group() -> None:
    template = resource("aws:ec2/launchTemplate:LaunchTemplate", {"imageId": "ami-0123456789abcdef0"})
    group = resource(NODES, {"amiType": "AL2023_x86_64_STANDARD", "launchTemplate": {"id": UNKNOWN, "version": "1"}})
    assert [each.property for each in found(template, group)] == ["amiType"]


@pytest.mark.parametrize(
    ("service", "region", "is_there"),
    [
        ("ecr.api", "eu-south-2", True),
        ("aps-workspaces", "af-south-1", True),
        ("aps-workspaces", "cn-north-1", False),
        ("grafana", "us-west-1", False),
        ("vpce-svc-0123456789abcdef0", "us-west-1", True),
    ],
)
def test_an_endpoint_is_of_a_service_that_the_region_has(service: str, region: str, is_there: bool) -> None:
    inputs = {"serviceName": f"com.amazonaws.{region}.{service}", "vpcEndpointType": "Interface"}
    judged = found(resource("aws:ec2/vpcEndpoint:VpcEndpoint", inputs, {"region": region}))
    assert [each.property for each in judged] == ([] if is_there else ["serviceName"])
