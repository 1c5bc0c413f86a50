"""Planted mistakes in AWS's own terms: what CloudFormation's schemas and the models of AWS's API refuse."""

from tests.checks.planted import Planted, drop, put

_SCHEMA = "cloudformation-schema"
_API = "api-shape"

_ADDON = "aws:eks/addon:Addon"
_ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_BUCKET = "aws:s3/bucket:Bucket"
_CLUSTER = "aws:eks/cluster:Cluster"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_KEY = "aws:kms/key:Key"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_NODES = "aws:eks/nodeGroup:NodeGroup"
_ROLE = "aws:iam/role:Role"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_SUBNET = "aws:ec2/subnet:Subnet"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_VPC = "aws:ec2/vpc:Vpc"
_WORKSPACE = "aws:amp/workspace:Workspace"

AWS_SCHEMA_MISTAKES: tuple[Planted, ...] = (
    # What only CloudFormation's schemas hold: formats, and limits that the API's models leave out.
    Planted(_SUBNET, "network-public-us-east-1a", put("vpcId", "network"), _SCHEMA, "vpcId", "Write it like vpc-"),
    Planted(_KEY, "cluster-key", put("deletionWindowInDays", 5), _SCHEMA, "deletionWindowInDays", "at least 7"),
    Planted(
        _INGRESS, "network-endpoints-primary", put("cidrIpv4", "10.48.0.0/20/1"), _SCHEMA, "cidrIpv4", "ipv4-network"
    ),
    Planted(
        _NODES,
        "driver-intel-nodes",
        put("instanceTypes/0", "m5d.huge"),
        _SCHEMA,
        "instanceTypes.0",
        "Write 'm5d.",
        alone=False,
    ),
    Planted(_BUCKET, "access-logs", put("bucket", "Access_Logs"), _SCHEMA, "bucket", "lower-case", alone=False),
    Planted(_CLUSTER, "cluster-eksCluster", put("roleArn", "eks"), _SCHEMA, "roleArn", "Write it like arn:aws:iam::"),
    Planted(
        _TEMPLATE,
        "system-nodes",
        put("blockDeviceMappings/0/ebs/volumeType", "io2"),
        _SCHEMA,
        "blockDeviceMappings.0.ebs.iops",
        "must be given",
    ),
    Planted(_TEMPLATE, "system-nodes", put("imageId", "al2023"), _SCHEMA, "imageId", "ami-", alone=False),
    Planted(
        _INGRESS,
        "cluster-api-from-nodes",
        put("cidrIpv4", "10.0.0.0/8"),
        _SCHEMA,
        "cidrIpv4",
        "exactly one of cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId",
    ),
    Planted(
        _ADDON,
        "addons-coredns",
        put("resolveConflictsOnUpdate", "FORCE"),
        _SCHEMA,
        "resolveConflictsOnUpdate",
        "one of NONE, OVERWRITE, PRESERVE",
    ),
    Planted(_LIFECYCLE, "access-logs", put("rules/0/id", "i" * 256), _SCHEMA, "rules.0.id", "255 characters"),
    Planted(
        "aws:ec2/securityGroup:SecurityGroup",
        "cluster-nodes",
        put("description", "n" * 256),
        _SCHEMA,
        "description",
        "at most 255 characters long",
    ),
    # What no table has a name for.
    Planted(_VPC, "network-vpc", put("enableDnsSuport", True), _SCHEMA, "enableDnsSuport", "mapped to nothing"),
    Planted(
        _LIFECYCLE,
        "access-logs",
        put("rules/0/transitions/0/dayz", 3),
        _SCHEMA,
        "rules.0.transitions.0.dayz",
        "offline/providers/aws/types/",
    ),
    # What both hold.
    Planted(
        _TEMPLATE,
        "system-nodes",
        put("metadataOptions/httpTokens", "requird"),
        _SCHEMA,
        "metadataOptions.httpTokens",
        "Write 'required'",
        alone=False,
    ),
    Planted(_NODES, "system-nodes", drop("nodeRoleArn"), _API, "nodeRoleArn", "must be given", alone=False),
    Planted(
        _NODES,
        "driver-intel-nodes",
        put("taints/0/effect", "NoSchedule"),
        _API,
        "taints.0.effect",
        "NO_SCHEDULE",
        alone=False,
    ),
    # What only the API's models hold: where CloudFormation has no resource, patterns as a whole, what it leaves open.
    Planted(
        _ATTACHMENT,
        "nodes-AmazonEKSWorkerNodeMinimalPolicy",
        put("role", "nodes node"),
        _API,
        "role",
        r"[\w+=,.@-]+",
    ),
    Planted(
        _ASSOCIATION,
        "cluster-moka-viewer-AmazonEKSViewPolicy",
        put("accessScope/type", "everything"),
        _API,
        "accessScope.type",
        "one of cluster, namespace",
    ),
    Planted(
        _ASSOCIATION,
        "cluster-moka-viewer-AmazonEKSViewPolicy",
        drop("policyArn"),
        _API,
        "policyArn",
        "must be given",
        alone=False,
    ),
    Planted("aws:ec2/eip:Eip", "network-nat-us-east-1a", put("domain", "vps"), _API, "domain", "Write 'vpc'"),
    Planted(_NODES, "driver-intel-nodes", put("labels/pool", "x" * 64), _API, "labels.pool", "63 characters"),
    Planted(_WORKSPACE, "metrics-workspace", put("tags/team", "a|b"), _API, "tags.team", "must match the pattern"),
    Planted(
        "aws:s3/bucketLogging:BucketLogging",
        "spark-logs",
        drop("targetPrefix"),
        _API,
        "targetPrefix",
        "must be given",
    ),
    Planted(
        "aws:s3/bucketVersioning:BucketVersioning",
        "access-logs",
        put("versioningConfiguration/mfaDelete", "on"),
        _API,
        "versioningConfiguration.mfaDelete",
        "one of Enabled, Disabled",
    ),
    Planted(
        _LIFECYCLE,
        "access-logs",
        put("transitionDefaultMinimumObjectSize", "128K"),
        _API,
        "transitionDefaultMinimumObjectSize",
        "all_storage_classes_128K",
    ),
    Planted(
        _ADDON,
        "addons-coredns",
        put("resolveConflictsOnCreate", "FORCE"),
        _API,
        "resolveConflictsOnCreate",
        "OVERWRITE",
    ),
    Planted(_CLUSTER, "cluster-eksCluster", put("name", "moka production"), _API, "name", "must match", alone=False),
    Planted(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "network-default",
        put("ingress", [{"protocol": "tcp", "fromPort": "any", "toPort": 443}]),
        _API,
        "ingress.0.fromPort",
        "must be a whole number",
        alone=False,
    ),
)
