"""Log groups that keep what they get for ever.

AWS takes them; this project does not: see issue and README, retention is a setting of every environment.
"""

from collections.abc import Iterator

from offline.checks.aws_rules.subject import Subject
from offline.checks.finding import Finding

_SOURCE = "Amazon CloudWatch Logs user guide, Change log data retention: without it logs never expire"


def a_log_group_has_a_retention(group: Subject) -> Iterator[Finding]:
    """A number of days, where 0 would mean for ever."""
    if not group.get("retentionInDays") and (group.get("retentionInDays") == 0 or not group.gives("retentionInDays")):
        place = "retentionInDays"
        yield group.finding(place, "must be set", _SOURCE, "Set the days that the environment keeps logs", "for ever")


RULES = {"aws:cloudwatch/logGroup:LogGroup": (a_log_group_has_a_retention,)}
