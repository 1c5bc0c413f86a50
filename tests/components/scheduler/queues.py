"""Queues and settings that tests of the scheduler start from."""

from ipaddress import IPv4Network

from hypothesis import strategies as st

from components.account import Account
from components.scheduler.scheduler import Scheduler
from components.scheduler.settings import ParentQueueSettings, QueueResources, QueueSettings, SchedulerSettings
from tests.components.workloads.pods import recorder
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
CONTROL_PLANE = [IPv4Network("10.20.8.0/24"), IPv4Network("10.20.9.0/24")]

names = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)


def amount(vcpus: int, memory_gib: int) -> QueueResources:
    """Processors and memory."""
    return QueueResources(vcpus=vcpus, memory_gib=memory_gib)


def queue(
    maximum: tuple[int, int] = (100, 400),
    guaranteed: tuple[int, int] | None = None,
    *,
    weight: int = 1,
    parent: str | None = None,
    running_applications: int | None = None,
) -> QueueSettings:
    """A team's queue."""
    return QueueSettings(
        maximum=amount(*maximum),
        guaranteed=amount(*guaranteed) if guaranteed else None,
        weight=weight,
        parent=parent,
        running_applications=running_applications,
    )


TEAMS = {
    "ads": queue(weight=3),
    "etl": queue(guaranteed=(10, 40)),
    "ml": queue(),
    "lab": queue((60, 200), parent="research", running_applications=4),
}
SETTINGS = SchedulerSettings(
    guaranteed=amount(100, 400),
    parents={"research": ParentQueueSettings(guaranteed=amount(40, 100), maximum=amount(80, 300))},
)


def build(
    settings: SchedulerSettings = SETTINGS, teams: dict[str, QueueSettings] = TEAMS, account: Account = ACCOUNT
) -> Recorder:
    """The component under the recording engine."""
    return record(
        lambda: Scheduler("scheduler", settings, teams, account, control_plane=CONTROL_PLANE),
        recorder(),
    )
