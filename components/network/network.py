"""An environment's VPC: addresses, subnets, ways out, private doors to AWS services, and the record of its traffic.

Leaves out load balancers and peering, and the security groups of the cluster, which stand with the cluster.
"""

from collections.abc import Collection, Mapping
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.network.egress import Egress
from components.network.endpoints import Endpoints, OptionalService
from components.network.flow_logs import FlowLogs
from components.network.settings import NetworkSettings
from components.network.subnets import plan_subnets

ZoneIds = dict[str, pulumi.Output[str]]


class Network(pulumi.ComponentResource):
    """One VPC with public, control-plane and node subnets in every zone.

    Args:
        name: logical name, such as network.
        settings: address ranges, zones, NAT, retention of flow logs.
        account: the environment's account.
        protect: refuse to delete or replace the VPC, whose range can't change, and the flow logs' log group and key.
        optional_services: AWS services with a private door beyond those of every environment.

    Outputs:
        vpc_id: id of the VPC.
        public_subnet_ids: zone name to the subnet of load balancers that face the internet.
        control_plane_subnet_ids: zone name to the subnet of the control plane's interfaces.
        node_subnet_ids: zone name to the subnet of nodes and pods; a node that boots there needs the routes and
            endpoints too, so node groups wait for the whole component with `depends_on=[network]`.
        blocks: the secondary blocks of the VPC as resources; a control plane knows those that are there before it.

    Source: Amazon EKS user guide, "Amazon EKS networking requirements for VPC and subnets".
    """

    vpc_id: pulumi.Output[str]
    public_subnet_ids: ZoneIds
    control_plane_subnet_ids: ZoneIds
    node_subnet_ids: ZoneIds
    blocks: list[aws.ec2.VpcIpv4CidrBlockAssociation]

    def __init__(
        self,
        name: str,
        settings: NetworkSettings,
        account: Account,
        *,
        protect: bool,
        optional_services: Collection[OptionalService] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Network", name, None, opts)
        self._name = name
        self._account = account
        self.vpc_id = self._make_vpc(settings.cidr, protect)
        self._empty_default_security_group()
        self._make_subnets(settings)
        egress = self._make_egress(settings)
        self._make_endpoints(settings, egress.route_table_ids, optional_services)
        FlowLogs(
            name,
            account,
            vpc_id=self.vpc_id,
            retention_days=settings.flow_log_retention_days,
            protect=protect,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "control_plane_subnet_ids": self.control_plane_subnet_ids,
                "node_subnet_ids": self.node_subnet_ids,
            }
        )

    def _make_vpc(self, cidr: IPv4Network, protect: bool) -> pulumi.Output[str]:
        vpc = aws.ec2.Vpc(
            f"{self._name}-vpc",
            cidr_block=str(cidr),
            # Private names of interface endpoints and of the cluster's private API endpoint need both.
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": self._account.cluster_name},
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        return vpc.id

    def _empty_default_security_group(self) -> None:
        """Take every rule from the group that AWS gives to whatever names none."""
        aws.ec2.DefaultSecurityGroup(
            f"{self._name}-default",
            vpc_id=self.vpc_id,
            ingress=[],
            egress=[],
            tags={"Name": f"{self._name}-default-unused"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_subnets(self, settings: NetworkSettings) -> None:
        cluster = self._account.cluster_name
        shared = {f"kubernetes.io/cluster/{cluster}": "shared"}
        plans = plan_subnets(settings.cidr, settings.zones)
        # The load balancer controller finds its subnets by the two role tags.
        public = shared | {"kubernetes.io/role/elb": "1"}
        internal = shared | {"kubernetes.io/role/internal-elb": "1"}
        nodes = shared | {"karpenter.sh/discovery": cluster}
        self.public_subnet_ids = {
            zone: self._make_subnet("public", zone, plan.public, public) for zone, plan in plans.items()
        }
        self.control_plane_subnet_ids = {
            zone: self._make_subnet("control-plane", zone, plan.control_plane, internal) for zone, plan in plans.items()
        }
        blocks = {zone: self._add_block(zone, plan.nodes) for zone, plan in plans.items()}
        self.blocks = list(blocks.values())
        self.node_subnet_ids = {
            zone: self._make_subnet("nodes", zone, plan.nodes, nodes, blocks[zone]) for zone, plan in plans.items()
        }

    def _add_block(self, zone: str, block: IPv4Network) -> aws.ec2.VpcIpv4CidrBlockAssociation:
        return aws.ec2.VpcIpv4CidrBlockAssociation(
            f"{self._name}-nodes-{zone}",
            vpc_id=self.vpc_id,
            cidr_block=str(block),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_subnet(
        self,
        role: str,
        zone: str,
        cidr: IPv4Network,
        tags: Mapping[str, str],
        block: aws.ec2.VpcIpv4CidrBlockAssociation | None = None,
    ) -> pulumi.Output[str]:
        subnet = aws.ec2.Subnet(
            f"{self._name}-{role}-{zone}",
            vpc_id=self.vpc_id,
            availability_zone=zone,
            cidr_block=str(cidr),
            map_public_ip_on_launch=False,
            tags={"Name": f"{self._account.cluster_name}-{role}-{zone}", **tags},
            # A subnet outside the primary range exists only while its block belongs to the VPC.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block] if block else None),
        )
        return subnet.id

    def _make_egress(self, settings: NetworkSettings) -> Egress:
        private = {
            zone: {"nodes": self.node_subnet_ids[zone], "control-plane": self.control_plane_subnet_ids[zone]}
            for zone in sorted(settings.zones)
        }
        return Egress(
            self._name,
            settings.nat,
            vpc_id=self.vpc_id,
            public_subnet_ids=self.public_subnet_ids,
            private_subnet_ids=private,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_endpoints(
        self, settings: NetworkSettings, route_table_ids: ZoneIds, optional_services: Collection[OptionalService]
    ) -> None:
        Endpoints(
            self._name,
            self._account,
            vpc_id=self.vpc_id,
            subnet_ids=self.control_plane_subnet_ids,
            route_table_ids=route_table_ids,
            source_ranges={"primary": settings.cidr, **dict(sorted(settings.zones.items()))},
            optional_services=optional_services,
            opts=pulumi.ResourceOptions(parent=self),
        )
