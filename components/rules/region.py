"""What areas ask for, against what their Region has."""

from collections.abc import Iterable, Mapping

from components.cluster.instance_type import alternatives, is_offered
from components.cluster.node_settings import NodeSettings
from components.model import Violation
from components.monitoring.settings import MonitoringSettings
from components.regions import SERVED, region_of


def rules_of_region(
    region: str, monitoring: MonitoringSettings, nodes: Mapping[str, NodeSettings]
) -> Iterable[Violation]:
    """The Region is served, and has the managed services and instance types that are asked for.

    Amazon Managed Service for Prometheus is in every Region that is served.

    Args:
        region: the environment's Region.
        monitoring: its metrics stack.
        nodes: node groups and pools by path.
    """
    if region not in SERVED:
        yield Violation(
            "region",
            region,
            "must be a Region that is served",
            "registries, buckets, zones and instance types differ by Region, and are known for these alone",
            f"write one of {', '.join(SERVED)}",
        )
        return
    if monitoring.grafana == "amazon-managed" and not region_of(region).has_managed_grafana:
        there = ", ".join(name for name, row in SERVED.items() if row.has_managed_grafana)
        yield Violation(
            "monitoring.grafana",
            monitoring.grafana,
            f"must be in-cluster in {region}",
            f"Amazon Managed Grafana is in {there} alone",
            "write in-cluster",
        )
    for path, settings in nodes.items():
        for index, name in enumerate(settings.instance_types):
            if not is_offered(name, region):
                offered = [other for other in alternatives(name) if is_offered(other, region)]
                yield Violation(
                    f"{path}.instance_types.{index}",
                    name,
                    f"must be offered in {region}",
                    "Amazon EC2 has no capacity of this type there, so that no node of it would ever come",
                    f"take {', '.join(offered)}" if offered else "take a type of another family",
                )
