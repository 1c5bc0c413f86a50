"""What replaces and what updates, over the production stack's own resources."""

import copy
from dataclasses import replace

import pytest

from offline.providers.aws.differences import difference
from offline.providers.aws.row import AwsType
from offline.providers.aws.schemas import schema
from offline.providers.aws.types import TYPES
from offline.providers.resource import Difference, Resource
from tests.checks.planted import Inputs, drop, put

CHANGES = [
    ("aws:eks/nodeGroup:NodeGroup", "executor-intel-nodes", put("instanceTypes/0", "m7i.large"), "instanceTypes"),
    ("aws:eks/nodeGroup:NodeGroup", "executor-intel-nodes", put("scalingConfig/maxSize", 7), ""),
    ("aws:eks/nodeGroup:NodeGroup", "executor-intel-nodes", put("releaseVersion", "1.35.7-20260901"), ""),
    ("aws:eks/nodeGroup:NodeGroup", "executor-intel-nodes", put("launchTemplate/version", "7"), ""),
    ("aws:eks/nodeGroup:NodeGroup", "executor-intel-nodes", put("launchTemplate/id", "lt-1"), "launchTemplate"),
    ("aws:eks/nodeGroup:NodeGroup", "executor-intel-nodes", put("capacityType", "ON_DEMAND"), "capacityType"),
    ("aws:eks/nodeGroup:NodeGroup", "executor-intel-nodes", put("labels/team", "x"), ""),
    ("aws:ec2/subnet:Subnet", "network-nodes-us-east-1a", put("cidrBlock", "100.72.0.0/17"), "cidrBlock"),
    ("aws:ec2/subnet:Subnet", "network-nodes-us-east-1a", put("availabilityZone", "us-east-1d"), "availabilityZone"),
    ("aws:ec2/subnet:Subnet", "network-nodes-us-east-1a", put("mapPublicIpOnLaunch", True), ""),
    ("aws:ec2/vpc:Vpc", "network-vpc", put("cidrBlock", "10.0.0.0/20"), "cidrBlock"),
    ("aws:ec2/vpc:Vpc", "network-vpc", put("enableDnsHostnames", False), ""),
    ("aws:ec2/launchTemplate:LaunchTemplate", "system-nodes", put("userData", "bmV3"), ""),
    ("aws:ec2/launchTemplate:LaunchTemplate", "system-nodes", put("name", "other"), "name"),
    ("aws:eks/cluster:Cluster", "cluster-eksCluster", put("version", "1.36"), ""),
    ("aws:eks/cluster:Cluster", "cluster-eksCluster", put("roleArn", "arn:aws:iam::1:role/x"), "roleArn"),
    ("aws:eks/cluster:Cluster", "cluster-eksCluster", put("encryptionConfig/provider/keyArn", "x"), "encryptionConfig"),
    ("aws:eks/cluster:Cluster", "cluster-eksCluster", drop("encryptionConfig"), "encryptionConfig"),
    ("aws:eks/cluster:Cluster", "cluster-eksCluster", put("name", "other"), "name"),
    ("aws:eks/cluster:Cluster", "cluster-eksCluster", put("vpcConfig/endpointPublicAccess", True), ""),
    ("aws:eks/cluster:Cluster", "cluster-eksCluster", put("accessConfig/authenticationMode", "CONFIG_MAP"), ""),
    ("aws:kms/key:Key", "cluster-key", put("policy", "{}"), ""),
    ("aws:kms/alias:Alias", "cluster-key", put("name", "alias/other"), "name"),
    ("aws:kms/alias:Alias", "cluster-key", put("targetKeyId", "other"), ""),
    ("aws:s3/bucket:Bucket", "access-logs", put("bucket", "other"), "bucket"),
    ("aws:s3/bucket:Bucket", "access-logs", put("forceDestroy", True), ""),
    ("aws:s3/bucket:Bucket", "access-logs", put("objectLockEnabled", True), ""),
    ("aws:s3/bucketVersioning:BucketVersioning", "access-logs", put("bucket", "other"), "bucket"),
    (
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "access-logs",
        put("rules/0/expiration/days", 500),
        "",
    ),
    ("aws:s3/bucketPolicy:BucketPolicy", "access-logs", put("policy", "{}"), ""),
    ("aws:cloudwatch/logGroup:LogGroup", "cluster-control-plane", put("name", "other"), "name"),
    ("aws:cloudwatch/logGroup:LogGroup", "cluster-control-plane", put("retentionInDays", 7), ""),
    ("aws:iam/role:Role", "nodes-node", put("assumeRolePolicy", "{}"), ""),
    ("aws:iam/role:Role", "nodes-node", put("name", "other"), "name"),
    ("aws:iam/rolePolicy:RolePolicy", "nodes-join", put("policy", "{}"), ""),
    ("aws:eks/addon:Addon", "addons-coredns", put("addonVersion", "v9"), ""),
    ("aws:eks/addon:Addon", "addons-coredns", put("addonName", "other"), "addonName"),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "network-sts", put("serviceName", "other"), "serviceName"),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "network-sts", put("policy", "{}"), ""),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "network-sts", put("subnetIds", ["subnet-1"]), ""),
    ("aws:ec2/flowLog:FlowLog", "network-flow-logs", put("vpcId", "vpc-1"), "vpcId"),
    ("aws:ec2/eip:Eip", "network-nat-us-east-1a", put("domain", "standard"), "domain"),
    ("aws:ec2/natGateway:NatGateway", "network-nat-us-east-1a", put("subnetId", "subnet-1"), "subnetId"),
    ("aws:ec2/route:Route", "network-public", put("gatewayId", "igw-1"), ""),
    ("aws:ec2/route:Route", "network-public", put("destinationCidrBlock", "10.0.0.0/8"), "destinationCidrBlock"),
    (
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "network-public-us-east-1a",
        put("routeTableId", "rtb-1"),
        "",
    ),
    (
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "cluster-api-from-nodes",
        put("toPort", 8443),
        "",
    ),
    (
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "cluster-moka-viewer-AmazonEKSViewPolicy",
        put("accessScope/type", "namespace"),
        "accessScope",
    ),
    ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "fluent-bit-pod", put("roleArn", "x"), ""),
    ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "fluent-bit-pod", put("namespace", "x"), "namespace"),
    ("aws:amp/workspace:Workspace", "metrics-workspace", put("alias", "other"), ""),
    ("aws:amp/workspace:Workspace", "metrics-workspace", put("kmsKeyArn", "other"), "kmsKeyArn"),
]


