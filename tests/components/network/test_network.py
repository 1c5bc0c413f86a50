"""The network that the component registers: subnets, routes, NAT, endpoints, flow logs."""

import json
from functools import cache
from ipaddress import IPv4Network
from typing import Literal

import pytest

from components.account import Account
from components.network.network import Network
from components.network.settings import NetworkSettings
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
SUBNET = "aws:ec2/subnet:Subnet"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
ROUTE = "aws:ec2/route:Route"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
NAT = "aws:ec2/natGateway:NatGateway"


@cache
def built(nat: Literal["single", "per-zone"] = "per-zone", protect: bool = True) -> Recorder:
    zones = {zone: IPv4Network(f"100.{64 + index}.0.0/16") for index, zone in enumerate(reversed(ZONES))}
    settings = NetworkSettings(cidr=IPv4Network("10.0.0.0/20"), zones=zones, nat=nat, flow_log_retention_days=30)
    return record(lambda: Network("network", settings, ACCOUNT, protect=protect))


def table_of(recorder: Recorder, subnet: str) -> str:
    """Id of the route table that a subnet is associated with."""
    tables = [each.inputs["routeTableId"] for each in recorder.of(ASSOCIATION) if each.inputs["subnetId"] == subnet]
    assert len(tables) == 1, subnet
    return tables[0]


def routes_of(recorder: Recorder, table: str) -> list[dict[str, str]]:
    return [each.inputs for each in recorder.of(ROUTE) if each.inputs["routeTableId"] == table]


def test_every_zone_has_a_public_a_control_plane_and_a_node_subnet() -> None:
    names = {(each.name, each.inputs["availabilityZone"]) for each in built().of(SUBNET)}

    assert names == {
        (f"network-{role}-{zone}", zone) for zone in ZONES for role in ("public", "control-plane", "nodes")
    }


def test_no_subnet_gives_public_addresses_to_instances() -> None:
    assert [each.inputs["mapPublicIpOnLaunch"] for each in built().of(SUBNET)] == [False] * 9


def test_node_subnets_wait_for_the_block_of_their_zone() -> None:
    for zone in ZONES:
        subnet = built().named(SUBNET, f"network-nodes-{zone}")
        block = built().named(
            "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", f"network-nodes-{zone}"
        )
        assert subnet.inputs["cidrBlock"] == block.inputs["cidrBlock"]
        assert f"{block.type}::{block.name}" in subnet.depends_on


@pytest.mark.parametrize(
    ("role", "tag", "value"),
    [
        ("public", "kubernetes.io/role/elb", "1"),
        ("control-plane", "kubernetes.io/role/internal-elb", "1"),
        ("nodes", "karpenter.sh/discovery", "moka-dev"),
    ],
)
def test_controllers_find_subnets_by_tags_that_the_others_lack(role: str, tag: str, value: str) -> None:
    for each in built().of(SUBNET):
        expected = value if each.name.startswith(f"network-{role}-us") else None
        assert each.inputs["tags"].get(tag) == expected, each.name
        assert each.inputs["tags"]["kubernetes.io/cluster/moka-dev"] == "shared"


def test_private_subnets_leave_through_the_nat_of_their_own_zone() -> None:
    recorder = built("per-zone")
    for zone in ZONES:
        nat = recorder.named(NAT, f"network-nat-{zone}")
        assert nat.inputs["subnetId"] == f"network-public-{zone}-id"
        for role in ("nodes", "control-plane"):
            [route] = routes_of(recorder, table_of(recorder, f"network-{role}-{zone}-id"))
            assert (route["destinationCidrBlock"], route["natGatewayId"]) == ("0.0.0.0/0", f"{nat.name}-id")


def test_a_single_nat_stands_in_the_first_zone_and_serves_all() -> None:
    recorder = built("single")

    assert [each.name for each in recorder.of(NAT)] == ["network-nat-us-east-1a"]
    assert [each.name for each in recorder.of("aws:ec2/eip:Eip")] == ["network-nat-us-east-1a"]
    for zone in ZONES:
        [route] = routes_of(recorder, table_of(recorder, f"network-nodes-{zone}-id"))
        assert route["natGatewayId"] == "network-nat-us-east-1a-id"


def test_each_zone_has_a_private_route_table_of_its_own_even_with_a_single_nat() -> None:
    recorder = built("single")

    assert len({table_of(recorder, f"network-nodes-{zone}-id") for zone in ZONES}) == 3


def test_only_public_subnets_route_to_the_internet_gateway() -> None:
    recorder = built()
    open_tables = {each.inputs["routeTableId"] for each in recorder.of(ROUTE) if "gatewayId" in each.inputs}

    for each in recorder.of(SUBNET):
        is_open = table_of(recorder, f"{each.name}-id") in open_tables
        assert is_open == each.name.startswith("network-public-"), each.name


def test_public_addresses_go_before_the_internet_gateway_on_a_destroy() -> None:
    for type_token in (NAT, "aws:ec2/eip:Eip"):
        for each in built().of(type_token):
            assert "aws:ec2/internetGateway:InternetGateway::network-internet" in each.depends_on


