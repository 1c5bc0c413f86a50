"""Which connections the control plane's and the nodes' security groups let through."""

from functools import cache
from ipaddress import IPv4Network
from typing import Any

import pytest

from components.account import Account
from components.cluster.private_access import PrivateAccess
from components.cluster.security_groups import SecurityGroups
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CONTROL_PLANE, NODES = "cluster-control-plane-id", "cluster-nodes-id"
RUNNERS = "sg-0123456789abcdef0"
# What operators of this field have the API server call on pods, by the port that each listens on. YuniKorn registers
# its configuration itself, so no manifest names the port. Karpenter's chart has no webhook since its APIs are v1
# (aws/karpenter-provider-aws, charts/karpenter).
CONTROLLERS = {
    "apache/yunikorn-k8shim, pkg/cmd/admissioncontroller/main.go, HTTPPort": 9089,
    "kubeflow/spark-operator, charts/spark-operator-chart/values.yaml, webhook.port": 9443,
    "kubernetes-sigs/aws-load-balancer-controller, helm/aws-load-balancer-controller, webhookBindPort": 9443,
    "EKS add-on metrics-server, containers-roadmap#2589": 10251,
}


@cache
def built(cidrs: tuple[str, ...] = (), security_group_ids: tuple[str, ...] = ()) -> Recorder:
    account = Account("dev", ACCOUNT_ID, REGION)
    access = PrivateAccess(cidrs=tuple(map(IPv4Network, cidrs)), security_group_ids=security_group_ids)
    return record(lambda: SecurityGroups("cluster", account, access, vpc_id="vpc-1"), Recorder())


def rules(type_token: str, group: str, other: str) -> set[int | None]:
    """Ports of the rules of a group towards another; None for all."""
    return {
        rule.inputs.get("fromPort")
        for rule in built().of(type_token)
        if (rule.inputs["securityGroupId"], rule.inputs.get("referencedSecurityGroupId")) == (group, other)
    }


def sources(recorded: Recorder) -> list[dict[str, Any]]:
    """Rules that admit others than the cluster's own groups."""
    return [
        rule.inputs
        for rule in recorded.of(INGRESS)
        if rule.inputs.get("referencedSecurityGroupId") not in (CONTROL_PLANE, NODES)
    ]


def test_nothing_from_outside_reaches_nodes_or_the_control_plane_unless_settings_list_it() -> None:
    assert sources(built()) == []


def test_listed_ranges_and_groups_reach_the_api_server_on_https_and_nothing_else() -> None:
    found = sources(built(("10.240.0.0/16",), (RUNNERS,)))

    assert [(each.get("cidrIpv4"), each.get("referencedSecurityGroupId")) for each in found] == [
        ("10.240.0.0/16", None),
        (None, RUNNERS),
    ]
    for each in found:
        assert (each["securityGroupId"], each["ipProtocol"]) == (CONTROL_PLANE, "tcp")
        assert (each["fromPort"], each["toPort"]) == (443, 443)


def test_a_source_that_comes_or_goes_moves_no_other_rule() -> None:
    both, second = built(("10.240.0.0/16", "192.168.7.0/24")), built(("192.168.7.0/24",))

    assert {each.name for each in second.of(INGRESS)} < {each.name for each in both.of(INGRESS)}


def test_every_rule_says_what_it_is_for() -> None:
    assert all(rule.inputs["description"] for rule in [*built().of(INGRESS), *built().of(EGRESS)])


def test_nodes_reach_the_api_server_on_https_only() -> None:
    assert rules(INGRESS, CONTROL_PLANE, NODES) == {443}


def test_the_control_plane_reaches_the_kubelet_webhooks_and_metrics_but_not_sparks_ports() -> None:
    ports = {443, 8443, 9089, 9443, 10250, 10251}

    assert rules(INGRESS, NODES, CONTROL_PLANE) == ports
    assert rules(EGRESS, CONTROL_PLANE, NODES) == ports
    assert all(
        rule.inputs["toPort"] == rule.inputs["fromPort"] for rule in built().of(INGRESS) if "toPort" in rule.inputs
    )


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_the_port_of_a_known_controller_is_open_both_ways(controller: str) -> None:
    port = CONTROLLERS[controller]

    assert port in rules(EGRESS, CONTROL_PLANE, NODES)
    assert port in rules(INGRESS, NODES, CONTROL_PLANE)


def test_nodes_talk_to_each_other_on_every_port_both_ways() -> None:
    assert rules(INGRESS, NODES, NODES) == {None}
    assert rules(EGRESS, NODES, NODES) == {None}


def test_nodes_reach_the_rest_of_the_world_on_https_only() -> None:
    outward = [rule.inputs for rule in built().of(EGRESS) if "cidrIpv4" in rule.inputs]

    assert [(each["securityGroupId"], each["ipProtocol"], each["fromPort"], each["toPort"]) for each in outward] == [
        (NODES, "tcp", 443, 443)
    ]


def test_controllers_find_the_node_group_by_its_tags() -> None:
    tags = built().named("aws:ec2/securityGroup:SecurityGroup", "cluster-nodes").inputs["tags"]

    assert tags["kubernetes.io/cluster/moka-dev"] == "owned"
    assert tags["karpenter.sh/discovery"] == "moka-dev"
