"""Every type that the program makes, with its calls, and what it looks up beside."""

from collections.abc import Mapping

from offline.permissions import buckets, catalog, cluster, images, monitoring, network
from offline.permissions.calls import Calls, of

CALLS: Mapping[str, Calls] = {
    **network.CALLS,
    **cluster.CALLS,
    **buckets.CALLS,
    **images.CALLS,
    **monitoring.CALLS,
    **catalog.CALLS,
}
# Calls that no resource makes: the provider asks whose credentials it has (`allowedAccountIds`), and the program and
# pulumi-eks look up zones, clusters and versions of add-ons (`offline.providers.aws.data_sources`).
LOOK_UPS = (
    *of("ec2", "DescribeAvailabilityZones"),
    *of("eks", "DescribeAddonVersions ListClusters"),
    *of("sts", "GetCallerIdentity"),
)
# Calls that list: they are asked of all there is, although their actions take a resource.
LISTING = frozenset({"logs:DescribeLogGroups"})
