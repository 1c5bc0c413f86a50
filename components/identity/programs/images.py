"""Who makes the repositories of caches, and who pushes the project's own images."""

from components.account import Account
from components.identity.programs.call import Call, Program
from components.images.settings import ImagesSettings
from components.images.table import IMAGES
from components.images.upstreams import cached_upstreams

_REGISTRY = "Amazon ECR user guide, IAM permissions for pushing an image, and Private registry authentication"


def image_programs(account: Account, settings: ImagesSettings) -> tuple[Program, ...]:
    """Amazon ECR where it keeps caches, and the workflow where it has a role.

    Args:
        account: the environment's account.
        settings: whether there are caches and a publisher.
    """
    return (
        *([_caches(account, settings)] if settings.mirror is None else []),
        *([_publisher(account)] if settings.publisher is not None else []),
    )


def cached_repositories(account: Account, settings: ImagesSettings) -> tuple[str, ...]:
    """ARN of an example of a repository in each cache; none where there are none."""
    if settings.mirror is not None:
        return ()
    hosts = [each.host for each in cached_upstreams(IMAGES, settings.credentials)]
    return tuple(account.arn("ecr", f"repository/{host}/project/image") for host in hosts)


def _caches(account: Account, settings: ImagesSettings) -> Program:
    source = "Amazon ECR user guide, Create a custom policy for repository creation templates"
    return Program(
        "Amazon ECR, as it makes a repository of a cache",
        "images-caches",
        (
            Call(
                ("ecr:CreateRepository", "ecr:TagResource"),
                cached_repositories(account, settings),
                source,
            ),
            Call(("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"), ("{images_key}",), source),
        ),
    )


def _publisher(account: Account) -> Program:
    own = tuple(account.arn("ecr", f"repository/moka/{each}") for each in ("spark", "spark-history-server"))
    return Program(
        "docker buildx, cosign and crane in .github/workflows/images.yaml",
        "images-publisher",
        (
            Call(("ecr:GetAuthorizationToken",), ("*",), ".github/actions/aws-role: aws ecr get-login-password"),
            Call(
                (
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:CompleteLayerUpload",
                    "ecr:InitiateLayerUpload",
                    "ecr:PutImage",
                    "ecr:UploadLayerPart",
                ),
                own,
                f"{_REGISTRY}: docker buildx bake, cosign sign, crane push",
            ),
            # Amazon ECR API reference, ListImageReferrers: signatures are found with the right to get an image.
            Call(
                ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
                own,
                f"{_REGISTRY}: docker buildx imagetools, cosign verify, crane pull",
            ),
        ),
    )
