"""Which events of an account raise an alarm: patterns of Amazon EventBridge rules, as plain values.

Leaves out calls to global services, such as IAM: AWS CloudTrail records them in us-east-1 alone, whatever Region the
environment is in. Patterns name calls, not what came of them: an attempt that was refused counts too.

Source: Amazon EventBridge user guide, "Creating Amazon EventBridge event patterns" and "AWS service events delivered
via AWS CloudTrail"; AWS CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element".
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.account import Account

EventPattern = Mapping[str, Any]

# Calls that end a control, and that no deployment makes unless the settings take the control away. Names are those of
# event records, which for Amazon S3 differ from the API's. Source: Amazon S3 user guide, "Amazon S3 CloudTrail events".
ENDS = {
    "cloudtrail": ("DeleteTrail", "StopLogging"),
    "guardduty": ("DeleteDetector", "DisassociateFromAdministratorAccount", "DisassociateFromMasterAccount"),
    "kms": ("DisableKey", "ScheduleKeyDeletion"),
    "ec2": ("DeleteFlowLogs",),
}
ENDS_OF_BUCKETS = (
    "DeleteBucketEncryption",
    "DeleteBucketLifecycle",
    "DeleteBucketPolicy",
    "DeleteBucketPublicAccessBlock",
)
# Calls that change a control. A deployment makes them in the ordinary course, anybody else has no reason to.
CHANGES = {
    "cloudtrail": ("PutEventSelectors", "UpdateTrail"),
    "guardduty": ("CreateFilter", "CreateIPSet", "UpdateDetector", "UpdateFilter", "UpdateIPSet"),
    "kms": ("DisableKeyRotation", "PutKeyPolicy"),
    "ec2": ("DeleteVpcEndpoints", "ModifyVpcEndpoint"),
    "eks": ("AssociateAccessPolicy", "UpdateClusterConfig"),
    "events": ("DeleteRule", "DisableRule", "RemoveTargets"),
    "monitoring": ("DeleteAlarms", "DisableAlarmActions"),
}
CHANGES_OF_BUCKETS = (
    "PutBucketAcl",
    "PutBucketEncryption",
    "PutBucketLifecycle",
    "PutBucketLogging",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketReplication",
    "PutBucketVersioning",
)
# Amazon GuardDuty user guide, "Severity levels of GuardDuty findings": high begins at 7.0, critical at 9.0.
HIGH_SEVERITY = 7


def controls_ended(buckets: Sequence[str]) -> EventPattern:
    """Whoever ends a control, the deployment among them.

    Args:
        buckets: names of the buckets whose controls count.
    """
    return _calls([*ENDS, "s3"], {"$or": [_named(ENDS), _of_buckets(ENDS_OF_BUCKETS, buckets)]})


def controls_changed(buckets: Sequence[str], deployers: Sequence[str]) -> EventPattern:
    """Whoever but the deployment changes a control.

    Args:
        buckets: names of the buckets whose controls count.
        deployers: ARNs of the roles whose changes are ordinary.
    """
    changes = {"$or": [_named(CHANGES), _of_buckets(CHANGES_OF_BUCKETS, buckets)]}
    # A user or the root user has no role, and an exclusion alone would only match who has one.
    role = [{"exists": False}, {"anything-but": list(deployers)}]
    by_others = {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": role}}}} if deployers else {}
    return _calls([*CHANGES, "s3"], {**changes, **by_others})


def denied_to_other_accounts(account: Account) -> EventPattern:
    """A principal of another account, or of none, is refused by a bucket, key or repository of this one.

    The events of objects come only where a trail records them. An AWS service has no account here.

    Args:
        account: the environment's account.

    Source: Amazon S3 user guide, "Object-level actions in cross-account scenarios"; Amazon EventBridge user guide,
    which delivers to resource owners too.
    """
    return _calls(
        ["ecr", "kms", "s3"],
        {
            "errorCode": [{"prefix": "AccessDenied"}],
            "userIdentity": {"accountId": [{"anything-but": [account.id]}]},
        },
    )


def roles_assumed(role_arns: Sequence[str]) -> EventPattern:
    """Somebody takes one of these roles.

    Args:
        role_arns: the roles.
    """
    names = ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"]
    return _calls(["sts"], {"eventName": names, "requestParameters": {"roleArn": list(role_arns)}})


def threats_found() -> EventPattern:
    """Amazon GuardDuty tells of a threat of high or critical severity, whoever has the detector.

    Source: Amazon GuardDuty user guide, "Processing GuardDuty findings with Amazon EventBridge".
    """
    return {
        "source": ["aws.guardduty"],
        "detail-type": ["GuardDuty Finding"],
        "detail": {"severity": [{"numeric": [">=", HIGH_SEVERITY]}]},
    }


def _calls(services: Sequence[str], detail: Mapping[str, Any]) -> EventPattern:
    return {
        "source": [f"aws.{service}" for service in services],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": detail,
    }


def _named(calls: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {"eventName": [name for names in calls.values() for name in names]}


def _of_buckets(names: Sequence[str], buckets: Sequence[str]) -> dict[str, Any]:
    return {"eventName": list(names), "requestParameters": {"bucketName": list(buckets)}}
