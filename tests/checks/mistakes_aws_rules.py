"""Planted mistakes against the rules that AWS enforces and no schema holds."""

import base64
from collections.abc import Callable

from tests.checks.planted import Inputs, Planted, drop, put

_RULES = "aws-rules"

_ADDON = "aws:eks/addon:Addon"
_ACCESS = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
_BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
_BUCKET = "aws:s3/bucket:Bucket"
_BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_CLUSTER = "aws:eks/cluster:Cluster"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_KEY = "aws:kms/key:Key"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_LOGGING = "aws:s3/bucketLogging:BucketLogging"
_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_NODES = "aws:eks/nodeGroup:NodeGroup"
_ROLE = "aws:iam/role:Role"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ROUTE = "aws:ec2/route:Route"
_SUBNET = "aws:ec2/subnet:Subnet"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
_VPC = "aws:ec2/vpc:Vpc"

_FIRST_NODES, _SYSTEM = "network-nodes-us-east-1a", "system-nodes"
_LONG_SID = f"{{'Sid': '{'x' * 12_000}'}}"
# Type, a resource that has one, and the most characters: one more is refused.
_LARGEST_POLICIES = (
    (_BUCKET_POLICY, "spark-logs", 20_480),
    (_ENDPOINT, "network-s3", 20_480),
    (_KEY, "alerts", 32_768),
    ("aws:sns/topicPolicy:TopicPolicy", "alerts", 30_720),
    ("aws:sqs/queuePolicy:QueuePolicy", "interruptions", 8_192),
    ("aws:ecr/repositoryPolicy:RepositoryPolicy", "images-moka/spark", 10_240),
)


def user_data(old: str, new: str) -> Callable[[Inputs], None]:
    """A change of the text inside a launch template's user data."""

    def change(inputs: Inputs) -> None:
        text = base64.b64decode(inputs["userData"]).decode()
        assert old in text
        inputs["userData"] = base64.b64encode(text.replace(old, new).encode()).decode()

    return change


def rule(text: str, **more: object) -> Inputs:
    return {"ipProtocol": "tcp", "fromPort": 1, "toPort": 1, "cidrBlocks": [text], **more}


