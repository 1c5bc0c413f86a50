"""What the canary's checker may do in AWS: find and read the lines of the canary's writer, and no other."""

from components.account import Account
from components.identity.policies import Document, document, statement


def read_canary(account: Account, writer: str, system_bucket: str, key_arn: str) -> Document:
    """Permissions of the checker.

    Args:
        account: where the bucket is.
        writer: name of the CronJob, with which the names of its pods begin.
        system_bucket: name of the bucket of system pod logs.
        key_arn: ARN of the key that encrypts it.

    Source: Amazon S3 user guide, "Bucket policy examples using condition keys", s3:prefix.
    """
    bucket = account.bucket_arn(system_bucket)
    # The day stands between the two, and a name of a pod holds no slash.
    keys = f"system/{account.cluster_name}/*/{writer}-*"
    return document(
        statement("FindCanary", ["s3:ListBucket"], [bucket], condition={"StringLike": {"s3:prefix": keys}}),
        statement("ReadCanary", ["s3:GetObject"], [f"{bucket}/{keys}"]),
        statement(
            "DecryptCanary",
            ["kms:Decrypt"],
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
        ),
    )
