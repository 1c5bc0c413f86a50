"""What a network refuses in one resource: ids of the wrong kind, routes without one target, endpoints without parts.

Source: the Amazon EC2 API reference, CreateRoute, CreateVpcEndpoint and "Resource IDs" of the EC2 user guide.
"""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from offline.checks.aws_rules.subject import Subject
from offline.checks.finding import Finding
from offline.providers.aws.regions import answers_in
from offline.providers.values import is_unknown

_CREATE_ROUTE = "Amazon EC2 API, CreateRoute"
_CREATE_ENDPOINT = "Amazon EC2 API, CreateVpcEndpoint"
_BLOCKS = "Amazon VPC user guide, VPC CIDR blocks"

# Property name, wherever it stands -> what ids of its kind start with. CloudFormation's schemas hold the other kinds.
ID_PREFIXES: dict[str, tuple[str, ...]] = {
    "allocationId": ("eipalloc-",),
    "destinationPrefixListId": ("pl-",),
    "egressOnlyGatewayId": ("eigw-",),
    "natGatewayId": ("nat-",),
    "networkInterfaceId": ("eni-",),
    "prefixListId": ("pl-",),
    "routeTableId": ("rtb-",),
    "routeTableIds": ("rtb-",),
    "subnetIds": ("subnet-",),
    "transitGatewayId": ("tgw-",),
    "vpcEndpointId": ("vpce-",),
    "vpcPeeringConnectionId": ("pcx-",),
}
# `gatewayId` means two things: a route's target, and what a route table is associated with.
_ROUTE_GATEWAYS = ("igw-", "vgw-", "local")

_TARGETS = (
    "carrierGatewayId",
    "coreNetworkArn",
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
)
_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
# Endpoint service -> what its host is called, where the two differ.
_HOSTS = {"aps-workspaces": "aps", "ecr.api": "api.ecr", "ecr.dkr": "api.ecr"}
_FOREIGN_PARTS = {"Gateway": ("subnetIds", "securityGroupIds"), "Interface": ("routeTableIds",)}
_SIZES = (16, 28)


def ids_are_of_the_right_kind(subject: Subject) -> Iterator[Finding]:
    """A subnet's id where a subnet is meant, and so on, at any depth."""
    for path, key, value in _leaves("", "", subject.inputs):
        prefixes = ID_PREFIXES.get(key, ())
        if prefixes and isinstance(value, str) and not is_unknown(value) and not value.startswith(prefixes):
            kind = " or ".join(prefixes)
            rule = f"takes an id that starts with {kind}"
            yield subject.finding(path, rule, "Amazon EC2 user guide, Resource IDs", "Wire the right resource", value)


def a_route_has_one_target(subject: Subject) -> Iterator[Finding]:
    """Exactly one target and one destination, and a gateway that is one."""
    for properties, noun in ((_TARGETS, "target"), (_DESTINATIONS, "destination")):
        given = [each for each in properties if subject.gives(each)]
        if len(given) != 1:
            rule = f"must name exactly one {noun}, one of {', '.join(properties)}"
            place = given[1] if given else ""
            yield subject.finding(place, rule, _CREATE_ROUTE, f"Name one {noun}; another one is another route")
    gateway = subject.get("gatewayId")
    if gateway is not None and not gateway.startswith(_ROUTE_GATEWAYS):
        rule = "takes an internet gateway (igw-) or a virtual private gateway (vgw-)"
        yield subject.finding("gatewayId", rule, _CREATE_ROUTE, "Use natGatewayId, or the property of that target")


def a_block_has_a_size_that_aws_takes(subject: Subject) -> Iterator[Finding]:
    """VPCs, their further blocks and subnets are a /16 to a /28."""
    block = subject.get("cidrBlock")
    if block is None:
        return
    try:
        prefix = ip_network(block).prefixlen
    except ValueError as error:
        yield subject.finding("cidrBlock", f"is no address range: {error}", _BLOCKS, "Write it like 10.0.0.0/16")
        return
    if not _SIZES[0] <= prefix <= _SIZES[1]:
        rule = f"must be between a /{_SIZES[0]} and a /{_SIZES[1]}"
        yield subject.finding("cidrBlock", rule, _BLOCKS, "Choose a block of another size")


def an_endpoint_has_the_parts_of_its_kind(subject: Subject) -> Iterator[Finding]:
    """Gateways live in route tables, interfaces in subnets, and the service is one of the Region."""
    kind = subject.get("vpcEndpointType") or "Gateway"
    for foreign in _FOREIGN_PARTS.get(kind, ()):
        if subject.gives(foreign):
            rule = f"has no place in an endpoint of type {kind}"
            yield subject.finding(foreign, rule, _CREATE_ENDPOINT, "Leave it out, or correct vpcEndpointType")
    if kind == "Gateway" and subject.get("privateDnsEnabled"):
        rule = "works for Interface endpoints only"
        yield subject.finding("privateDnsEnabled", rule, _CREATE_ENDPOINT, "Leave it out")
    service, region = subject.get("serviceName"), subject.account.region
    if service is not None and service.startswith("com.amazonaws.") and not _is_of_region(service, region):
        rule = f"names a service of another Region than {region}"
        yield subject.finding("serviceName", rule, _CREATE_ENDPOINT, "Put the provider's Region into the name")


def an_endpoints_service_is_in_the_region(subject: Subject) -> Iterator[Finding]:
    """What AWS does not run in a Region has no endpoint service there; names that are no service's are passed over."""
    region = subject.account.region
    name = str(subject.get("serviceName") or "").removeprefix(f"com.amazonaws.{region}.")
    if answers_in(_HOSTS.get(name, name), region) is False:
        rule = f"names a service that AWS does not run in {region}"
        yield subject.finding("serviceName", rule, "botocore, endpoints.json", "Leave the endpoint out there")


def _is_of_region(service: str, region: str) -> bool:
    # Endpoint services that partners offer have names of their own: com.amazonaws.vpce.<region>.vpce-svc-<id>.
    return service.split(".")[2] in (region, "vpce") or service.startswith(f"com.amazonaws.s3-global.{region}")


def _leaves(path: str, key: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Path, name of the nearest property, and value of everything inside."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(f"{path}.{name}" if path else name, name, item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(f"{path}.{index}", key, item)
    else:
        yield path, key, value


RULES = {
    "aws:ec2/route:Route": (a_route_has_one_target,),
    "aws:ec2/subnet:Subnet": (a_block_has_a_size_that_aws_takes,),
    "aws:ec2/vpc:Vpc": (a_block_has_a_size_that_aws_takes,),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (
        an_endpoint_has_the_parts_of_its_kind,
        an_endpoints_service_is_in_the_region,
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": (a_block_has_a_size_that_aws_takes,),
}
RULES_OF_ALL = (ids_are_of_the_right_kind,)
