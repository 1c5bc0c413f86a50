"""Policies of what detection writes: the log group of matched events, the trail's bucket and the trail's key."""

from collections.abc import Sequence

from components.account import Account
from components.buckets.policies import key_policy, log_bucket_policy
from components.identity.policies import Document, document, statement


def event_log_policy(log_group_arn: str, rule_arns: Sequence[str], account: Account) -> Document:
    """What lets Amazon EventBridge write the events of some rules into a log group.

    Args:
        log_group_arn: ARN of the group, without the trailing `:*` of its streams.
        rule_arns: ARNs of the rules.
        account: the environment's account.

    Source: Amazon EventBridge user guide, "CloudWatch Logs permissions", which names both services. It shows the
    condition for putting events alone, so streams are only bound to the group.
    """
    services = [account.service_principal("events"), account.service_principal("delivery.logs")]
    return document(
        statement("MakeStreams", ["logs:CreateLogStream"], [f"{log_group_arn}:*"], principal={"Service": services}),
        statement(
            "EventsOfTheRules",
            ["logs:PutLogEvents"],
            [f"{log_group_arn}:*:*"],
            principal={"Service": services},
            condition={"ArnEquals": {"aws:SourceArn": sorted(rule_arns)}},
        ),
    )


def trail_bucket_policy(
    bucket_arn: str, key_arn: str, trail_arn: str, account: Account, *, emptied_by: Sequence[str] = ()
) -> Document:
    """A log bucket's policy that also lets one trail write into it.

    Args:
        bucket_arn: ARN of the bucket.
        key_arn: ARN of the trail's key.
        trail_arn: ARN of the trail.
        account: the environment's account.
        emptied_by: as of `log_bucket_policy`.

    Source: AWS CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail".
    """
    base = log_bucket_policy(bucket_arn, key_arn, account, emptied_by=emptied_by)
    service = {"Service": account.service_principal("cloudtrail")}
    return document(
        *base["Statement"],
        statement(
            "TrailChecksTheBucket",
            ["s3:GetBucketAcl"],
            [bucket_arn],
            principal=service,
            condition={"StringEquals": {"aws:SourceArn": trail_arn}},
        ),
        statement(
            "TrailWrites",
            ["s3:PutObject"],
            [f"{bucket_arn}/AWSLogs/{account.id}/*"],
            principal=service,
            condition={"StringEquals": {"aws:SourceArn": trail_arn, "s3:x-amz-acl": "bucket-owner-full-control"}},
        ),
    )


def trail_key_policy(trail_arn: str, account: Account) -> Document:
    """A log buckets' key policy that also lets one trail encrypt with the key.

    Args:
        trail_arn: ARN of the trail.
        account: the environment's account.

    Source: AWS CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail". Who reads is decided by the
    account's policies, through Amazon S3 alone.
    """
    service = {"Service": account.service_principal("cloudtrail")}
    of_the_trail = {"aws:SourceArn": trail_arn}
    return document(
        *key_policy(account)["Statement"],
        statement(
            "TrailEncrypts",
            ["kms:GenerateDataKey*"],
            ["*"],
            principal=service,
            condition={"StringEquals": {**of_the_trail, "kms:EncryptionContext:aws:cloudtrail:arn": trail_arn}},
        ),
        statement(
            "TrailLooksUpTheKey",
            ["kms:DescribeKey"],
            ["*"],
            principal=service,
            condition={"StringEquals": of_the_trail},
        ),
    )
