"""Whether this machine reaches the Kubernetes API of a cluster that is there: the second run of `up` has to."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from doctor.check import Check
from doctor.finding import Finding, fail, ok
from doctor.surroundings import Surroundings

_HTTPS = 443


def api(here: Surroundings) -> Iterable[Finding]:
    """Resolve the endpoint's name and open a connection."""
    found = here.cluster
    if found is None or not found.get("endpoint"):
        how = "" if here.settings.cluster.public_access_cidrs else ", and will be private: docs/private-api.md"
        yield ok(f"there is no cluster {here.account.cluster_name} yet{how}")
        return
    host = str(urlsplit(found["endpoint"]).hostname)
    try:
        addresses = here.machine.connect(host, _HTTPS)
    except OSError as error:
        yield fail(f"{host} can't be reached from here ({error})", _way_in(found["resourcesVpcConfig"]))
        return
    yield ok(f"{host} answers at {', '.join(addresses)}")


def _way_in(access: dict[str, object]) -> str:
    if access.get("endpointPublicAccess"):
        ranges = access.get("publicAccessCidrs")
        listed = ", ".join(map(str, ranges)) if isinstance(ranges, list) else ""
        return f"come from one of {listed}, or add your address to cluster.public_access_cidrs and run pulumi up there"
    return (
        "run this in the VPC, or in a network that is routed to it and stands in cluster.private_access, as "
        "docs/private-api.md says"
    )


CHECKS = (
    Check(
        "api",
        "Does this machine reach the Kubernetes API, where there is a cluster",
        api,
        calls=("eks:DescribeCluster",),
        needs=("account", "region"),
    ),
)
