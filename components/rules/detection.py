"""Alarms on events against who deploys: a rule of Amazon EventBridge names every role that is left out."""

import json
from collections.abc import Iterable

from components.account import Account
from components.cluster.settings import AccessSettings
from components.detection.detection import event_alarms
from components.model import Violation

# Amazon EventBridge user guide, "Quotas", event pattern size; it can be raised, up to the API's 4,096.
LONGEST_PATTERN = 2048


def rules_of_detection(access: AccessSettings, account: Account, *, watch_admin_roles: bool) -> Iterable[Violation]:
    """Each pattern is as short as Amazon EventBridge takes it.

    Args:
        access: roles by kind.
        account: the environment's account.
        watch_admin_roles: whether administrators are for emergencies alone.
    """
    for alarm in event_alarms(account, access, watch_admin_roles=watch_admin_roles):
        length = len(json.dumps(alarm.pattern, separators=(",", ":")))
        if length > LONGEST_PATTERN:
            kind = "admin" if alarm.name == "break-glass-assumed" else "ci"
            yield Violation(
                f"cluster.access.{kind}",
                f"{len(getattr(access, kind))} roles",
                f"must leave the pattern of the alarm {alarm.name} at most {LONGEST_PATTERN} characters, "
                f"where it has {length}",
                "Amazon EventBridge takes no longer one (quota Event pattern size), and this one names each role",
                "let fewer roles deploy, or roles with shorter names and paths",
            )
