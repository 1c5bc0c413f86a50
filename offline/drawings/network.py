"""The network: subnets by zone with their ranges, the ways out of them, and the doors to services of AWS.

Leaves out security groups and network policies: `offline.reachability` says who may connect to whom.
"""

from collections.abc import Iterator, Mapping, Sequence

from offline.drawings.picture import Arrow, Box, Group, Picture
from offline.drawings.resources import of_type
from offline.providers.resource import Resource

_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_INTERFACES = "interface endpoints"
_INTERNET = "internet"
_SERVICES_A_LINE = 4
# By the role in the logical name, network-<role>-<zone>.
_USES = {
    "public": "load balancers for the internet",
    "control-plane": "interfaces of the control plane",
    "nodes": "nodes and pods",
}


def network(resources: Sequence[Resource]) -> Picture:
    """The picture of a stack's network.

    Args:
        resources: of the stack.
    """
    (vpc,) = of_type(resources, "aws:ec2/vpc:Vpc")
    subnets = of_type(resources, "aws:ec2/subnet:Subnet")
    zones = sorted({_zone(each) for each in subnets})
    blocks = of_type(resources, "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")
    name = vpc.inputs["tags"]["Name"]
    inside = (
        *_endpoints(resources),
        *(_zone_group(zone, [each for each in subnets if _zone(each) == zone], resources) for zone in zones),
        *(Box(each.name, "Internet gateway", "workload") for each in _internet_gateways(resources)),
    )
    return Picture(
        f"Network of {name}",
        f"Availability zones {', '.join(zones)}, each with a public subnet, one of the control plane's interfaces and "
        "one of nodes and pods; over which NAT gateway which subnet reaches the internet; and the VPC endpoints.",
        (
            Box(_INTERNET, "Internet", "outside"),
            Group(
                "vpc",
                f"VPC {name}, {vpc.inputs['cidrBlock']} and {len(blocks)} blocks for nodes and pods",
                "aws",
                inside,
            ),
        ),
        tuple(_arrows(resources, subnets)),
        "TB",
    )


def _internet_gateways(resources: Sequence[Resource]) -> list[Resource]:
    return of_type(resources, "aws:ec2/internetGateway:InternetGateway")


def _zone(subnet: Resource) -> str:
    return str(subnet.inputs["availabilityZone"])


def _zone_group(zone: str, subnets: Sequence[Resource], resources: Sequence[Resource]) -> Group:
    gateways = {each.inputs["subnetId"]: each for each in of_type(resources, "aws:ec2/natGateway:NatGateway")}
    boxes: list[Box | Group] = []
    for subnet in subnets:
        role = subnet.name.removeprefix("network-").removesuffix(f"-{zone}")
        title = f"{role.replace('-', ' ').capitalize()} subnet"
        gateway = gateways.get(subnet.identifier)
        lines = (str(subnet.inputs["cidrBlock"]), _USES[role], *(["NAT gateway"] if gateway else []))
        boxes.append(Box(subnet.name, title, "nodes" if role == "nodes" else "workload", lines))
    return Group(zone, f"Zone {zone}", "outside", tuple(boxes))


def _endpoints(resources: Sequence[Resource]) -> Iterator[Box]:
    found = of_type(resources, _ENDPOINT)
    services = sorted(_service(each) for each in found if each.inputs["vpcEndpointType"] == "Interface")
    lines = [", ".join(services[at : at + _SERVICES_A_LINE]) for at in range(0, len(services), _SERVICES_A_LINE)]
    yield Box(_INTERFACES, f"{len(services)} interface endpoints", "store", tuple(lines))
    for each in found:
        if each.inputs["vpcEndpointType"] == "Gateway":
            yield Box(each.name, f"Gateway endpoint of {_service(each)}", "store")


def _service(endpoint: Resource) -> str:
    """The service without the Region: com.amazonaws.us-east-1.ecr.api."""
    return str(endpoint.inputs["serviceName"]).split(".", 3)[3]


def _arrows(resources: Sequence[Resource], subnets: Sequence[Resource]) -> Iterator[Arrow]:
    names = {each.identifier: each.name for each in subnets}
    tables = _tables(resources)
    for route in of_type(resources, "aws:ec2/route:Route"):
        target = _next_hop(route, resources, names)
        for subnet in subnets:
            if tables.get(subnet.identifier) == route.inputs["routeTableId"] and subnet.name != target:
                yield Arrow(subnet.name, target)
    for gateway in _internet_gateways(resources):
        yield Arrow(gateway.name, _INTERNET)
    for endpoint in of_type(resources, _ENDPOINT):
        for subnet in subnets:
            if tables.get(subnet.identifier) in endpoint.inputs.get("routeTableIds", ()):
                yield Arrow(subnet.name, endpoint.name, is_against=True)
    places = {str(each) for endpoint in of_type(resources, _ENDPOINT) for each in endpoint.inputs.get("subnetIds", ())}
    for subnet in subnets:
        if subnet.identifier in places:
            yield Arrow(subnet.name, _INTERFACES, is_against=True)


def _tables(resources: Sequence[Resource]) -> Mapping[str, str]:
    """Subnet to its route table."""
    found = of_type(resources, "aws:ec2/routeTableAssociation:RouteTableAssociation")
    return {str(each.inputs["subnetId"]): str(each.inputs["routeTableId"]) for each in found}


def _next_hop(route: Resource, resources: Sequence[Resource], names: Mapping[str, str]) -> str:
    """The box that a route leads to, which of a NAT gateway is its subnet."""
    for gateway in of_type(resources, "aws:ec2/natGateway:NatGateway"):
        if gateway.identifier == route.inputs.get("natGatewayId"):
            return names[str(gateway.inputs["subnetId"])]
    (internet,) = (each for each in _internet_gateways(resources) if each.identifier == route.inputs["gatewayId"])
    return internet.name
