"""EKS clusters, node groups, add-ons, access entries and pod identity associations; ECR repositories."""

import base64

from offline.providers.aws.row import AwsType, arn, call

_CERTIFICATE = base64.b64encode(b"-----BEGIN CERTIFICATE-----\noffline\n-----END CERTIFICATE-----\n").decode()

TYPES: dict[str, AwsType] = {
    "aws:eks/cluster:Cluster": AwsType(
        cloudformation="AWS::EKS::Cluster",
        calls=(
            call(
                "eks",
                "CreateCluster",
                {
                    "vpcConfig": "resourcesVpcConfig",
                    "enabledClusterLogTypes": "logging.clusterLogging[0].types",
                    "encryptionConfig": "encryptionConfig[0]",
                },
            ),
        ),
        provider_only=frozenset({"defaultAddonsToRemoves", "forceUpdateVersion"}),
        identifier="{name}",
        arn=arn("eks", "cluster/{name}"),
        name="name",
        name_limit=100,
        outputs={
            "endpoint": "https://{token}.gr7.{region}.eks.{suffix}",
            "certificateAuthority": {"data": _CERTIFICATE},
            "identities": [{"oidcs": [{"issuer": "https://oidc.eks.{region}.{suffix}/id/{token}"}]}],
            "platformVersion": "eks.1",
            "status": "ACTIVE",
            "createdAt": "{created}",
            "vpcConfig": {"clusterSecurityGroupId": "sg-{hex:17}"},
            "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"},
        },
        renamed={
            "vpcConfig": "ResourcesVpcConfig",
            "enabledClusterLogTypes": "Logging.ClusterLogging.EnabledTypes[].Type",
        },
        # EKS adds secrets encryption to a running cluster, once, and takes neither another key nor none.
        # https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
        addable=frozenset({"encryptionConfig"}),
    ),
    "aws:eks/nodeGroup:NodeGroup": AwsType(
        cloudformation="AWS::EKS::Nodegroup",
        calls=(
            call(
                "eks",
                "CreateNodegroup",
                {
                    "nodeGroupName": "nodegroupName",
                    "nodeRoleArn": "nodeRole",
                    "subnetIds": "subnets",
                    "remoteAccess.sourceSecurityGroupIds": "sourceSecurityGroups",
                },
            ),
        ),
        provider_only=frozenset({"forceUpdateVersion"}),
        identifier="{clusterName}:{name}",
        arn=arn("eks", "nodegroup/{clusterName}/{name}/{uuid}"),
        name="nodeGroupName",
        name_limit=63,
        outputs={
            "status": "ACTIVE",
            "resources": [
                {
                    "autoscalingGroups": [{"name": "eks-{name}-{token}"}],
                    "remoteAccessSecurityGroupId": "",
                }
            ],
            "capacityType": "ON_DEMAND",
        },
        renamed={
            "nodeGroupName": "NodegroupName",
            "nodeRoleArn": "NodeRole",
            "subnetIds": "Subnets",
            "remoteAccess.sourceSecurityGroupIds": "SourceSecurityGroups",
        },
        # Only the template's version moves in place.
        # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/eks/node_group.go
        replaces=frozenset({"launchTemplate.id", "launchTemplate.name"}),
    ),
    "aws:eks/addon:Addon": AwsType(
        cloudformation="AWS::EKS::Addon",
        calls=(call("eks", "CreateAddon", {"resolveConflictsOnCreate": "resolveConflicts"}),),
        identifier="{clusterName}:{addonName}",
        arn=arn("eks", "addon/{clusterName}/{addonName}/{uuid}"),
        outputs={"createdAt": "{created}", "modifiedAt": "{created}"},
        renamed={"resolveConflictsOnUpdate": "ResolveConflicts", "preserve": "PreserveOnDelete"},
    ),
    "aws:eks/accessEntry:AccessEntry": AwsType(
        cloudformation="AWS::EKS::AccessEntry",
        calls=(call("eks", "CreateAccessEntry", {"userName": "username"}),),
        identifier="{clusterName}:{principalArn}",
        outputs={
            "accessEntryArn": arn("eks", "access-entry/{clusterName}/role/{account}/{logical}/{uuid}"),
            "createdAt": "{created}",
            "modifiedAt": "{created}",
            "userName": "{principalArn}",
            "type": "STANDARD",
        },
        renamed={"userName": "Username"},
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": AwsType(
        calls=(call("eks", "AssociateAccessPolicy"),),
        identifier="{clusterName}#{principalArn}#{policyArn}",
        outputs={"associatedAt": "{created}", "modifiedAt": "{created}"},
        replaces=frozenset({"clusterName", "principalArn", "policyArn", "accessScope"}),
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": AwsType(
        cloudformation="AWS::EKS::PodIdentityAssociation",
        calls=(call("eks", "CreatePodIdentityAssociation"),),
        identifier="a-{hex:17}",
        outputs={
            "associationId": "{id}",
            "associationArn": arn("eks", "podidentityassociation/{clusterName}/{id}"),
        },
    ),
    "aws:ecr/repository:Repository": AwsType(
        cloudformation="AWS::ECR::Repository",
        calls=(
            call(
                "ecr",
                "CreateRepository",
                {"name": "repositoryName", "encryptionConfigurations": "encryptionConfiguration"},
            ),
        ),
        provider_only=frozenset({"forceDelete"}),
        identifier="{name}",
        arn=arn("ecr", "repository/{name}"),
        name="name",
        name_limit=256,
        outputs={"registryId": "{account}", "repositoryUrl": "{account}.dkr.ecr.{region}.{suffix}/{name}"},
        renamed={"name": "RepositoryName", "encryptionConfigurations": "EncryptionConfiguration"},
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": AwsType(
        calls=(call("ecr", "PutLifecyclePolicy", {"repository": "repositoryName", "policy": "lifecyclePolicyText"}),),
        identifier="{repository}",
        outputs={"registryId": "{account}"},
        replaces=frozenset({"repository"}),
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": AwsType(
        calls=(call("ecr", "SetRepositoryPolicy", {"repository": "repositoryName", "policy": "policyText"}),),
        identifier="{repository}",
        outputs={"registryId": "{account}"},
        replaces=frozenset({"repository"}),
    ),
}
