"""Calls of the control plane, its access and add-ons, nodes, roles and keys.

Source: CloudFormation's resource provider schemas, `handlers`, as pulumi/pulumi-aws-native carries them
(aws-cloudformation-schema, read at 43eed3b); hashicorp/terraform-provider-aws, internal/service/eks, iam and kms.
"""

from offline.permissions.calls import LINKS, Calls, linked_role, of

_TAGS = "TagResource UntagResource"
_PASS = ("iam:GetRole", "iam:PassRole")
_ROLE = "arn:{partition}:iam::{account}:role/{role}"


def _eks(names: str) -> tuple[str, ...]:
    return of("eks", names)


def _iam(names: str) -> tuple[str, ...]:
    return of("iam", names)


def _kms(names: str) -> tuple[str, ...]:
    return of("kms", names)


def _at(resource: str) -> str:
    return f"arn:{{partition}}:eks:{{region}}:{{account}}:{resource}"


def _ec2_at(resource: str) -> str:
    return f"arn:{{partition}}:ec2:{{region}}:{{account}}:{resource}"


_CLUSTER = _at("cluster/{clusterName}")
# What Amazon EKS tries to launch with the caller's rights before it takes a launch template.
# Source: Amazon EKS user guide, "Customize managed nodes with launch templates".
_TAGGED = tuple(map(_ec2_at, ("instance/*", "network-interface/*", "volume/*")))
_LAUNCHED = (
    *_TAGGED,
    *map(_ec2_at, ("security-group/*", "subnet/{subnetIds}")),
    _ec2_at("launch-template/{launchTemplate.id}"),
    "arn:{partition}:ec2:{region}::image/*",
)

CALLS: dict[str, Calls] = {
    "aws:eks/cluster:Cluster": Calls(
        create=(
            *_eks("CreateCluster TagResource"),
            *_PASS,
            LINKS,
            "iam:ListAttachedRolePolicies",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            *_kms("CreateGrant DescribeKey"),
        ),
        read=_eks("DescribeCluster"),
        update=_eks(f"DescribeUpdate UpdateClusterConfig UpdateClusterVersion {_TAGS}"),
        delete=_eks("DeleteCluster"),
        only={LINKS: (linked_role("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),)},
        passes_to=("eks.amazonaws.com",),
        context={LINKS: {"iam:AWSServiceName": "eks.amazonaws.com"}},
    ),
    "aws:eks/nodeGroup:NodeGroup": Calls(
        create=(
            *_eks("CreateNodegroup TagResource"),
            *_PASS,
            LINKS,
            "iam:ListAttachedRolePolicies",
            "ec2:CreateTags",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:DescribeLaunchTemplates",
            "ec2:DescribeSubnets",
            "ec2:RunInstances",
        ),
        read=_eks("DescribeNodegroup"),
        update=(
            *_eks(f"DescribeUpdate UpdateNodegroupConfig UpdateNodegroupVersion {_TAGS}"),
            *_PASS,
            "ec2:RunInstances",
        ),
        delete=_eks("DeleteNodegroup"),
        on=(_CLUSTER,),
        only={
            LINKS: (linked_role("eks-nodegroup.amazonaws.com", "AWSServiceRoleForAmazonEKSNodegroup"),),
            "ec2:CreateTags": _TAGGED,
            "ec2:RunInstances": _LAUNCHED,
        },
        # Amazon EKS hands it on to Amazon EC2; which of the two IAM asks with is not documented.
        passes_to=("ec2.amazonaws.com", "eks.amazonaws.com"),
        context={LINKS: {"iam:AWSServiceName": "eks-nodegroup.amazonaws.com"}},
    ),
    "aws:eks/addon:Addon": Calls(
        create=(*_eks("CreateAddon TagResource"),),
        read=_eks("DescribeAddon"),
        update=_eks(f"DescribeUpdate UpdateAddon {_TAGS}"),
        delete=_eks("DeleteAddon"),
        on=(_CLUSTER,),
    ),
    "aws:eks/accessEntry:AccessEntry": Calls(
        create=_eks("CreateAccessEntry TagResource"),
        read=_eks("DescribeAccessEntry"),
        update=_eks(f"UpdateAccessEntry {_TAGS}"),
        delete=_eks("DeleteAccessEntry"),
        on=(_CLUSTER, _at("access-entry/{clusterName}/role/{account}/*")),
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Calls(
        create=_eks("AssociateAccessPolicy"),
        read=_eks("ListAssociatedAccessPolicies"),
        delete=_eks("DisassociateAccessPolicy"),
        on=(_at("access-entry/{clusterName}/role/{account}/*"),),
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Calls(
        create=(*_eks("CreatePodIdentityAssociation TagResource"), *_PASS),
        read=_eks("DescribePodIdentityAssociation"),
        update=(*_eks(f"UpdatePodIdentityAssociation {_TAGS}"), *_PASS),
        delete=_eks("DeletePodIdentityAssociation"),
        on=(_CLUSTER, _at("podidentityassociation/{clusterName}/{id}")),
        passes_to=("pods.eks.amazonaws.com",),
    ),
    "aws:iam/role:Role": Calls(
        create=_iam("CreateRole TagRole"),
        # internal/service/iam/role.go: managed and inline policies are outputs.
        read=_iam("GetRole ListAttachedRolePolicies ListRolePolicies"),
        update=_iam(
            "PutRolePermissionsBoundary TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription"
        ),
        # Instance profiles that still hold it are looked for first.
        delete=_iam("DeleteRole ListInstanceProfilesForRole"),
    ),
    "aws:iam/rolePolicy:RolePolicy": Calls(
        create=_iam("PutRolePolicy"),
        read=_iam("GetRolePolicy"),
        update=_iam("PutRolePolicy"),
        delete=_iam("DeleteRolePolicy"),
        on=(_ROLE,),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Calls(
        create=_iam("AttachRolePolicy"),
        read=_iam("ListAttachedRolePolicies"),
        delete=_iam("DetachRolePolicy"),
        on=(_ROLE,),
    ),
    "aws:iam/instanceProfile:InstanceProfile": Calls(
        create=_iam("AddRoleToInstanceProfile CreateInstanceProfile PassRole TagInstanceProfile"),
        read=_iam("GetInstanceProfile"),
        update=_iam("TagInstanceProfile UntagInstanceProfile"),
        delete=_iam("DeleteInstanceProfile RemoveRoleFromInstanceProfile"),
        on=(_ROLE,),
        passes_to=("ec2.amazonaws.com",),
    ),
    "aws:kms/key:Key": Calls(
        create=_kms("CreateKey EnableKeyRotation TagResource"),
        read=_kms("DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags"),
        update=_kms("EnableKeyRotation PutKeyPolicy TagResource UntagResource UpdateKeyDescription"),
        delete=_kms("ScheduleKeyDeletion"),
    ),
    "aws:kms/alias:Alias": Calls(
        create=_kms("CreateAlias"),
        read=_kms("ListAliases"),
        update=_kms("UpdateAlias"),
        delete=_kms("DeleteAlias"),
        on=("arn:{partition}:kms:{region}:{account}:key/{targetKeyId}",),
    ),
}
