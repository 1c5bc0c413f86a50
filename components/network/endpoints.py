"""Private doors to the AWS services that nodes and pods call, so that this traffic needs no NAT gateway.

Leaves out zones in which a service offers no endpoint.
"""

import json
from collections.abc import Callable, Collection, Mapping
from ipaddress import IPv4Network
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.identity.policies import Document
from components.network.endpoint_policies import (
    ec2_policy,
    ecr_policy,
    eks_auth_policy,
    guardduty_policy,
    own_account_only,
    s3_policy,
)

HTTPS_PORT = 443

OptionalService = Literal["aps-workspaces", "guardduty-data", "sqs"]

# Service names behind the Region; what every environment calls from inside its VPC.
INTERFACE_SERVICES: dict[str, Callable[[Account], Document]] = {
    "ecr.api": ecr_policy,
    "ecr.dkr": ecr_policy,
    "sts": own_account_only,
    "logs": own_account_only,
    "eks": own_account_only,
    "eks-auth": eks_auth_policy,
    "ec2": ec2_policy,
    "kms": own_account_only,
}
# What only some settings need: an interface in each zone is billed by the hour, used or not. Amazon Managed Service for
# Prometheus has a second service, `aps`, for managing workspaces: nothing inside the VPC does that.
OPTIONAL_SERVICES: dict[OptionalService, Callable[[Account], Document]] = {
    "aps-workspaces": own_account_only,
    "guardduty-data": guardduty_policy,
    "sqs": own_account_only,
}


class Endpoints(pulumi.ComponentResource):
    """VPC endpoints of an environment: a gateway for S3, interfaces for the rest, each with a policy.

    S3 has a gateway because an interface endpoint bills every gigabyte that Spark reads.

    Args:
        name: logical name, such as network.
        account: the environment's account.
        vpc_id: the VPC.
        subnet_ids: zone name to the subnet that gets the interfaces.
        route_table_ids: zone name to the private route table that gets the S3 route.
        source_ranges: role or zone name to a range of the VPC that may call the interfaces.
        optional_services: services beyond those of every environment.

    Source: AWS PrivateLink guide, "Access AWS services through AWS PrivateLink".
    """

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        vpc_id: pulumi.Input[str],
        subnet_ids: Mapping[str, pulumi.Input[str]],
        route_table_ids: Mapping[str, pulumi.Input[str]],
        source_ranges: Mapping[str, IPv4Network],
        optional_services: Collection[OptionalService] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Endpoints", name, None, opts)
        self._name = name
        self._account = account
        self._vpc_id = vpc_id
        self._make_s3_gateway(route_table_ids)
        security_group_id = self._make_security_group(source_ranges)
        services = INTERFACE_SERVICES | {each: OPTIONAL_SERVICES[each] for each in optional_services}
        for service, policy in services.items():
            self._make_interface(service, policy(account), subnet_ids, security_group_id)
        self.register_outputs({})

    def _make_s3_gateway(self, route_table_ids: Mapping[str, pulumi.Input[str]]) -> None:
        aws.ec2.VpcEndpoint(
            f"{self._name}-s3",
            vpc_id=self._vpc_id,
            service_name=self._account.endpoint_service("s3"),
            vpc_endpoint_type="Gateway",
            route_table_ids=list(route_table_ids.values()),
            policy=json.dumps(s3_policy(self._account)),
            tags={"Name": f"{self._name}-s3"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_security_group(self, source_ranges: Mapping[str, IPv4Network]) -> pulumi.Output[str]:
        """A group that lets the VPC's own ranges in; interfaces open no connection, so nothing goes out."""
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            f"{self._name}-endpoints",
            description="Interface endpoints: HTTPS from the VPC",
            vpc_id=self._vpc_id,
            tags={"Name": f"{self._name}-endpoints"},
            opts=child,
        )
        for source, cidr in source_ranges.items():
            aws.vpc.SecurityGroupIngressRule(
                f"{self._name}-endpoints-{source}",
                security_group_id=group.id,
                description=f"HTTPS from the range of {source}",
                ip_protocol="tcp",
                from_port=HTTPS_PORT,
                to_port=HTTPS_PORT,
                cidr_ipv4=str(cidr),
                opts=child,
            )
        return group.id

    def _make_interface(
        self,
        service: str,
        policy: Document,
        subnet_ids: Mapping[str, pulumi.Input[str]],
        security_group_id: pulumi.Input[str],
    ) -> None:
        aws.ec2.VpcEndpoint(
            f"{self._name}-{service}",
            vpc_id=self._vpc_id,
            service_name=self._account.endpoint_service(service),
            vpc_endpoint_type="Interface",
            subnet_ids=list(subnet_ids.values()),
            security_group_ids=[security_group_id],
            private_dns_enabled=True,
            policy=json.dumps(policy),
            tags={"Name": f"{self._name}-{service}"},
            opts=pulumi.ResourceOptions(parent=self),
        )
