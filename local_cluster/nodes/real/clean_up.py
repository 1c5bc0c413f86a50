"""Takes away what a cluster with real nodes left on the machine, whatever ended it."""

from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real import control_groups


def clean_up(directory: ClusterDirectory) -> None:
    """End the cluster's processes and remove its control groups, from outside of its namespaces.

    All else of a running cluster lies in its namespaces, which end with its processes. It may be called at any time,
    and again; a cluster that runs is ended by it without a chance to stop in order.
    """
    control_groups.remove(directory)
