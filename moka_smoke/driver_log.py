"""What the log agent shipped of an application: read as `python -m moka_logs` reads it.

Leaves out requests that AWS refused and of which no line tells: Amazon S3 tells only whoever asked.
"""

import re
from collections.abc import Iterable
from typing import Any

from moka_logs.bucket import LogBucket
from moka_logs.object_keys import Role
from moka_logs.pod_lines import Line
from moka_logs.reading import Reading
from moka_smoke.application_pods import ApplicationPods
from moka_smoke.milestones import Milestone, WrongError
from moka_smoke.word_count import WordCount, expected_counts

# What S3A and the AWS SDK write of a refusal, and Spark of one by the API server.
REFUSED = re.compile(
    r"AccessDenied|Access Denied|Status Code: 403|is not authorized to perform|"
    r"forbidden: User \\?\"system:serviceaccount"
)
_COUNTED = re.compile(r"^counted (\S+) (\d+)$")
_SHOWN = 3
_WIDEST = 300


class ShippedLog:
    """The lines of one application in the bucket of Spark logs.

    Args:
        s3: an Amazon S3 client of boto3.
        bucket: name of the bucket.
        application: what was submitted.
        pods: its pods.
        upload_seconds: how often the log agent uploads.
    """

    def __init__(
        self, s3: Any, bucket: str, application: WordCount, pods: ApplicationPods, upload_seconds: float
    ) -> None:
        self._bucket = LogBucket(s3, bucket)
        self._application, self._pods, self._upload_seconds = application, pods, upload_seconds

    def shipped(self) -> Milestone:
        """The driver's log has come, as far as it counted."""
        return Milestone(
            "the driver's log is in S3",
            self._driver_lines,
            self._upload_seconds + 240,
            "kubectl --namespace logging logs daemonset/fluent-bit tells what the log agent was refused; "
            "docs/logs-pipeline.md has the way of a line",
        )

    def refused_nothing(self) -> Milestone:
        """No line tells of a refusal."""
        return Milestone(
            "its role was refused nothing",
            self._refusals,
            self._upload_seconds + 60,
            "docs/teams.md says what a team's role may do, and its settings are under teams in the stack file",
        )

    def _driver_lines(self) -> str:
        lines = self._lines("driver")
        # An agent that was restarted may ship a line twice.
        counted = {match[1]: int(match[2]) for line in lines if (match := _COUNTED.match(line.text))}
        return f"{len(lines)} lines of {lines[0].pod}" if counted == expected_counts() else ""

    def _refusals(self) -> str:
        lines = self._lines(None)
        found = [line for line in lines if REFUSED.search(line.text)]
        if found:
            told = "".join(f"\n    {line.pod} {line.text[:_WIDEST]}" for line in found[:_SHOWN])
            raise WrongError(f"{len(found)} lines tell of a refusal:{told}\n   ")
        pods = {line.pod.name for line in lines}
        return f"none of {len(lines)} lines of {len(pods)} pods tells of a refusal" if lines else ""

    def _lines(self, role: Role | None) -> list[Line]:
        if not (application := self._pods.application):
            return []
        reading = Reading(self._bucket, lambda _: None)
        return list(reading.lines(self._found(application, role)))

    def _found(self, application: str, role: Role | None) -> Iterable[Any]:
        return self._bucket.objects(self._application.namespace, application, role)
