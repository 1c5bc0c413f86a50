"""How traffic leaves the VPC: an internet gateway for public subnets, NAT gateways for the rest.

Leaves out VPC endpoints (`endpoints.py`), whose routes are more specific and win.
"""

from collections.abc import Mapping
from typing import Literal

import pulumi
import pulumi_aws as aws

EVERYWHERE = "0.0.0.0/0"


def nat_zone_of(zone: str, zones: Mapping[str, object], nat: Literal["single", "per-zone"]) -> str:
    """The zone whose NAT gateway a zone's private subnets use: its own, or the first by name."""
    return zone if nat == "per-zone" else min(zones)


class Egress(pulumi.ComponentResource):
    """Routes out of the VPC, one private route table a zone so that a zone's failure stays its own.

    Args:
        name: logical name, such as network.
        nat: one NAT gateway for all zones, or one in each.
        vpc_id: the VPC.
        public_subnet_ids: zone name to its public subnet.
        private_subnet_ids: zone name to role, such as nodes, to private subnet.

    Outputs:
        route_table_ids: zone name to the route table of its private subnets.

    Source: Amazon VPC user guide, "NAT gateways".
    """

    route_table_ids: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        nat: Literal["single", "per-zone"],
        *,
        vpc_id: pulumi.Input[str],
        public_subnet_ids: Mapping[str, pulumi.Input[str]],
        private_subnet_ids: Mapping[str, Mapping[str, pulumi.Input[str]]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Egress", name, None, opts)
        self._name = name
        self._vpc_id = vpc_id
        gateway = aws.ec2.InternetGateway(
            f"{name}-internet", vpc_id=vpc_id, tags={"Name": name}, opts=pulumi.ResourceOptions(parent=self)
        )
        self._route_public_subnets(gateway, public_subnet_ids)
        nat_zones = sorted({nat_zone_of(zone, public_subnet_ids, nat) for zone in public_subnet_ids})
        nat_ids = {zone: self._make_nat(zone, public_subnet_ids[zone], gateway) for zone in nat_zones}
        self.route_table_ids = {
            zone: self._route_private_subnets(zone, subnets, nat_ids[nat_zone_of(zone, public_subnet_ids, nat)])
            for zone, subnets in private_subnet_ids.items()
        }
        self.register_outputs({"route_table_ids": self.route_table_ids})

    def _route_public_subnets(
        self, gateway: aws.ec2.InternetGateway, subnet_ids: Mapping[str, pulumi.Input[str]]
    ) -> None:
        table = self._make_route_table("public")
        aws.ec2.Route(
            f"{self._name}-public",
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            gateway_id=gateway.id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for zone, subnet_id in subnet_ids.items():
            self._associate(f"{self._name}-public-{zone}", table, subnet_id)

    def _make_nat(
        self, zone: str, subnet_id: pulumi.Input[str], gateway: aws.ec2.InternetGateway
    ) -> pulumi.Output[str]:
        # AWS can't detach an internet gateway while the VPC has public addresses, so both go before it on a destroy.
        after_gateway = pulumi.ResourceOptions(parent=self, depends_on=[gateway])
        address = aws.ec2.Eip(
            f"{self._name}-nat-{zone}", domain="vpc", tags={"Name": f"{self._name}-nat-{zone}"}, opts=after_gateway
        )
        nat = aws.ec2.NatGateway(
            f"{self._name}-nat-{zone}",
            allocation_id=address.id,
            subnet_id=subnet_id,
            tags={"Name": f"{self._name}-{zone}"},
            opts=after_gateway,
        )
        return nat.id

    def _route_private_subnets(
        self, zone: str, subnet_ids: Mapping[str, pulumi.Input[str]], nat_id: pulumi.Input[str]
    ) -> pulumi.Output[str]:
        table = self._make_route_table(f"private-{zone}")
        aws.ec2.Route(
            f"{self._name}-private-{zone}",
            route_table_id=table.id,
            destination_cidr_block=EVERYWHERE,
            nat_gateway_id=nat_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for role, subnet_id in subnet_ids.items():
            self._associate(f"{self._name}-{role}-{zone}", table, subnet_id)
        return table.id

    def _make_route_table(self, role: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._name}-{role}",
            vpc_id=self._vpc_id,
            tags={"Name": f"{self._name}-{role}"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _associate(self, logical_name: str, table: aws.ec2.RouteTable, subnet_id: pulumi.Input[str]) -> None:
        aws.ec2.RouteTableAssociation(
            logical_name, route_table_id=table.id, subnet_id=subnet_id, opts=pulumi.ResourceOptions(parent=self)
        )
