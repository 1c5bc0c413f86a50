"""Who may reach what through the VPC endpoints: this account's principals, this account's resources.

A stolen credential of another account, or a job that copies data to another account's bucket, gets nowhere through
an endpoint. Each exception names its source. Leaves out traffic through NAT gateways, which no endpoint policy sees:
identity policies, bucket policies and network policies bound it.
"""

from components.account import Account
from components.identity.policies import Document, document, statement
from components.regions import region_of

PULL_FROM_ECR = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def own_account_only(account: Account) -> Document:
    """Every action of this account's principals on this account's resources.

    A call that names no resource, such as `eks:CreateCluster`, `kms:ListAliases` or `sts:GetCallerIdentity`, may carry
    no aws:ResourceAccount and passes as long as the principal is the account's own; what it makes or lists is the
    principal's account's. A resource of another account always carries the key: of the services that have an endpoint
    here only Amazon EC2 has actions without it, and `ec2_policy` is its own, as is `guardduty_policy`.

    Source: IAM user guide, "AWS global condition context keys", aws:ResourceAccount, and "IAM JSON policy elements:
    Condition operators", IfExists; AWS, "Data perimeter policy examples", default_endpoint_policy.json.
    """
    return document(_own(account))


def s3_policy(account: Account) -> Document:
    """Own buckets, and reading of the buckets that image layers and operating system packages come from.

    Data leave an account by S3 first of all, so here the bucket's account must be told; the two calls that have no
    bucket yet are named.
    """
    principals = _own_principals(account)
    return document(
        statement(
            "OwnAccount",
            ["*"],
            ["*"],
            principal="*",
            condition={"StringEquals": {**principals["StringEquals"], "aws:ResourceAccount": account.id}},
        ),
        statement(
            "MakeAndListBuckets", ["s3:CreateBucket", "s3:ListAllMyBuckets"], ["*"], principal="*", condition=principals
        ),
        statement(
            "ImageLayersAndPackages",
            ["s3:GetObject"],
            [f"{arn}/*" for arn in buckets_of_aws(account)],
            principal="*",
        ),
    )


def ecr_policy(account: Account) -> Document:
    """Own repositories, and pulling of the images that AWS publishes for EKS add-ons in the same Region."""
    registry = region_of(account.region).addon_registry
    return document(
        _own(account),
        statement(
            "AddonImagesOfAws",
            PULL_FROM_ECR,
            [f"arn:{account.partition}:ecr:{account.region}:{registry}:repository/*"],
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
    return document(_any_resource(account))


def guardduty_policy(account: Account) -> Document:
    """What nodes tell Amazon GuardDuty, by this account's principals.

    What they write to is the service's and not the account's; the documented policy asks for the principal's account
    alone.

    Source: Amazon GuardDuty user guide, "Prerequisite: Creating an Amazon VPC endpoint".
    """
    return document(_any_resource(account))


def _any_resource(account: Account) -> Document:
    return statement("OwnPrincipals", ["*"], ["*"], principal="*", condition=_own_principals(account))


def buckets_of_aws(account: Account) -> list[str]:
    """ARNs of the Region's buckets that others own and nodes read; to another Region's no gateway endpoint leads.

    A name that nobody owns yet would be an open door for whoever registers it, so only what exists is listed.
    """
    region = account.region
    names = [
        # Amazon ECR user guide, "Amazon ECR interface VPC endpoints", minimum S3 bucket permissions.
        f"prod-{region}-starport-layer-bucket",
        # Amazon Linux 2023 user guide: package repositories are S3 buckets; the suffix is the same in every Region.
        f"al2023-repos-{region}-de612dc2",
        *region_of(region).image_buckets,
    ]
    return [account.bucket_arn(name) for name in names]


def _own(account: Account) -> Document:
    return statement(
        "OwnAccount",
        ["*"],
        ["*"],
        principal="*",
        condition={**_own_principals(account), "StringEqualsIfExists": {"aws:ResourceAccount": account.id}},
    )


def _own_principals(account: Account) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"aws:PrincipalAccount": account.id}}
