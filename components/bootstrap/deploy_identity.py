"""What a deployment changes of roles and of keys, and within which bounds.

Whoever may make a role and hand it on could become more than they are. So each role is called as the environment's own,
carries the bootstrap's boundary, gets the few policies of AWS that the program attaches, and is handed to those
services alone that use it.

Source: AWS IAM user guide, "Permissions boundaries for IAM entities", delegating responsibility to others; "Grant a
user permissions to pass a role to an AWS service"; "Create a service-linked role".
"""

from components.bootstrap.names import ROLE_BOUNDARY, policy_arn
from components.bootstrap.places import Places
from components.identity.policies import Document, actions, document, statement

# What roles of the program have that AWS manages: the control plane, nodes, the CNI, the EBS CSI driver.
ATTACHED = (
    "AmazonEBSCSIDriverPolicyV2",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSClusterPolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKS_CNI_Policy",
)
# Who uses roles of the program: control plane, nodes, pods, flow logs, caches of images, Grafana.
PASSED_TO = ("ec2", "ecr", "eks", "grafana", "pods.eks", "vpc-flow-logs")
# Services that make a role for themselves when they are first used.
LINKED = ("eks", "eks-nodegroup", "elasticloadbalancing", "guardduty", "pullthroughcache.ecr")


def identity_policy(places: Places) -> Document:
    """Roles of the environment, within the bootstrap's boundary, for the services that use them."""
    account = places.account
    bounded = {"StringEquals": {"iam:PermissionsBoundary": policy_arn(ROLE_BOUNDARY, account)}}
    return document(
        statement(
            "ChangeBoundedRoles",
            actions("iam", "CreateRole DeleteRolePolicy PutRolePermissionsBoundary PutRolePolicy"),
            [places.roles],
            condition=bounded,
        ),
        statement(
            "AttachKnownPolicies",
            actions("iam", "AttachRolePolicy DetachRolePolicy"),
            [places.roles],
            condition={
                **bounded,
                "ArnEquals": {"iam:PolicyARN": [account.managed_policy_arn(each) for each in ATTACHED]},
            },
        ),
        statement(
            "ChangeRoles",
            actions(
                "iam",
                "DeleteRole ListInstanceProfilesForRole TagRole UntagRole UpdateAssumeRolePolicy UpdateRole "
                "UpdateRoleDescription",
            ),
            [places.roles],
        ),
        statement(
            "ChangeInstanceProfiles",
            actions(
                "iam",
                "AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile RemoveRoleFromInstanceProfile "
                "TagInstanceProfile UntagInstanceProfile",
            ),
            [places.instance_profiles],
        ),
        statement(
            "PassRolesToTheirServices",
            actions("iam", "PassRole"),
            [places.roles],
            condition={
                "StringEquals": {"iam:PassedToService": [account.service_principal(each) for each in PASSED_TO]}
            },
        ),
        *(
            statement(
                f"LinkRole{''.join(part.title() for part in each.replace('.', '-').split('-'))}",
                actions("iam", "CreateServiceLinkedRole"),
                [places.linked_role(account.service_principal(each))],
                condition={"StringEquals": {"iam:AWSServiceName": account.service_principal(each)}},
            )
            for each in LINKED
        ),
    )


def keys_policy(places: Places) -> Document:
    """Keys of the account but the bootstrap's own, whose policy and the boundary refuse its change."""
    account, keys = places.account, places.everything_of("kms", "key/")
    aliases = [account.arn("kms", f"alias/{account.cluster_name}*")]
    return document(
        statement("CreateKeys", actions("kms", "CreateKey"), ["*"]),
        statement(
            "ChangeKeys",
            actions(
                "kms",
                "CreateAlias CreateGrant DeleteAlias EnableKeyRotation PutKeyPolicy RetireGrant ScheduleKeyDeletion "
                "TagResource UntagResource UpdateAlias UpdateKeyDescription",
            ),
            keys,
        ),
        statement("NameKeys", actions("kms", "CreateAlias DeleteAlias UpdateAlias"), aliases),
        # For its marks in buckets, and for the workspace of Amazon Managed Service for Prometheus.
        statement(
            "EncryptThroughServices",
            actions("kms", "GenerateDataKey"),
            keys,
            condition={"StringEquals": {"kms:ViaService": [account.service_in_region(each) for each in ("aps", "s3")]}},
        ),
        statement(
            "DecryptForPrometheus",
            actions("kms", "Decrypt"),
            keys,
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("aps")}},
        ),
    )
