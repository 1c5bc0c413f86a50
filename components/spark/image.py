"""The image of applications whose author names none."""

from components.account import Account
from components.images.table import SPARK, SPARK_WITH_CELEBORN


def default_image(named: str | None, account: Account, *, has_celeborn: bool) -> str:
    """Reference of the image.

    Args:
        named: what settings say; None for the project's own.
        account: the environment's account, from whose registry nodes pull.
        has_celeborn: whether shuffles go to Celeborn, whose client the image must have then.
    """
    own = SPARK_WITH_CELEBORN if has_celeborn else SPARK
    return named or own.below(account.images).reference
