"""For each rule, a change to a resource of a stack that is right, after which the rule has to speak."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Inputs = dict[str, Any]


@dataclass(frozen=True)
class Mistake:
    """One change.

    Args:
        rule: name of the rule that finds it.
        type: of the resource.
        change: changes its inputs.
        says: what the finding holds.
        name: logical name of the resource; the first of its type without one.
        stack: the stack whose resource it is.
    """

    rule: str
    type: str
    change: Callable[[Inputs], object]
    says: str
    name: str = ""
    stack: str = "production"


def put(path: str, value: Any) -> Callable[[Inputs], None]:
    """Put a value where a path leads, with dots between keys and indices."""
    *parents, last = path.split(".")

    def change(inputs: Inputs) -> None:
        place: Any = inputs
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value

    return change


_POLICY_OF_ALL: Mapping[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}],
}
_TRUST_OF_ANY_CLUSTER: Mapping[str, Any] = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole"]},
    ]
}
_CLUSTER = "aws:eks/cluster:Cluster"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
_RBAC = "kubernetes:rbac.authorization.k8s.io/v1:"
_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"

MISTAKES = (
    Mistake("control-plane-records-everything", _CLUSTER, put("enabledClusterLogTypes", ["api"]), "audit"),
    Mistake("secrets-are-encrypted", _CLUSTER, put("encryptionConfig.resources", []), "secrets"),
    Mistake("api-server-is-private", _CLUSTER, put("vpcConfig.endpointPrivateAccess", False), "endpointPrivateAccess"),
    Mistake(
        "api-server-is-private", _CLUSTER, put("vpcConfig.endpointPublicAccess", True), "production has a private API"
    ),
    Mistake(
        "api-server-is-private",
        _CLUSTER,
        put("vpcConfig.publicAccessCidrs", ["0.0.0.0/0"]),
        "lets everybody in",
        stack="dev",
    ),
    Mistake(
        "access-entries-alone", _CLUSTER, put("accessConfig.authenticationMode", "API_AND_CONFIG_MAP"), "ConfigMap"
    ),
    Mistake("no-metadata-for-pods", _TEMPLATE, put("metadataOptions.httpTokens", "optional"), "httpTokens is optional"),
    Mistake("no-metadata-for-pods", _TEMPLATE, put("metadataOptions.httpPutResponseHopLimit", 2), "HopLimit is 2"),
    Mistake(
        "no-metadata-for-pods-of-pools", _NODE_CLASS, put("spec.metadataOptions.httpTokens", "optional"), "optional"
    ),
    Mistake(
        "no-metadata-for-pods-of-pools", _NODE_CLASS, put("spec.metadataOptions.httpPutResponseHopLimit", 2), "is 2"
    ),
    Mistake("disks-are-encrypted", _TEMPLATE, put("blockDeviceMappings.0.ebs.encrypted", "false"), "ebs.encrypted"),
    Mistake("disks-are-encrypted", _TEMPLATE, put("blockDeviceMappings", []), "is empty"),
    Mistake(
        "disks-of-pools-are-encrypted", _NODE_CLASS, put("spec.blockDeviceMappings.0.ebs.encrypted", False), "encrypted"
    ),
    Mistake(
        "few-nodes-at-a-time",
        "aws:eks/nodeGroup:NodeGroup",
        put("updateConfig", {"maxUnavailablePercentage": 60}),
        "60",
    ),
    Mistake(
        "pod-roles-are-one-clusters",
        "aws:iam/role:Role",
        put("assumeRolePolicy", _TRUST_OF_ANY_CLUSTER),
        "without aws:SourceArn",
    ),
    Mistake("roles-have-a-boundary", "aws:iam/role:Role", put("permissionsBoundary", None), "permissionsBoundary"),
    Mistake("no-whole-service", "aws:iam/rolePolicy:RolePolicy", put("policy", _POLICY_OF_ALL), "allows s3:*"),
    Mistake(
        "known-managed-policies",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        put("policyArn", "arn:aws:iam::aws:policy/AmazonS3FullAccess"),
        "AmazonS3FullAccess",
    ),
    Mistake(
        "images-stay-what-they-are", "aws:ecr/repository:Repository", put("imageTagMutability", "MUTABLE"), "IMMUTABLE"
    ),
    Mistake(
        "images-stay-what-they-are",
        "aws:ecr/repository:Repository",
        put("encryptionConfigurations", []),
        "names no key",
    ),
    Mistake("endpoints-have-a-policy", "aws:ec2/vpcEndpoint:VpcEndpoint", put("policy", None), "aws:PrincipalAccount"),
    Mistake(
        "groups-are-for-somebody",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        put("cidrIpv4", "0.0.0.0/0"),
        "everybody could connect",
    ),
    Mistake(
        "rules-say-what-they-are-for",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        put("description", ""),
        "description is missing",
    ),
    Mistake(
        "traffic-is-recorded", "aws:ec2/flowLog:FlowLog", put("trafficType", "REJECT"), "no flow log of all traffic"
    ),
    Mistake("no-public-addresses", "aws:ec2/subnet:Subnet", put("mapPublicIpOnLaunch", True), "mapPublicIpOnLaunch"),
    Mistake("buckets-are-complete", _BLOCK, put("bucket", "another"), "lacks a public access block"),
    Mistake("buckets-are-closed", _BLOCK, put("blockPublicPolicy", False), "blockPublicPolicy is not true"),
    Mistake(
        "buckets-have-one-owner",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        put("rule.objectOwnership", "ObjectWriter"),
        "ObjectWriter",
    ),
    Mistake(
        "buckets-refuse-others", "aws:s3/bucketPolicy:BucketPolicy", put("policy", {"Statement": []}), "without TLS"
    ),
    Mistake(
        "uploads-end",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        put("rules", []),
        "end no upload",
    ),
    Mistake("logs-outlive-a-destroy", "aws:s3/bucket:Bucket", put("forceDestroy", True), "forceDestroy is true"),
    Mistake("log-groups-have-a-key", "aws:cloudwatch/logGroup:LogGroup", put("kmsKeyId", None), "kmsKeyId is missing"),
    Mistake("log-groups-have-a-key", "aws:cloudwatch/logGroup:LogGroup", put("retentionInDays", 0), "for ever"),
    Mistake("messages-are-encrypted", "aws:sns/topic:Topic", put("kmsMasterKeyId", None), "kmsMasterKeyId is missing"),
    Mistake("keys-are-renewed", "aws:kms/key:Key", put("enableKeyRotation", False), "enableKeyRotation"),
    Mistake("keys-are-renewed", "aws:kms/key:Key", put("deletionWindowInDays", 7), "deletionWindowInDays is 7"),
    Mistake("roles-name-what-they-allow", f"{_RBAC}Role", put("rules.0.verbs", ["*"]), "verbs holds *"),
    Mistake("roles-name-what-they-allow", f"{_RBAC}ClusterRole", put("rules.0.verbs", ["escalate"]), "escalate"),
    Mistake(
        "nobody-is-cluster-admin", f"{_RBAC}ClusterRoleBinding", put("roleRef.name", "cluster-admin"), "cluster-admin"
    ),
    Mistake(
        "namespaces-enforce-pod-security", "kubernetes:core/v1:Namespace", put("metadata.labels", {}), "pod-security"
    ),
    Mistake(
        "objects-lie-in-a-namespace", "kubernetes:core/v1:ConfigMap", put("metadata.namespace", "default"), "'default'"
    ),
    Mistake(
        "secrets-are-files",
        "kubernetes:apps/v1:DaemonSet",
        put(
            "spec.template.spec.containers.0.env",
            [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}],
        ),
        "secret TOKEN in a variable",
    ),
    Mistake(
        "namespaces-are-closed",
        "kubernetes:core/v1:Namespace",
        put("metadata.name", "forgotten"),
        "namespace forgotten has no network policy",
    ),
)
