"""Every metric source of an environment and the series that it costs: what alerts and panels may ask for."""

from components.monitoring.sources.cluster import CLUSTER
from components.monitoring.sources.nodes import NODES
from components.monitoring.sources.pods import PODS
from components.monitoring.sources.source import UNITS, Family, Source, Unit
from components.monitoring.sources.telemetry import TELEMETRY

SOURCES = (*NODES, *PODS, *CLUSTER, *TELEMETRY)

__all__ = ["SOURCES", "UNITS", "Family", "Source", "Unit"]
