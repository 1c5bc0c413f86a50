"""Numbers that only the service bounds: neither the schemas nor the models of AWS's API hold these ranges.

Source: the Amazon EC2, Amazon S3 and Amazon CloudWatch API references, at the page each row names; botocore carries
their texts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from offline.checks.aws_rules.node_groups import TEMPLATE
from offline.checks.aws_rules.subject import Subject
from offline.checks.finding import Finding

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_EBS = "Amazon EC2 API, LaunchTemplateEbsBlockDeviceRequest"
_ALARM_API = "Amazon CloudWatch API, PutMetricAlarm"
_DAY_SECONDS = 86_400
_HOUR_SECONDS = 3_600


@dataclass(frozen=True)
class Range:
    """What a number may be.

    Args:
        path: of the number; `*` for every item of a list.
        least: smallest value.
        most: largest value; None where AWS names none.
        source: page that says so.
    """

    path: str
    least: int
    most: int | None
    source: str


RANGES: dict[str, tuple[Range, ...]] = {
    TEMPLATE: (
        Range(
            "metadataOptions.httpPutResponseHopLimit",
            1,
            64,
            "Amazon EC2 API, LaunchTemplateInstanceMetadataOptionsRequest",
        ),
        Range("blockDeviceMappings.*.ebs.throughput", 125, 2_000, _EBS),
    ),
    _LIFECYCLE: (
        Range("rules.*.expiration.days", 1, None, "Amazon S3 API, LifecycleExpiration"),
        Range(
            "rules.*.noncurrentVersionExpiration.noncurrentDays", 1, None, "Amazon S3 API, NoncurrentVersionExpiration"
        ),
        Range(
            "rules.*.abortIncompleteMultipartUpload.daysAfterInitiation",
            1,
            None,
            "Amazon S3 API, AbortIncompleteMultipartUpload",
        ),
    ),
    _LOCK: (
        Range("rule.defaultRetention.days", 1, None, "Amazon S3 API, DefaultRetention"),
        Range("rule.defaultRetention.years", 1, None, "Amazon S3 API, DefaultRetention"),
    ),
}
# Volume type -> smallest and largest size in GiB.
VOLUME_SIZES = {
    "gp2": (1, 16_384),
    "gp3": (1, 65_536),
    "io1": (4, 16_384),
    "io2": (4, 65_536),
    "sc1": (125, 16_384),
    "st1": (125, 16_384),
    "standard": (1, 1_024),
}


def numbers_are_in_range(subject: Subject) -> Iterator[Finding]:
    """Each number of the type's rows."""
    for row in RANGES[subject.type]:
        for place, value in _at("", row.path.split("."), subject.inputs):
            yield from _outside(subject, place, value, row)


def a_volume_is_as_large_as_its_type_allows(template: Subject) -> Iterator[Finding]:
    """The size of each volume, by its type."""
    for place, disk in _at("", ["blockDeviceMappings", "*", "ebs"], template.inputs):
        sizes = VOLUME_SIZES.get(str(disk.get("volumeType"))) if isinstance(disk, dict) else None
        if sizes is not None:
            yield from _outside(template, f"{place}.volumeSize", disk.get("volumeSize"), Range("", *sizes, _EBS))


def an_alarm_looks_back_far_enough_and_no_further(alarm: Subject) -> Iterator[Finding]:
    """One day, or seven with periods of an hour or more; and no more breaches than periods."""
    period, periods, breaches = (
        _number(alarm.get(each)) for each in ("period", "evaluationPeriods", "datapointsToAlarm")
    )
    most = _DAY_SECONDS * (1 if (period or 0) < _HOUR_SECONDS else 7)
    if period is not None and periods is not None and period * periods > most:
        rule = f"makes {period * periods} seconds with a period of {period}, more than {most}"
        yield alarm.finding("evaluationPeriods", rule, _ALARM_API, "Evaluate fewer or shorter periods")
    if breaches is not None and periods is not None and breaches > periods:
        rule = f"must be {periods}, the evaluation periods, or fewer"
        yield alarm.finding("datapointsToAlarm", rule, _ALARM_API, "Lower it, or evaluate more periods")


def _outside(subject: Subject, place: str, value: Any, row: Range) -> Iterator[Finding]:
    number = _number(value)
    if number is not None and (number < row.least or (row.most is not None and number > row.most)):
        bounds = f"{row.least} or more" if row.most is None else f"between {row.least} and {row.most}"
        yield subject.finding(place, f"must be {bounds}", row.source, "Choose a value in that range", value)


def _number(value: Any) -> int | float | None:
    """The value where it is a known number."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _at(place: str, path: list[str], value: Any) -> Iterator[tuple[str, Any]]:
    """Every value at a path, with its place."""
    if not path:
        yield place, value
    elif path[0] == "*":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _at(f"{place}.{index}", path[1:], item)
    elif isinstance(value, dict) and value.get(path[0]) is not None:
        yield from _at(f"{place}.{path[0]}".lstrip("."), path[1:], value[path[0]])


RULES = {
    **dict.fromkeys(RANGES, (numbers_are_in_range,)),
    TEMPLATE: (numbers_are_in_range, a_volume_is_as_large_as_its_type_allows),
    ALARM: (an_alarm_looks_back_far_enough_and_no_further,),
}
