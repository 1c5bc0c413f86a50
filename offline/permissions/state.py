"""What the CLI asks of a state bucket and of the key of its secrets.

`tests/bootstrap/test_backend.py` runs the CLI against a bucket and holds this list against what it asked.
"""

from components.account import Account
from components.identity.programs.call import Asked
from offline.permissions.calls import of

_LOCKS, _REST = ".pulumi/locks/organization/moka/{stack}/some.json", ".pulumi/stacks/moka/{stack}.json"
READING = ("s3:GetObject", "s3:ListBucket", "kms:Decrypt")
WRITING = ("s3:DeleteObject", "s3:PutObject", "kms:GenerateDataKey")


def state_requests(account: Account, bucket_arn: str, key_arn: str, *, writes: bool) -> list[Asked]:
    """Every request of a run, each once.

    Args:
        account: whose state it is.
        bucket_arn: ARN of the bucket.
        key_arn: ARN of the key, by which Amazon S3 encrypts and of which the CLI asks for secrets.
        writes: whether it is `up`, `refresh` or `destroy`, which lock and write, and not `preview`, which does neither.
    """
    common = {"aws:RequestedRegion": account.region, "aws:ResourceAccount": account.id}
    through_s3 = {**common, "kms:ViaService": account.service_in_region("s3")}
    objects = [f"{bucket_arn}/{each.format(stack=account.environment)}" for each in (_LOCKS, _REST)]
    asked = [
        Asked("s3:ListBucket", bucket_arn, common),
        *(Asked("s3:GetObject", each, common) for each in objects),
        Asked("kms:Decrypt", key_arn, common),
        Asked("kms:Decrypt", key_arn, through_s3),
    ]
    if writes:
        asked += [Asked(action, each, common) for action in of("s3", "DeleteObject PutObject") for each in objects]
        asked.append(Asked("kms:GenerateDataKey", key_arn, through_s3))
    return asked
