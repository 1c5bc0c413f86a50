"""The picture of a network has the routes that the route tables give its subnets, and its doors."""

from typing import Any

from offline.drawings.network import network
from offline.drawings.picture import Group, Picture
from offline.providers.resource import Resource


def resource(type_: str, name: str, **inputs: Any) -> Resource:
    return Resource(f"urn:pulumi:dev::moka::aws:ec2/{type_}::{name}", inputs, identifier=f"id-{name}")


def subnet(role: str, zone: str, table: str) -> list[Resource]:
    name = f"network-{role}-{zone}"
    return [
        resource("subnet:Subnet", name, availabilityZone=zone, cidrBlock=f"10.0.{len(name)}.0/24"),
        resource("routeTableAssociation:RouteTableAssociation", name, subnetId=f"id-{name}", routeTableId=table),
    ]


def endpoint(service: str, kind: str, **places: list[str]) -> Resource:
    name = f"com.amazonaws.us-east-1.{service}"
    return resource("vpcEndpoint:VpcEndpoint", f"network-{service}", serviceName=name, vpcEndpointType=kind, **places)


def drawn() -> Picture:
    """Two zones that share the NAT gateway of the first."""
    everywhere = {"destinationCidrBlock": "0.0.0.0/0"}
    return network(
        [
            resource("vpc:Vpc", "network-vpc", cidrBlock="10.0.0.0/20", tags={"Name": "moka-dev"}),
            resource("internetGateway:InternetGateway", "network-internet"),
            *subnet("nodes", "b", "private"),
            *subnet("nodes", "a", "private"),
            *subnet("public", "a", "public"),
            *subnet("control-plane", "a", "private"),
            resource("natGateway:NatGateway", "network-nat-a", subnetId="id-network-public-a"),
            resource("route:Route", "private", routeTableId="private", natGatewayId="id-network-nat-a", **everywhere),
            resource("route:Route", "public", routeTableId="public", gatewayId="id-network-internet", **everywhere),
            endpoint("s3", "Gateway", routeTableIds=["private"]),
            endpoint("ecr.api", "Interface", subnetIds=["id-network-control-plane-a"]),
            endpoint("sts", "Interface", subnetIds=["id-network-control-plane-a"]),
        ]
    )


def arrows(*, are_against: bool) -> set[tuple[str, str]]:
    return {(each.source, each.target) for each in drawn().arrows if each.is_against is are_against}


def test_a_subnet_reaches_the_internet_over_the_gateway_of_its_route_table() -> None:
    assert arrows(are_against=False) == {
        ("network-nodes-a", "network-public-a"),
        ("network-nodes-b", "network-public-a"),
        ("network-control-plane-a", "network-public-a"),
        ("network-public-a", "network-internet"),
        ("network-internet", "internet"),
    }


def test_a_subnet_has_the_doors_of_its_route_table_and_those_that_stand_in_it() -> None:
    assert arrows(are_against=True) == {
        ("network-nodes-a", "network-s3"),
        ("network-nodes-b", "network-s3"),
        ("network-control-plane-a", "network-s3"),
        ("network-control-plane-a", "interface endpoints"),
    }


def test_zones_stand_in_order_with_their_subnets_and_ranges() -> None:
    (vpc,) = (each for each in drawn().members if isinstance(each, Group))
    assert vpc.title == "VPC moka-dev, 10.0.0.0/20 and 0 blocks for nodes and pods"
    zones = [each for each in vpc.members if isinstance(each, Group)]
    assert [each.title for each in zones] == ["Zone a", "Zone b"]
    said = [(each.title, *each.lines) for each in zones[0].members if not isinstance(each, Group)]
    assert ("Public subnet", "10.0.16.0/24", "load balancers for the internet", "NAT gateway") in said
    assert ("Nodes subnet", "10.0.15.0/24", "nodes and pods") in said


def test_interface_endpoints_are_counted_and_named() -> None:
    (vpc,) = (each for each in drawn().members if isinstance(each, Group))
    said = {each.title: each.lines for each in vpc.members if not isinstance(each, Group)}
    assert said["2 interface endpoints"] == ("ecr.api, sts",)
    assert "Gateway endpoint of s3" in said
