"""Availability zones, and what the stack's zones offer: instance types and services for endpoints."""

from collections.abc import Iterable, Sequence

from components.cluster.node_settings import NodeSettings
from components.network.zone_ids import rules_of_zone_ids
from doctor.check import Check
from doctor.finding import Finding, fail, ok, warn
from doctor.surroundings import Surroundings

_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
# Amazon EC2 API, Filter: values of one.
_MOST_VALUES = 200


def zones(here: Surroundings) -> Iterable[Finding]:
    """Zones by their ids, which alone say where Amazon EKS takes a control plane."""
    answer = here.aws.ask(
        "ec2:DescribeAvailabilityZones",
        AllAvailabilityZones=False,
        Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}],
    )["AvailabilityZones"]
    ids = {each["ZoneName"]: each["ZoneId"] for each in answer}
    wanted = here.settings.network.zones
    for each in rules_of_zone_ids(here.account.region, wanted, ids):
        yield fail(f"{each.field} {each.rule}: {each.reason}", each.fix)
    for each in answer:
        if each["ZoneName"] in wanted and each["State"] != "available":
            told = "; ".join(message["Message"] for message in each.get("Messages") or ())
            yield warn(f"{each['ZoneName']} is {each['State']}{f': {told}' if told else ''}", "wait, or take another")
    yield ok(", ".join(f"{name} is {ids[name]}" for name in wanted if name in ids))


def instance_types(here: Surroundings) -> Iterable[Finding]:
    """Each node group and pool against what its zones offer."""
    network = list(here.settings.network.zones)
    named = sorted({name for each in here.settings.nodes.values() for name in each.instance_types})
    offered = {zone: set[str]() for zone in network}
    for begin in range(0, len(named), _MOST_VALUES):
        for each in here.aws.pages(
            "ec2:DescribeInstanceTypeOfferings",
            "InstanceTypeOfferings",
            LocationType="availability-zone",
            Filters=[
                {"Name": "location", "Values": network},
                {"Name": "instance-type", "Values": named[begin : begin + _MOST_VALUES]},
            ],
        ):
            offered[each["Location"]].add(each["InstanceType"])
    for path, each in here.settings.nodes.items():
        yield from _offers(path, each, {zone: offered[zone] for zone in each.zones or network})
    yield ok(f"{len(named)} types of {len(here.settings.nodes)} groups and pools")


def _offers(path: str, nodes: NodeSettings, offered: dict[str, set[str]]) -> Iterable[Finding]:
    for zone, types in offered.items():
        here = [name for name in nodes.instance_types if name in types]
        missing = [name for name in nodes.instance_types if name not in types]
        if not here:
            yield fail(
                f"{path}: {zone} offers none of {', '.join(missing)}",
                f"name types that it has, or leave it out of {path}.zones: aws ec2 describe-instance-type-offerings "
                f"--location-type availability-zone --filters Name=location,Values={zone}",
            )
        elif missing:
            yield warn(
                f"{path}: {zone} offers no {', '.join(missing)}",
                f"nodes there are of {', '.join(here)} alone; name other types where that is too few",
            )


def endpoint_services(here: Surroundings) -> Iterable[Finding]:
    """Each interface stands in a subnet of every zone."""
    wanted = sorted({each.inputs["serviceName"] for each in here.plan.of(_ENDPOINT)})
    interfaces = {
        each.inputs["serviceName"] for each in here.plan.of(_ENDPOINT) if each.inputs["vpcEndpointType"] == "Interface"
    }
    found = {
        each["ServiceName"]: each["AvailabilityZones"]
        for each in here.aws.pages(
            "ec2:DescribeVpcEndpointServices",
            "ServiceDetails",
            Filters=[{"Name": "service-name", "Values": wanted}],
        )
    }
    for name in wanted:
        if name not in found:
            yield fail(f"{name} is no service of {here.account.region} for VPC endpoints", "take another Region")
        elif name in interfaces and (missing := _without(here, found[name])):
            yield fail(
                f"{name} has no endpoint in {', '.join(missing)}",
                f"take zones of {', '.join(sorted(found[name]))} in network.zones",
            )
    yield ok(f"{len(wanted)} services in {len(here.settings.network.zones)} zones")


def _without(here: Surroundings, zones_of_service: Sequence[str]) -> list[str]:
    return [zone for zone in sorted(here.settings.network.zones) if zone not in zones_of_service]


CHECKS = (
    Check(
        "zones",
        "Does the account have the stack's zones, and does Amazon EKS take them",
        zones,
        calls=("ec2:DescribeAvailabilityZones",),
        needs=("account", "region"),
    ),
    Check(
        "instance-types",
        "Do the zones offer the instance types of node groups and pools",
        instance_types,
        calls=("ec2:DescribeInstanceTypeOfferings",),
        needs=("account", "region", "zones"),
    ),
    Check(
        "endpoint-services",
        "Do the zones have the services that get VPC endpoints",
        endpoint_services,
        calls=("ec2:DescribeVpcEndpointServices",),
        needs=("plan", "account", "region", "zones"),
    ),
)
