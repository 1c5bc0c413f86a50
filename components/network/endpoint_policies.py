"""Who may reach what through the VPC endpoints: this account's principals, this account's resources.

A stolen credential of another account, or a job that copies data to another account's bucket, gets nowhere through
an endpoint. Each exception names its source. Leaves out traffic through NAT gateways, which no endpoint policy sees:
identity policies, bucket policies and network policies bound it.
"""

from components.account import Account
from components.identity.policies import Document, document, statement

PULL_FROM_ECR = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

# Accounts that own the registries of EKS add-on images, where they are not the common one. Source: Amazon EKS user
# guide, "Amazon container image registries for Amazon EKS add-ons", as in awslabs/amazon-eks-ami get-ecr-uri.sh.
COMMON_ADDON_REGISTRY = "602401143452"
ADDON_REGISTRIES = {
    "af-south-1": "877085696533",
    "ap-east-1": "800184023465",
    "ap-southeast-3": "296578399912",
    "cn-north-1": "918309763551",
    "cn-northwest-1": "961992271922",
    "eu-south-1": "590381155156",
    "me-central-1": "759879836304",
    "me-south-1": "558608220178",
    "us-gov-east-1": "151742754352",
    "us-gov-west-1": "013241004608",
}


def own_account_only(account: Account) -> Document:
    """Every action of this account's principals on this account's resources.

    Source: AWS, "Data perimeter policy examples", default_endpoint_policy.json.
    """
    return document(_own(account))


def s3_policy(account: Account) -> Document:
    """Own buckets, and reading of the buckets that image layers and operating system packages come from."""
    return document(
        _own(account),
        statement(
            "ImageLayersAndPackages",
            ["s3:GetObject"],
            [f"{account.bucket_arn(name)}/*" for name in _buckets_of_others(account.region)],
            principal="*",
        ),
    )


def ecr_policy(account: Account) -> Document:
    """Own repositories, and pulling of the images that AWS publishes for EKS add-ons in the same Region."""
    registry = ADDON_REGISTRIES.get(account.region, COMMON_ADDON_REGISTRY)
    return document(
        _own(account),
        statement(
            "LogInToRegistries",
            # The call names no resource.
            ["ecr:GetAuthorizationToken"],
            ["*"],
            principal="*",
            condition=_own_principals(account),
        ),
        statement(
            "AddonImagesOfAws",
            PULL_FROM_ECR,
            [f"arn:{account.partition}:ecr:{account.region}:{registry}:repository/*"],
            principal="*",
            condition=_own_principals(account),
        ),
    )


def sts_policy(account: Account) -> Document:
    """Roles of this account, assumed by its principals, and asking who one is."""
    return document(
        _own(account),
        statement(
            "WhoAmI",
            # The call names no resource, and diagnostics and the aws CLI start with it.
            ["sts:GetCallerIdentity"],
            ["*"],
            principal="*",
            condition=_own_principals(account),
        ),
    )


def eks_auth_policy(account: Account) -> Document:
    """Credentials for pods of this account's cluster.

    The cluster is named by its ARN, so that pods, and with them every node's CNI, don't hang on a condition key.

    Source: Service Authorization Reference, "Amazon EKS Auth": the action's resource is the cluster.
    """
    return document(
        statement(
            "CredentialsForPods",
            ["eks-auth:AssumeRoleForPodIdentity"],
            [account.cluster_arn],
            principal="*",
            condition=_own_principals(account),
        )
    )


def ec2_policy(account: Account) -> Document:
    """Every action of this account's principals.

    The resource's account can't be asked for: `ec2:CreateVolume`, which the EBS CSI driver calls, carries no
    aws:ResourceAccount, and launching nodes names images that AWS owns.

    Source: IAM user guide, "AWS global condition context keys", aws:ResourceAccount, actions without it.
    """
    return document(statement("OwnPrincipals", ["*"], ["*"], principal="*", condition=_own_principals(account)))


def _own(account: Account) -> Document:
    return statement(
        "OwnAccount",
        ["*"],
        ["*"],
        principal="*",
        condition={"StringEquals": {"aws:PrincipalAccount": account.id, "aws:ResourceAccount": account.id}},
    )


def _own_principals(account: Account) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"aws:PrincipalAccount": account.id}}


def _buckets_of_others(region: str) -> list[str]:
    return [
        # Amazon ECR user guide, "Amazon ECR interface VPC endpoints", minimum S3 bucket permissions.
        f"prod-{region}-starport-layer-bucket",
        # Amazon Linux 2023 user guide: package repositories are S3 buckets; the suffix is the same in every Region.
        f"al2023-repos-{region}-de612dc2",
        # registry.k8s.io sends clients in AWS to the bucket of their Region (kubernetes/registry.k8s.io).
        f"prod-registry-k8s-io-{region}",
        # quay.io sends clients in us-east-1 straight to its bucket there; elsewhere its CDN answers through NAT.
        "quayio-production-s3",
    ]
