"""Which IAM action lets an identity make which call: all reading, and the policy of whoever runs the doctor.

Source: AWS service authorization reference; an operation is mostly called as its action.
"""

from collections.abc import Iterable
from typing import Any

from components.identity.policies import document, statement

# Services whose actions begin otherwise than botocore calls them.
_PREFIXES = {"service-quotas": "servicequotas", "sso-admin": "sso"}
# Operations whose actions are called otherwise.
_ACTIONS = {"s3:HeadBucket": "s3:ListBucket", "s3:ListBuckets": "s3:ListAllMyBuckets"}


def action_of(call: str) -> str:
    """The action that allows a call.

    Args:
        call: service and operation as botocore knows them, such as service-quotas:GetServiceQuota.
    """
    if call in _ACTIONS:
        return _ACTIONS[call]
    service, _, operation = call.partition(":")
    return f"{_PREFIXES.get(service, service)}:{operation}"


def policy_of(calls: Iterable[str]) -> dict[str, Any]:
    """The policy that allows calls, and nothing else.

    No resource is named: most of these actions take none, and the others are asked about things that are not there.

    Args:
        calls: services and operations.
    """
    return document(statement("LookBeforeUp", sorted({action_of(call) for call in calls}), ["*"]))
