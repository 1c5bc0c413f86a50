"""What one environment decides about detection, as far as nobody decides it for all accounts of a company.

A detector and a trail of management events are an organisation's in most companies, and a second of either costs money
or can't be made: so the defaults leave both to it. Leaves out the alarms, which every environment has
(`event_alarms.py`).
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from components.change import OnChange, in_place, replaces
from components.model import Model, Violation
from components.network.endpoints import OptionalService

RuntimeAgent = Literal["none", "add-on", "guardduty"]


class TrailSettings(Model):
    """What the environment's own trail records.

    Source: AWS CloudTrail user guide, "Managing CloudTrail trail costs" and "Logging data events".
    """

    management_events: Annotated[bool, OnChange(in_place())] = True
    """Record the account's management events in every Region, which the alarms on calls need; false where another
    trail, such as the organisation's, has them already."""

    data_events: Annotated[Literal["none", "writes", "all"], OnChange(in_place())] = "writes"
    """Which calls on objects of the log buckets are recorded: none, writes and deletions, or reads as well. The log
    pipeline's own calls are never among them."""

    def rules(self) -> Iterable[Violation]:
        """A trail records something."""
        if not self.management_events and self.data_events == "none":
            yield Violation(
                "data_events",
                self.data_events,
                "must be writes or all while management_events is false",
                "a trail that records nothing is refused by AWS CloudTrail",
                "write trail: null for none",
            )


class DetectionSettings(Model):
    """Which detector and which record of calls the environment makes for itself.

    Source: Amazon GuardDuty API, CreateDetector, which takes one detector an account and Region.
    """

    detector: Annotated[
        Literal["elsewhere", "own"],
        OnChange(in_place(), to={"elsewhere": in_place("the detector and its findings go")}),
    ] = "elsewhere"
    """Who makes Amazon GuardDuty's detector of this account and Region: own makes one that reads the cluster's audit
    log; elsewhere leaves it to the organisation. Making a second one fails."""

    runtime_agent: Annotated[
        RuntimeAgent,
        OnChange(
            in_place("the agent's pods come up on every node"),
            to={
                "none": replaces("aws:eks/addon:Addon", how="the agent goes from every node"),
                "guardduty": replaces(
                    "aws:eks/addon:Addon", how="GuardDuty brings its agent, and one of the program's goes"
                ),
            },
        ),
    ] = "none"
    """Who runs GuardDuty's agent on the nodes: nobody, this program as a pinned EKS add-on with a VPC endpoint of its
    own, or GuardDuty itself, whose own endpoint and security group stand in the way when the VPC is destroyed."""

    trail: Annotated[
        TrailSettings | None,
        OnChange(
            in_place("the trail and its bucket come up"),
            removed=replaces(
                "aws:s3/bucket:Bucket",
                "aws:kms/key:Key",
                how="the trail goes, and its bucket as log_buckets.on_destroy says",
                loses="what the trail recorded",
            ),
        ),
    ] = None
    """A trail of the environment's own; null where the account's calls are recorded elsewhere, and those on objects of
    the log buckets stand in the access logs alone."""

    @property
    def endpoint_services(self) -> tuple[OptionalService, ...]:
        """AWS services that nodes call only with these settings; GuardDuty makes the endpoint of its own agent."""
        return ("guardduty-data",) if self.runtime_agent == "add-on" else ()

    def rules(self) -> Iterable[Violation]:
        """Only whoever has the detector can tell it to manage agents."""
        if self.runtime_agent == "guardduty" and self.detector == "elsewhere":
            yield Violation(
                "runtime_agent",
                self.runtime_agent,
                "must be none or add-on while detector is elsewhere",
                "whether Amazon GuardDuty manages agents is a feature of the detector, which another stack has",
                "set detector: own, or let the detector's owner manage the agent and write none",
            )