AWS_RULES_MISTAKES: tuple[Planted, ...] = (
    # Network.
    Planted(_SUBNET, _FIRST_NODES, put("cidrBlock", "10.99.0.0/24"), _RULES, "cidrBlock", "none of the VPC's blocks"),
    Planted(_SUBNET, _FIRST_NODES, put("cidrBlock", "100.73.0.0/24"), _RULES, "cidrBlock", "overlaps subnet"),
    Planted(_BLOCK, _FIRST_NODES, put("cidrBlock", "100.73.0.0/16"), _RULES, "cidrBlock", "another block of the VPC"),
    Planted(_VPC, "network-vpc", put("cidrBlock", "10.48.0.0/12"), _RULES, "cidrBlock", "between a /16", False),
    Planted(_ROUTE, "network-public", put("natGatewayId", "nat-0123456789"), _RULES, "natGatewayId", "exactly one"),
    Planted(_ROUTE, "network-public", put("gatewayId", "nat-0123456789abcdef0"), _RULES, "gatewayId", "(igw-)"),
    Planted(_ROUTE, "network-private-us-east-1a", put("natGatewayId", "igw-0123"), _RULES, "natGatewayId", "with nat-"),
    Planted(
        _ENDPOINT, "network-s3", put("subnetIds", ["subnet-0123456789abcdef0"]), _RULES, "subnetIds", "has no place"
    ),
    Planted(
        _ENDPOINT, "network-kms", put("serviceName", "com.amazonaws.eu-west-1.kms"), _RULES, "serviceName", "us-east-1"
    ),
    Planted(
        _GROUP,
        "cluster-nodes",
        put("ingress", [rule(f"10.0.{each}.0/24") for each in range(61)]),
        _RULES,
        "ingress",
        "more than the quota of 60",
        alone=False,
    ),
    Planted(
        _ENDPOINT,
        "network-kms",
        lambda inputs: inputs["subnetIds"].extend(inputs["subnetIds"][:1]),
        _RULES,
        "subnetIds",
        "two subnets of zone",
        alone=False,
    ),
    # Control plane.
    Planted(
        _CLUSTER,
        "cluster-eksCluster",
        put("vpcConfig/endpointPrivateAccess", False),
        _RULES,
        "vpcConfig.endpointPrivateAccess",
        "nobody reaches",
    ),
    Planted(
        _CLUSTER,
        "cluster-eksCluster",
        lambda inputs: inputs["vpcConfig"].update(subnetIds=inputs["vpcConfig"]["subnetIds"][:1]),
        _RULES,
        "vpcConfig.subnetIds",
        "2 availability zones or more",
        alone=False,
    ),
    Planted(
        _CLUSTER,
        "cluster-eksCluster",
        lambda inputs: inputs["vpcConfig"].update(subnetIds=inputs["vpcConfig"]["subnetIds"][:1] * 2),
        _RULES,
        "vpcConfig.subnetIds",
        "lie in 1 availability zone",
        alone=False,
    ),
    Planted(_INGRESS, "cluster-api-from-10-240-0-0-16", lambda inputs: inputs.update(fromPort=8443, toPort=8443),
            _RULES, "vpcConfig.securityGroupIds", "nobody but the nodes"),
    Planted(_ADDON, "addons-coredns", put("addonName", "core-dns"), _RULES, "addonName", "no add-on"),
    Planted(_ADDON, "addons-coredns", put("addonVersion", "1.12"), _RULES, "addonVersion", "v1.20.4-eksbuild.2"),
    Planted(_ADDON, "addons-coredns", put("addonName", "metrics-server"), _RULES, "addonName", "has too"),
    Planted(
        _ACCESS,
        "cluster-moka-viewer-AmazonEKSViewPolicy",
        put("policyArn", "arn:aws:eks::aws:cluster-access-policy/AmazonEKSReadPolicy"),
        _RULES,
        "policyArn",
        "with a name that Amazon EKS offers",
    ),
    Planted(
        _ACCESS,
        "cluster-moka-viewer-AmazonEKSViewPolicy",
        put("accessScope", {"type": "namespace"}),
        _RULES,
        "accessScope",
        "must name namespaces",
    ),
    # Nodes.
    Planted(
        _NODES, "executor-intel-nodes", put("instanceTypes", ["m7gd.xlarge"]), _RULES, "instanceTypes.0", "has arm64"
    ),
    Planted(
        _NODES,
        "executor-graviton-nodes",
        put("amiType", "AL2023_x86_64_STANDARD"),
        _RULES,
        "instanceTypes.0",
        "is for x86_64",
    ),
    Planted(
        _NODES, "driver-intel-nodes", put("instanceTypes", ["hpc7a.12xlarge"]), _RULES, "instanceTypes.0", "not offered"
    ),
    Planted(
        _NODES,
        "driver-intel-nodes",
        put("instanceTypes", ["m4.large"]),
        _RULES,
        "instanceTypes.0",
        "carries 20 pods, but its nodes are told to run 58",
    ),
    Planted(_NODES, _SYSTEM, put("scalingConfig/minSize", 999), _RULES, "scalingConfig.minSize", "larger than maxSize"),
    Planted(_NODES, _SYSTEM, put("scalingConfig/desiredSize", 999), _RULES, "scalingConfig.desiredSize", "between"),
    Planted(_NODES, _SYSTEM, put("updateConfig/maxUnavailablePercentage", 33), _RULES, "updateConfig", "not both"),
    Planted(_NODES, _SYSTEM, put("releaseVersion", "1.34.2-20260827"), _RULES, "releaseVersion", "no release of"),
    Planted(_NODES, _SYSTEM, put("diskSize", 100), _RULES, "diskSize", "in the launch template"),
    Planted(_NODES, _SYSTEM, lambda inputs: inputs.update(version="1.36", releaseVersion="1.36.1-20260827"), _RULES,
            "version", "does not go with Kubernetes 1.35"),
    Planted(_TEMPLATE, _SYSTEM, user_data("v1alpha1", "v1"), _RULES, "userData", "apiVersion node.eks.aws/v1alpha1"),
    Planted(_TEMPLATE, _SYSTEM, user_data("maxPods", "maxpods"), _RULES, "userData", "'maxpods' in spec.kubelet"),
    Planted(_TEMPLATE, _SYSTEM, user_data('"kubelet"', '"kublet"'), _RULES, "userData", "'kublet' in spec"),
    Planted(_TEMPLATE, _SYSTEM, user_data("application/node.eks.aws", "application/yaml"), _RULES, "userData", "yaml"),
    Planted(_TEMPLATE, _SYSTEM, user_data("--==MOKA-NODE==", "--MOKA"), _RULES, "userData", "whose boundary"),
    Planted(_TEMPLATE, _SYSTEM, put("userData", "#!/bin/bash"), _RULES, "userData", "must be base64", alone=False),
    # Buckets and logs.
    Planted(_LIFECYCLE, "spark-logs", put("rules/0/transitions/0/days", 500), _RULES, "rules.0.transitions.0.days",
            "smaller than the days until expiry"),
    Planted(_LIFECYCLE, "spark-logs", put("rules/0/transitions/0/days", 7), _RULES, "rules.0.transitions.0.days",
            "30 or more"),
    Planted(_LIFECYCLE, "spark-logs", drop("rules/1/abortIncompleteMultipartUpload"), _RULES, "rules.1",
            "must say what happens"),
    Planted(_VERSIONING, "spark-logs", put("versioningConfiguration/status", "Suspended"), _RULES,
            "versioningConfiguration.status", "must be Enabled"),
    Planted(_LOGGING, "spark-logs", put("targetBucket", "moka-production-spark-events-444444444444-us-east-1"), _RULES,
            "targetBucket", "delivers no access logs"),
    Planted(_BUCKET, "spark-logs", put("bucket", "192.168.5.4"), _RULES, "bucket", "no IP address", alone=False),
    Planted(_BUCKET_POLICY, "access-logs", put("bucket", "moka-production-other"), _RULES, "policy", "but stands on"),
    Planted(_LOG_GROUP, "network-flow-logs", drop("retentionInDays"), _RULES, "retentionInDays", "must be set"),
    # Identity.
    Planted(_ROLE, "nodes-node", put("assumeRolePolicy", _LONG_SID), _RULES, "assumeRolePolicy", "2048", alone=False),
    Planted(_ROLE_POLICY, "nodes-join", put("policy", _LONG_SID), _RULES, "policy", "more than 10240", alone=False),
    *(Planted(kind, name, put("policy", "{}" + " " * most), _RULES, "policy", f"{most + 2} characters", alone=False)
      for kind, name, most in _LARGEST_POLICIES),
    # Names and tags.
    Planted(_LOG_GROUP, "network-flow-logs", put("name", "/aws/eks/moka-production/cluster"), _RULES, "name",
            "has too", alone=False),
    Planted(_BUCKET_POLICY, "access-logs", put("bucket", "moka-production-spark-logs-444444444444-us-east-1"), _RULES,
            "bucket", "overwrites the first"),
    Planted(_INGRESS, "network-endpoints-primary", put("cidrIpv4", "100.72.0.0/16"), _RULES, "cidrIpv4", "Duplicate"),
    Planted(_VPC, "network-vpc", put("tagsAll/aws:team", "spark"), _RULES, "tags", "AWS's own prefix", alone=False),
    Planted(_VPC, "network-vpc", put("tagsAll", {"Name": "moka"}), _RULES, "tagsAll", "ManagedBy"),
)  # fmt: skip