def changed(resource: Resource, inputs: Inputs) -> Difference:
    return difference(TYPES[resource.type], replace(resource, old_inputs=resource.inputs, inputs=inputs))


@pytest.mark.parametrize(("token", "name", "change", "replaced"), CHANGES)
def test_a_change_replaces_what_aws_cannot_change(
    production: tuple[Resource, ...], token: str, name: str, change: object, replaced: str
) -> None:
    resource = next(each for each in production if (each.type, each.name) == (token, name))
    inputs = copy.deepcopy(resource.inputs)
    assert callable(change)
    change(inputs)
    result = changed(resource, inputs)
    assert result.changed
    assert result.replaces == ((replaced,) if replaced else ())


def test_encryption_is_added_to_a_running_cluster_in_place(production: tuple[Resource, ...]) -> None:
    cluster = next(each for each in production if each.type == "aws:eks/cluster:Cluster")
    plain = {key: value for key, value in cluster.inputs.items() if key != "encryptionConfig"}
    assert changed(replace(cluster, inputs=plain), cluster.inputs).replaces == ()


@pytest.mark.parametrize("token", sorted(TYPES))
def test_every_type_says_what_replaces_it(token: str) -> None:
    row: AwsType = TYPES[token]
    updatable = {
        "aws:cloudwatch/queryDefinition:QueryDefinition",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        "aws:guardduty/detector:Detector",
        "aws:kms/key:Key",
        "aws:sqs/queuePolicy:QueuePolicy",
    }
    assert schema(row.cloudformation).get("createOnlyProperties") or row.replaces or token in updatable
