"""Which events a trail of the environment records: advanced event selectors, as plain values.

Source: AWS CloudTrail API, AdvancedFieldSelector; user guide, "Filtering data events by using advanced event
selectors".
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pulumi_aws as aws

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.buckets.log_buckets import PURPOSES
from components.buckets.writers import WRITERS
from components.detection.settings import TrailSettings
from components.identity.pod_role import pod_role_name

Field = dict[str, Any]


def event_selectors(settings: TrailSettings, account: Account) -> list[aws.cloudtrail.TrailAdvancedEventSelectorArgs]:
    """The selectors of the trail that the settings ask for.

    The log pipeline's own calls are left out: they are an object a minute of every executor, its roles can do little
    else, and the access logs of the buckets have them anyway.

    Args:
        settings: which events are recorded.
        account: the environment's account.
    """
    return [_selector(name, fields) for name, fields in _selectors(settings, account)]


def _selectors(settings: TrailSettings, account: Account) -> Iterator[tuple[str, Sequence[Field]]]:
    if settings.management_events:
        yield "Management events", [_field("eventCategory", equals=["Management"])]
    if settings.data_events != "none":
        fields = [
            _field("eventCategory", equals=["Data"]),
            _field("resources.type", equals=["AWS::S3::Object"]),
            _field(
                "resources.ARN",
                starts_withs=[f"{account.bucket_arn(bucket_name(purpose, account))}/" for purpose in PURPOSES],
            ),
            _field("userIdentity.arn", not_starts_withs=pipeline_sessions(account)),
        ]
        if settings.data_events == "writes":
            fields.append(_field("readOnly", equals=["false"]))
        yield "Objects of the log buckets", fields


def pipeline_sessions(account: Account) -> list[str]:
    """What the ARNs of sessions begin with that the log pipeline's pods have.

    Args:
        account: the environment's account.
    """
    identities = sorted({identity for writers in WRITERS.values() for identity in writers.identities})
    return [
        f"arn:{account.partition}:sts::{account.id}:assumed-role/{pod_role_name(identity, account)}/"
        for identity in identities
    ]


def _field(name: str, **values: Sequence[str]) -> Field:
    return {"field": name, **values}


def _selector(name: str, fields: Sequence[Field]) -> aws.cloudtrail.TrailAdvancedEventSelectorArgs:
    return aws.cloudtrail.TrailAdvancedEventSelectorArgs(
        name=name,
        field_selectors=[aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(**field) for field in fields],
    )
