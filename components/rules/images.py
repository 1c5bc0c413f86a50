"""Images that settings name against where an environment's images come from, and against what teams may run."""

from collections.abc import Iterable

from components.account import Account
from components.images.settings import ImagesSettings
from components.model import Violation


def rules_of_images(settings: ImagesSettings, spark_image: str, account: Account) -> Iterable[Violation]:
    """Secrets are the account's own, and the default image of applications is one that the API server lets run.

    Args:
        settings: where images come from, and what is asked of teams'.
        spark_image: what applications run that name no image.
        account: the environment's account.
    """
    for registry, arn in settings.credentials.items():
        region, account_id = arn.split(":")[3:5]
        if (region, account_id) != (account.region, account.id):
            yield Violation(
                f"images.credentials.{registry}",
                arn,
                f"must be of account {account.id} in {account.region}",
                "Amazon ECR takes secrets of the cache's own account and Region alone",
                "make the secret there; docs/images.md says how",
            )
    places = sorted({account.registry, account.images})
    if not any(spark_image.startswith(f"{place}/") for place in places):
        yield Violation(
            "spark.image",
            spark_image,
            f"must be in {' or '.join(places)}",
            "pods of teams with images from elsewhere are refused",
            "push it to one of the account's repositories, as docs/images.md says",
        )
    elif settings.digests_required and "@sha256:" not in spark_image:
        yield Violation(
            "spark.image",
            spark_image,
            "must name a digest where images.digests_required is true",
            "pods of teams whose images are named by tag alone are refused, so applications that name none would be",
            f"write {spark_image}@ and the digest that `python -m moka_images check {account.environment}` says",
        )
