"""Events as AWS CloudTrail and Amazon GuardDuty hand them to Amazon EventBridge, cut down to what patterns could read.

Source: AWS CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element"; Amazon GuardDuty
user guide, "Processing GuardDuty findings with Amazon EventBridge".
"""

from typing import Any, cast

from moto.events.models import EventPattern
from moto.events.utils import EventMessageType

from tests.recorder import ACCOUNT_ID, REGION

Event = dict[str, Any]


def by_role(role_arn: str, session: str = "ada") -> Event:
    """Identity of whoever assumed a role of this account."""
    name = role_arn.rpartition("/")[2]
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{session}",
        "accountId": ACCOUNT_ID,
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": role_arn, "accountId": ACCOUNT_ID, "userName": name},
            "attributes": {"mfaAuthenticated": "false"},
        },
    }


ROOT = {"type": "Root", "principalId": ACCOUNT_ID, "arn": f"arn:aws:iam::{ACCOUNT_ID}:root", "accountId": ACCOUNT_ID}
# A principal of another account, as the owner of the resource sees it.
STRANGER = {"type": "AWSAccount", "principalId": "AROASTRANGER:eve", "accountId": "999999999999"}
SERVICE = {"type": "AWSService", "invokedBy": "delivery.logs.amazonaws.com"}
ANONYMOUS = {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}


def called(service: str, name: str, identity: Event, error: str | None = None, /, **parameters: Any) -> Event:
    """An API call."""
    detail = {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "requestParameters": parameters or None,
        "recipientAccountId": ACCOUNT_ID,
    }
    if error:
        detail |= {"errorCode": error, "errorMessage": "Access Denied"}
    return _event(f"aws.{service}", "AWS API Call via CloudTrail", detail)


def finding(severity: float, kind: str = "Execution:Runtime/NewBinaryExecuted") -> Event:
    """A finding of Amazon GuardDuty."""
    return _event("aws.guardduty", "GuardDuty Finding", {"severity": severity, "type": kind, "accountId": ACCOUNT_ID})


def _event(source: str, kind: str, detail: Event) -> Event:
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": kind,
        "source": source,
        "account": ACCOUNT_ID,
        "time": "2026-11-20T10:00:00Z",
        "region": REGION,
        "resources": [],
        "detail": detail,
    }


def matches(pattern: str, event: Event) -> bool:
    """Whether Amazon EventBridge, as moto's rules know it, would hand the event to a rule.

    Args:
        pattern: of the rule, as JSON.
        event: the event.
    """
    return EventPattern.load(pattern).matches_event(cast(EventMessageType, event))
