"""The four log buckets of an environment and the key that encrypts them."""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.buckets.log_bucket import LogBucket, bucket_name, kept_options
from components.buckets.policies import access_log_bucket_policy, key_policy, log_bucket_policy
from components.buckets.settings import LogBucketsSettings
from components.buckets.writers import WRITERS, Purpose
from components.encryption import DELETION_WINDOW_DAYS
from components.identity.policies import Document
from components.spark.event_logs import MARK_BYTES

PURPOSES: tuple[Purpose, ...] = ("spark-logs", "spark-events", "system-logs")
ACCESS_LOGS = "access-logs"


class LogBuckets(pulumi.ComponentResource):
    """Buckets for Spark application logs, Spark event logs, system pod logs, and the access logs of these three.

    Args:
        name: logical name.
        settings: lifecycle, versions and lock of all four.
        account: the environment's account.
        event_log_writers: logical names of the pod identities of applications, which write event logs.
        emptied_by: roles that may delete what the buckets hold once `on_destroy` is empty: those that deploy.
        access_logs_of: purposes of other buckets of the environment whose access logs arrive beside those of these.
        protect: refuse to delete or replace buckets and key.

    Outputs:
        bucket_names: purpose (spark-logs, spark-events, system-logs, access-logs) to physical name.
        key_arn: ARN of the key that encrypts the first three.
    """

    bucket_names: dict[str, pulumi.Output[str]]
    key_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: LogBucketsSettings,
        account: Account,
        *,
        event_log_writers: Sequence[str],
        emptied_by: Sequence[str],
        access_logs_of: Sequence[str] = (),
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:LogBuckets", name, None, opts)
        kept = kept_options(self, settings, protect=protect)
        deleters = emptied_by if settings.on_destroy == "empty" else ()
        self.key_arn = _make_key(name, account, kept)
        access_logs = LogBucket(
            ACCESS_LOGS,
            settings,
            account,
            policy=access_log_bucket_policy(
                _arn(ACCESS_LOGS, account),
                [_arn(each, account) for each in (*PURPOSES, *access_logs_of)],
                account,
                emptied_by=deleters,
            ),
            opts=kept,
        )
        # Log delivery is refused until the receiving bucket's policy stands.
        after = pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(depends_on=[access_logs]))
        writers: Mapping[Purpose, Sequence[str]] = {"spark-events": event_log_writers}
        buckets = {
            purpose: LogBucket(
                purpose,
                settings,
                account,
                policy=_policy(purpose, self.key_arn, account, others=writers.get(purpose, ()), emptied_by=deleters),
                key_arn=self.key_arn,
                access_log_bucket=access_logs.bucket_name,
                spared_bytes=MARK_BYTES if WRITERS[purpose].marks else None,
                opts=after,
            )
            for purpose in PURPOSES
        }
        self.bucket_names = {
            purpose: bucket.bucket_name for purpose, bucket in (*buckets.items(), (ACCESS_LOGS, access_logs))
        }
        self.register_outputs({"bucket_names": self.bucket_names, "key_arn": self.key_arn})


def _make_key(name: str, account: Account, kept: pulumi.ResourceOptions) -> pulumi.Output[str]:
    key = aws.kms.Key(
        name,
        description=f"Log buckets of Moka {account.environment}",
        enable_key_rotation=True,
        deletion_window_in_days=DELETION_WINDOW_DAYS,
        policy=json.dumps(key_policy(account)),
        # Kept buckets without their key would be noise.
        opts=kept,
    )
    aws.kms.Alias(name, name=f"alias/moka-{account.environment}-logs", target_key_id=key.key_id, opts=kept)
    return key.arn


def _policy(
    purpose: Purpose,
    key_arn: pulumi.Output[str],
    account: Account,
    *,
    others: Sequence[str],
    emptied_by: Sequence[str],
) -> pulumi.Output[Document]:
    writers = WRITERS[purpose]
    return key_arn.apply(
        lambda key: log_bucket_policy(
            _arn(purpose, account),
            key,
            account,
            writer_arns=writers.arns(account, others),
            unfinished=writers.unfinished,
            marks=writers.marks,
            emptied_by=emptied_by,
        )
    )


def _arn(purpose: str, account: Account) -> str:
    return account.bucket_arn(bucket_name(purpose, account))
