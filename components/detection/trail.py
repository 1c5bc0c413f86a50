"""A trail of the environment's own, with the bucket and the key that it writes with.

Leaves out what it records: see `event_selectors.py`.
"""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.buckets.log_bucket import LogBucket, bucket_name, kept_options
from components.buckets.settings import LogBucketsSettings
from components.detection.event_selectors import event_selectors
from components.detection.policies import trail_bucket_policy, trail_key_policy
from components.detection.settings import TrailSettings
from components.encryption import DELETION_WINDOW_DAYS

# Logical name of the bucket, and purpose in its physical name.
TRAIL = "trail"


class Trail(pulumi.ComponentResource):
    """An AWS CloudTrail trail: encrypted, with digests that show whether a file was changed, in a log bucket.

    Args:
        settings: what is recorded.
        bucket_settings: lifecycle and lock of its bucket, those of the log buckets.
        account: the environment's account.
        access_log_bucket: name of the bucket that receives the access logs of its bucket.
        emptied_by: roles that may delete what the bucket holds once `on_destroy` is empty.
        protect: refuse to delete or replace bucket and key.

    Source: AWS CloudTrail user guide, "Security best practices in AWS CloudTrail".
    """

    def __init__(
        self,
        settings: TrailSettings,
        bucket_settings: LogBucketsSettings,
        account: Account,
        *,
        access_log_bucket: pulumi.Input[str],
        emptied_by: Sequence[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Trail", TRAIL, None, opts)
        kept = kept_options(self, bucket_settings, protect=protect)
        # The policies of bucket and key name the trail, so it can't have a generated name.
        trail_name = f"moka-{account.environment}"
        trail_arn = account.arn("cloudtrail", f"trail/{trail_name}")
        key = aws.kms.Key(
            TRAIL,
            description=f"Trail of Moka {account.environment}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=json.dumps(trail_key_policy(trail_arn, account)),
            opts=kept,
        )
        bucket_arn = account.bucket_arn(bucket_name(TRAIL, account))
        deleters = emptied_by if bucket_settings.on_destroy == "empty" else ()
        bucket = LogBucket(
            TRAIL,
            bucket_settings,
            account,
            policy=key.arn.apply(
                lambda arn: trail_bucket_policy(bucket_arn, arn, trail_arn, account, emptied_by=deleters)
            ),
            key_arn=key.arn,
            # With a bucket key AWS KMS would see the bucket and not the trail, by which the key's policy lets it in.
            has_bucket_key=False,
            access_log_bucket=access_log_bucket,
            opts=kept,
        )
        is_whole = settings.management_events
        aws.cloudtrail.Trail(
            TRAIL,
            name=trail_name,
            s3_bucket_name=bucket.bucket_name,
            kms_key_id=key.arn,
            enable_logging=True,
            enable_log_file_validation=True,
            # Buckets are of one Region; whoever misuses the account may be in any.
            is_multi_region_trail=is_whole,
            include_global_service_events=is_whole,
            advanced_event_selectors=event_selectors(settings, account),
            # The trail is refused until its bucket's policy lets it write.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[bucket]),
        )
        self.register_outputs({})
