"""Everything that watches an environment for misuse, and tells the topic."""

from collections.abc import Iterator, Sequence

import pulumi

from components.account import Account
from components.alerts.settings import AlertsSettings
from components.buckets.log_bucket import bucket_name
from components.buckets.log_buckets import ACCESS_LOGS, PURPOSES
from components.buckets.settings import LogBucketsSettings
from components.cluster.settings import AccessSettings
from components.detection.event_alarms import EventAlarm, EventAlarms
from components.detection.event_patterns import (
    controls_changed,
    controls_ended,
    denied_to_other_accounts,
    roles_assumed,
    threats_found,
)
from components.detection.guardduty import GuardDuty
from components.detection.settings import DetectionSettings
from components.detection.trail import TRAIL, Trail


class Detection(pulumi.ComponentResource):
    """Alarms on events of the account, and where the settings ask for them a detector and a trail.

    Args:
        name: logical name, such as detection.
        settings: which detector and trail are made.
        bucket_settings: lifecycle and lock of the log buckets, which the trail's bucket has too.
        account: the environment's account.
        access: who deploys, and who may only in an emergency.
        alerts: whether the use of roles for emergencies is told.
        access_log_bucket: name of the bucket that receives access logs.
        topic_arn: ARN of the topic that is told.
        protect: refuse to delete or replace what holds records, and their keys.
    """

    def __init__(
        self,
        name: str,
        settings: DetectionSettings,
        bucket_settings: LogBucketsSettings,
        account: Account,
        *,
        access: AccessSettings,
        alerts: AlertsSettings,
        access_log_bucket: pulumi.Input[str],
        topic_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Detection", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        EventAlarms(
            "detections",
            event_alarms(account, access, watch_admin_roles=alerts.watch_admin_roles),
            account,
            topic_arn=topic_arn,
            protect=protect,
            opts=child,
        )
        if settings.detector == "own":
            GuardDuty("guardduty", runtime_agent=settings.runtime_agent, opts=child)
        if settings.trail is not None:
            Trail(
                settings.trail,
                bucket_settings,
                account,
                access_log_bucket=access_log_bucket,
                emptied_by=access.deployers,
                protect=protect,
                opts=child,
            )
        self.register_outputs({})


def event_alarms(account: Account, access: AccessSettings, *, watch_admin_roles: bool) -> list[EventAlarm]:
    """What is told in an environment.

    Args:
        account: its account.
        access: who deploys, and who may only in an emergency.
        watch_admin_roles: whether administrators are for emergencies alone; where they are not, they deploy.
    """
    return list(_event_alarms(account, access, watch_admin_roles=watch_admin_roles))


def _event_alarms(account: Account, access: AccessSettings, *, watch_admin_roles: bool) -> Iterator[EventAlarm]:
    buckets = log_bucket_names(account)
    deployers = access.ci if watch_admin_roles else access.deployers
    yield EventAlarm(
        "control-ended", controls_ended(buckets), "A control was taken away. docs/runbooks/ControlEnded.md"
    )
    yield EventAlarm(
        "control-changed",
        controls_changed(buckets, deployers),
        "A control was changed, and not by a deployment. docs/runbooks/ControlChanged.md",
    )
    yield EventAlarm(
        "denied-to-other-account",
        denied_to_other_accounts(account),
        "Another account was refused. docs/runbooks/DeniedToOtherAccount.md",
    )
    yield EventAlarm("threat-found", threats_found(), "Amazon GuardDuty found a threat. docs/runbooks/ThreatFound.md")
    if watch_admin_roles and access.admin:
        yield EventAlarm(
            "break-glass-assumed",
            roles_assumed(access.admin),
            "A break-glass role was taken. docs/runbooks/BreakGlassUsed.md",
        )


def log_bucket_names(account: Account) -> Sequence[str]:
    """Every bucket whose controls are watched, by its physical name; whether the last one is there or not.

    Args:
        account: the environment's account.
    """
    return [bucket_name(purpose, account) for purpose in (*PURPOSES, ACCESS_LOGS, TRAIL)]
