"""VPC, subnets, gateways, routes, endpoints and flow logs."""

import hashlib
from collections.abc import Mapping
from typing import Any

from offline.providers.aws.row import AwsType, arn, call, part_of
from offline.providers.values import Properties

_OWNED = {"ownerId": "{account}"}
_FLOW_SOURCES = {
    "vpcId": {"ResourceType": "VPC"},
    "subnetId": {"ResourceType": "Subnet"},
    "eniId": {"ResourceType": "NetworkInterface"},
}


def _public_address(allocation: str) -> str:
    # 198.18.0.0/15 belongs to nobody: RFC 2544.
    octets = hashlib.sha256(allocation.encode()).digest()
    return f"198.{18 + octets[0] % 2}.{octets[1]}.{octets[2]}"


def _endpoint_addresses(names: Mapping[str, Any]) -> list[str]:
    """One network interface for each subnet of an interface endpoint, none for a gateway endpoint."""
    return [part_of("eni", names["id"] + subnet) for subnet in names.get("subnetIds", None) or []]


def _endpoint_hosts(names: Mapping[str, Any]) -> list[Properties]:
    if names.get("vpcEndpointType", None) != "Interface":
        return []
    service = str(names["serviceName"]).rsplit(f"{names['region']}.", 1)[-1]
    host = f"{names['id']}-{names['token'][:8].lower()}.{service}.{names['region']}.vpce.{names['suffix']}"
    return [{"dnsName": host, "hostedZoneId": "Z7HUB22UULQXV"}]


TYPES: dict[str, AwsType] = {
    "aws:ec2/vpc:Vpc": AwsType(
        cloudformation="AWS::EC2::VPC",
        calls=(
            call("ec2", "CreateVpc"),
            call(
                "ec2",
                "ModifyVpcAttribute",
                {"enableDnsSupport": "EnableDnsSupport.Value", "enableDnsHostnames": "EnableDnsHostnames.Value"},
                filled=frozenset({"VpcId"}),
            ),
        ),
        identifier="vpc-{hex:17}",
        arn=arn("ec2", "vpc/{id}"),
        outputs=_OWNED
        | {
            "defaultSecurityGroupId": lambda names: part_of("sg", names["id"]),
            "defaultRouteTableId": lambda names: part_of("rtb", names["id"]),
            "mainRouteTableId": lambda names: part_of("rtb", names["id"]),
            "defaultNetworkAclId": lambda names: part_of("acl", names["id"]),
            "dhcpOptionsId": "dopt-{hex:17}",
        },
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": AwsType(
        cloudformation="AWS::EC2::VPCCidrBlock",
        calls=(call("ec2", "AssociateVpcCidrBlock"),),
        identifier="vpc-cidr-assoc-{hex:17}",
    ),
    "aws:ec2/subnet:Subnet": AwsType(
        cloudformation="AWS::EC2::Subnet",
        calls=(call("ec2", "CreateSubnet"),),
        identifier="subnet-{hex:17}",
        arn=arn("ec2", "subnet/{id}"),
        outputs=_OWNED | {"availabilityZone": "{region}a", "availabilityZoneId": "az-{hex:4}"},
    ),
    "aws:ec2/internetGateway:InternetGateway": AwsType(
        cloudformation="AWS::EC2::InternetGateway",
        calls=(
            call("ec2", "CreateInternetGateway"),
            call("ec2", "AttachInternetGateway", filled=frozenset({"InternetGatewayId", "VpcId"})),
        ),
        identifier="igw-{hex:17}",
        arn=arn("ec2", "internet-gateway/{id}"),
        outputs=_OWNED,
    ),
    "aws:ec2/eip:Eip": AwsType(
        cloudformation="AWS::EC2::EIP",
        calls=(call("ec2", "AllocateAddress"),),
        identifier="eipalloc-{hex:17}",
        arn=arn("ec2", "elastic-ip/{id}"),
        outputs={
            "allocationId": "{id}",
            "publicIp": lambda names: _public_address(names["id"]),
            "domain": "vpc",
            "networkBorderGroup": "{region}",
        },
        # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/ec2_eip.go
        replaces=frozenset({"domain", "publicIpv4Pool", "customerOwnedIpv4Pool"}),
    ),
    "aws:ec2/natGateway:NatGateway": AwsType(
        cloudformation="AWS::EC2::NatGateway",
        calls=(call("ec2", "CreateNatGateway", {"privateIp": "PrivateIpAddress"}),),
        renamed={"privateIp": "PrivateIpAddress"},
        identifier="nat-{hex:17}",
        outputs={
            "publicIp": lambda names: _public_address(names["allocationId"]),
            "networkInterfaceId": "eni-{hex:17}",
            "associationId": "eipassoc-{hex:17}",
            "connectivityType": "public",
        },
    ),
    "aws:ec2/routeTable:RouteTable": AwsType(
        cloudformation="AWS::EC2::RouteTable",
        calls=(call("ec2", "CreateRouteTable"),),
        identifier="rtb-{hex:17}",
        arn=arn("ec2", "route-table/{id}"),
        outputs=_OWNED,
    ),
    "aws:ec2/route:Route": AwsType(
        cloudformation="AWS::EC2::Route",
        calls=(call("ec2", "CreateRoute"),),
        identifier="r-{routeTableId}{digits:10}",
        outputs={"origin": "CreateRoute", "state": "active"},
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": AwsType(
        cloudformation="AWS::EC2::SubnetRouteTableAssociation",
        calls=(call("ec2", "AssociateRouteTable"),),
        identifier="rtbassoc-{hex:17}",
        updates=frozenset({"routeTableId"}),
        replaces=frozenset({"gatewayId"}),
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": AwsType(
        cloudformation="AWS::EC2::VPCEndpoint",
        calls=(call("ec2", "CreateVpcEndpoint", {"policy": "PolicyDocument"}),),
        identifier="vpce-{hex:17}",
        arn=arn("ec2", "vpc-endpoint/{id}"),
        renamed={"policy": "PolicyDocument"},
        outputs=_OWNED
        | {
            "prefixListId": lambda names: part_of("pl", str(names["serviceName"])),
            "cidrBlocks": [],
            "dnsEntries": _endpoint_hosts,
            "networkInterfaceIds": _endpoint_addresses,
            "requesterManaged": False,
            "state": "available",
        },
    ),
    "aws:ec2/flowLog:FlowLog": AwsType(
        cloudformation="AWS::EC2::FlowLog",
        calls=(
            call(
                "ec2",
                "CreateFlowLogs",
                {
                    "vpcId": "ResourceIds[0]",
                    "subnetId": "ResourceIds[0]",
                    "eniId": "ResourceIds[0]",
                    "iamRoleArn": "DeliverLogsPermissionArn",
                },
                implied=_FLOW_SOURCES,
            ),
        ),
        identifier="fl-{hex:17}",
        arn=arn("ec2", "vpc-flow-log/{id}"),
        outputs={"logDestinationType": "cloud-watch-logs"},
        renamed={
            "vpcId": "ResourceId",
            "subnetId": "ResourceId",
            "eniId": "ResourceId",
            "iamRoleArn": "DeliverLogsPermissionArn",
        },
        implied=_FLOW_SOURCES,
    ),
}
