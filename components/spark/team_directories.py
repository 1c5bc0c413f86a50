"""The directories of the event-log bucket into which teams' applications write, before any of them runs."""

from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from components.spark.defaults import CHECKSUM_ALGORITHM
from components.spark.event_logs import MARK_CONTENT, mark_of
from components.teams.names import namespace_of


class EventLogDirectories(pulumi.ComponentResource):
    """One mark a team, for which its directory exists (`event_logs.py`).

    A mark stays when its team goes, and with it the team's logs until they expire: nobody may delete in the bucket, and
    the lifecycle spares marks.

    Args:
        name: logical name.
        teams: names of the environment's teams.
        bucket: name of the event-log bucket.

    Outputs:
        bucket: the same name; it resolves once every directory is there.
    """

    bucket: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        teams: Iterable[str],
        *,
        bucket: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:EventLogDirectories", name, None, opts)
        marks = [
            aws.s3.BucketObjectv2(
                f"{name}-{team}",
                bucket=bucket,
                key=mark_of(namespace_of(team)),
                content=MARK_CONTENT,
                # A bucket that locks refuses a write without one.
                checksum_algorithm=CHECKSUM_ALGORITHM,
                opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
            )
            for team in teams
        ]
        self.bucket = pulumi.Output.all(bucket, *(each.id for each in marks)).apply(lambda each: str(each[0]))
        self.register_outputs({"bucket": self.bucket})
