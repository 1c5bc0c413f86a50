"""What logs take of a node's disk, against the root volumes of node groups and pools."""

from collections.abc import Iterable, Mapping

from components.cluster.node_settings import NodeSettings
from components.logs.disk_budget import KEPT_FREE, disk_budget
from components.logs.settings import LogsSettings
from components.model import Violation


def rules_of_log_disk(
    settings: LogsSettings, nodes: Mapping[str, NodeSettings], event_log_roll_mib: int
) -> Iterable[Violation]:
    """Every node's root volume holds the lines of the longest outage beside everything else.

    Args:
        settings: log rate and length of the longest outage.
        nodes: node groups and pools by path.
        event_log_roll_mib: size at which Spark begins another file of an event log.
    """
    for path, each in nodes.items():
        budget = disk_budget(settings, each, event_log_roll_mib)
        if budget.fits:
            continue
        yield Violation(
            f"{path}.root_volume_gib",
            each.root_volume_gib,
            f"must keep {budget.needed:.0f} GiB beside the {KEPT_FREE:.0%} that stay free",
            f"{settings.node_log_kib_per_second} KiB/s of lines over {settings.longest_outage_hours} hours without "
            f"Amazon S3 are {budget.unsent:.0f} GiB, container logs {budget.container_logs:.0f}, open event logs "
            f"{budget.event_logs:.0f}, journal, images and system the rest; a full disk loses lines and evicts pods",
            f"write {budget.fitting_volume_gib} or more, or less for logs.longest_outage_hours",
        )
