"""Addresses of Kubernetes services against those of the network."""

from collections.abc import Iterable

from components.cluster.settings import ClusterSettings
from components.model import Violation
from components.network.settings import NetworkSettings


def rules_of_service_range(network: NetworkSettings, cluster: ClusterSettings) -> Iterable[Violation]:
    """The service range hides no address of the VPC.

    Args:
        network: the environment's network.
        cluster: its control plane.
    """
    ranges = {"cidr": network.cidr, **{f"zones.{zone}": cidr for zone, cidr in network.zones.items()}}
    for field, cidr in ranges.items():
        if cidr.overlaps(cluster.service_cidr):
            yield Violation(
                "cluster.service_cidr",
                cluster.service_cidr,
                f"must not overlap network.{field} ({cidr})",
                "addresses of Kubernetes services would hide hosts of the VPC",
                "choose another private range, such as 172.20.0.0/16",
            )
