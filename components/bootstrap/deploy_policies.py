"""What `pulumi up` and `pulumi destroy` change, beyond what they read and the state.

Which call is made for what stands in `offline/permissions`; tests hold both directions. Roles and keys, by which one
could reach further, stand in `deploy_identity.py`, and services beside network, cluster and buckets in
`deploy_services.py`.
"""

from components.account import Account
from components.bootstrap.deploy_identity import identity_policy, keys_policy
from components.bootstrap.deploy_services import services_policy
from components.bootstrap.places import Places
from components.identity.policies import Document, actions, document, statement


def deploy_policies(account: Account, *, empties_buckets: bool) -> dict[str, Document]:
    """Purpose to policy; together with `read_policies` they are what a deployment takes.

    Args:
        account: the environment's account.
        empties_buckets: whether a destroy deletes what the buckets of logs hold.
    """
    places = Places(account)
    return {
        "deploy-network": _network(places),
        "deploy-cluster": _cluster(places),
        "deploy-buckets": _buckets(places, empties_buckets=empties_buckets),
        "deploy-services": services_policy(places),
        "deploy-identity": identity_policy(places),
        "deploy-keys": keys_policy(places),
    }


def _network(places: Places) -> Document:
    return document(
        statement("LookUpInterfaces", actions("ec2", "DescribeNetworkInterfaces"), ["*"]),
        statement(
            "ChangeNetwork",
            actions(
                "ec2",
                "AllocateAddress AssociateRouteTable AssociateVpcCidrBlock AttachInternetGateway "
                "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateFlowLogs CreateInternetGateway "
                "CreateLaunchTemplate CreateLaunchTemplateVersion CreateNatGateway CreateRoute CreateRouteTable "
                "CreateSecurityGroup CreateSubnet CreateTags CreateVpc CreateVpcEndpoint DeleteFlowLogs "
                "DeleteInternetGateway DeleteLaunchTemplate DeleteNatGateway DeleteNetworkInterface DeleteRoute "
                "DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteTags DeleteVpc DeleteVpcEndpoints "
                "DetachInternetGateway DetachNetworkInterface DisassociateRouteTable DisassociateVpcCidrBlock "
                "ModifyLaunchTemplate ModifySecurityGroupRules ModifySubnetAttribute ModifyVpcAttribute "
                "ModifyVpcEndpoint ReleaseAddress ReplaceRoute ReplaceRouteTableAssociation "
                "RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
            ),
            places.everything_of("ec2", ""),
        ),
        statement(
            "ChangeLoadBalancers",
            actions(
                "elasticloadbalancing",
                "AddTags CreateListener CreateLoadBalancer CreateTargetGroup DeleteListener DeleteLoadBalancer "
                "DeleteTargetGroup ModifyListener ModifyLoadBalancerAttributes ModifyTargetGroup "
                "ModifyTargetGroupAttributes RemoveTags SetIpAddressType SetSecurityGroups SetSubnets",
            ),
            places.everything_of("elasticloadbalancing", "listener/app/", "loadbalancer/app/", "targetgroup/"),
        ),
        statement(
            "RegisterNodes",
            actions("autoscaling", "AttachLoadBalancerTargetGroups DetachLoadBalancerTargetGroups"),
            places.everything_of("autoscaling", "autoScalingGroup:*:autoScalingGroupName/"),
        ),
    )


def _cluster(places: Places) -> Document:
    account = places.account
    return document(
        statement("CreateCluster", actions("eks", "CreateCluster"), ["*"]),
        statement(
            "ChangeCluster",
            actions(
                "eks",
                "AssociateAccessPolicy CreateAccessEntry CreateNodegroup CreatePodIdentityAssociation "
                "DeleteAccessEntry DeleteCluster DeleteNodegroup DeletePodIdentityAssociation "
                "DescribeUpdate DisassociateAccessPolicy TagResource UntagResource UpdateAccessEntry "
                "UpdateClusterConfig UpdateClusterVersion UpdateNodegroupConfig UpdateNodegroupVersion "
                "UpdatePodIdentityAssociation",
            ),
            places.of_cluster("access-entry", "addon", "nodegroup", "podidentityassociation"),
        ),
        # Roles of their pods are associations of their own, which an add-on could bring as well.
        statement("ChangeAddons", actions("eks", "CreateAddon DeleteAddon UpdateAddon"), places.of_cluster("addon")),
        # Amazon EKS tries it with the caller's rights before it takes a launch template, and launches by its own.
        statement(
            "TryLaunch",
            ["ec2:RunInstances"],
            [
                *places.everything_of(
                    "ec2",
                    "instance/",
                    "launch-template/",
                    "network-interface/",
                    "security-group/",
                    "subnet/",
                    "volume/",
                ),
                f"arn:{account.partition}:ec2:{account.region}::image/*",
            ],
        ),
    )


def _buckets(places: Places, *, empties_buckets: bool) -> Document:
    statements = [
        statement(
            "ChangeBuckets",
            actions(
                "s3",
                "CreateBucket DeleteBucket DeleteBucketPolicy PutBucketLogging PutBucketObjectLockConfiguration "
                "PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging "
                "PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration TagResource UntagResource",
            ),
            [places.buckets],
        ),
        statement("ChangeMarks", actions("s3", "PutObject PutObjectTagging"), [places.directory_marks]),
    ]
    if empties_buckets:
        statements += [
            statement("ListLogs", actions("s3", "ListBucketVersions"), [places.buckets]),
            statement(
                "DeleteLogs",
                actions("s3", "BypassGovernanceRetention DeleteObject DeleteObjectVersion"),
                [f"{places.buckets}/*"],
            ),
        ]
    return document(*statements)