def test_s3_has_a_gateway_on_every_private_route_table() -> None:
    recorder = built()
    gateway = recorder.named(ENDPOINT, "network-s3")

    assert gateway.inputs["vpcEndpointType"] == "Gateway"
    assert set(gateway.inputs["routeTableIds"]) == {table_of(recorder, f"network-nodes-{zone}-id") for zone in ZONES}


def test_interface_endpoints_answer_by_the_services_own_names_in_every_zone() -> None:
    interfaces = [each.inputs for each in built().of(ENDPOINT) if each.inputs["vpcEndpointType"] == "Interface"]

    services = ["ecr.api", "ecr.dkr", "sts", "logs", "eks", "eks-auth", "ec2", "kms"]
    assert {each["serviceName"] for each in interfaces} == {f"com.amazonaws.us-east-1.{name}" for name in services}
    for each in interfaces:
        assert each["privateDnsEnabled"] is True
        assert each["subnetIds"] == [f"network-control-plane-{zone}-id" for zone in ZONES]
        assert each["securityGroupIds"] == ["network-endpoints-id"]


def test_every_endpoint_has_a_policy_that_keeps_other_accounts_principals_out() -> None:
    for each in built().of(ENDPOINT):
        for statement in json.loads(each.inputs["policy"])["Statement"]:
            condition = statement.get("Condition", {}).get("StringEquals", {})
            assert condition.get("aws:PrincipalAccount") == ACCOUNT_ID or statement["Action"] == ["s3:GetObject"]


def test_endpoints_take_https_from_the_vpcs_ranges_and_nothing_else() -> None:
    rules = [each.inputs for each in built().of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")]

    assert {each["cidrIpv4"] for each in rules} == {"10.0.0.0/20", *(f"100.{64 + n}.0.0/16" for n in range(3))}
    assert {(each["ipProtocol"], each["fromPort"], each["toPort"]) for each in rules} == {("tcp", 443, 443)}
    assert all(each["description"] for each in rules)
    assert not built().of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_the_default_security_group_lets_nothing_in_or_out() -> None:
    group = built().only("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")

    assert (group.inputs["ingress"], group.inputs["egress"]) == ([], [])
    assert group.inputs["vpcId"] == "network-vpc-id"


def test_private_dns_works_in_the_vpc() -> None:
    vpc = built().only("aws:ec2/vpc:Vpc")

    assert (vpc.inputs["enableDnsSupport"], vpc.inputs["enableDnsHostnames"]) == (True, True)


def test_all_traffic_is_recorded_in_an_encrypted_log_group_that_is_kept_as_set() -> None:
    recorder = built()
    flow_log = recorder.only("aws:ec2/flowLog:FlowLog")
    group = recorder.only("aws:cloudwatch/logGroup:LogGroup")
    key = recorder.only("aws:kms/key:Key")

    assert flow_log.inputs["trafficType"] == "ALL"
    assert flow_log.inputs["logDestination"].endswith("loggroup/network-flow-logs")
    assert group.inputs["retentionInDays"] == 30
    assert group.inputs["kmsKeyId"].endswith("key/network-flow-logs")
    assert (key.inputs["enableKeyRotation"], key.inputs["deletionWindowInDays"]) == (True, 30)


def test_the_flow_log_key_serves_its_own_log_group_only() -> None:
    policy = json.loads(built().only("aws:kms/key:Key").inputs["policy"])
    group = built().only("aws:cloudwatch/logGroup:LogGroup").inputs["name"]
    [logs] = [each for each in policy["Statement"] if "Service" in each["Principal"]]

    assert logs["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    assert logs["Condition"]["ArnEquals"] == {
        "kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:log-group:{group}"
    }


def test_flow_logs_write_with_a_role_of_this_account_into_one_group_once_allowed() -> None:
    recorder = built()
    trust = json.loads(recorder.only("aws:iam/role:Role").inputs["assumeRolePolicy"])
    grant = recorder.only("aws:iam/rolePolicy:RolePolicy")
    group = recorder.only("aws:cloudwatch/logGroup:LogGroup").inputs["name"]

    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}}
    assert "aws:iam/rolePolicy:RolePolicy::network-flow-logs" in recorder.only("aws:ec2/flowLog:FlowLog").depends_on
    for statement in json.loads(grant.inputs["policy"])["Statement"]:
        if "logs:PutLogEvents" in statement["Action"]:
            assert all(f":log-group:{group}" in resource for resource in statement["Resource"])
        else:
            assert statement["Action"] == ["logs:DescribeLogGroups"]


@pytest.mark.parametrize("protect", [True, False])
def test_the_vpc_and_the_record_of_its_traffic_are_protected_where_the_environment_is(protect: bool) -> None:
    recorder = built(protect=protect)
    protected = {each.type for each in recorder.registrations if each.protect}
    assert protected == (
        {"aws:ec2/vpc:Vpc", "aws:kms/key:Key", "aws:cloudwatch/logGroup:LogGroup"} if protect else set()
    )
