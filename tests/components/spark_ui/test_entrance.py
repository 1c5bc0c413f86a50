"""The load balancer: inside the company's network, with TLS, to one port of system nodes."""

import pytest

from components.spark_ui.live_ui import NODE_PORT
from components.spark_ui.routes import HEALTH
from tests.components.spark_ui.ui_environment import SETTINGS, build_entrance
from tests.recorder import Recorder

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build_entrance()


def test_it_has_no_public_address_and_stands_in_a_subnet_of_each_zone(recorded: Recorder) -> None:
    balancer = recorded.only("aws:lb/loadBalancer:LoadBalancer").inputs
    assert balancer["internal"] is True
    assert balancer["subnets"] == ["subnet-a", "subnet-b"]
    assert balancer["dropInvalidHeaderFields"] is True


def test_it_speaks_tls_with_the_certificate_of_the_page(recorded: Recorder) -> None:
    listener = recorded.only("aws:lb/listener:Listener").inputs
    assert (listener["protocol"], listener["port"]) == ("HTTPS", 443)
    assert listener["certificateArn"] == SETTINGS["certificate_arn"]
    assert "TLS13-1-2" in listener["sslPolicy"]


def test_the_named_ranges_reach_it_and_nobody_else(recorded: Recorder) -> None:
    rules = {each.name: each.inputs for each in recorded.of(INGRESS)}
    assert {each["cidrIpv4"] for each in rules.values() if "cidrIpv4" in each} == {"10.200.0.0/16", "172.16.0.0/12"}
    for name in ("live-ui-from-10-200-0-0-16", "live-ui-from-172-16-0-0-12"):
        assert (rules[name]["fromPort"], rules[name]["toPort"]) == (443, 443)


def test_between_it_and_the_nodes_one_port_is_open(recorded: Recorder) -> None:
    to_nodes = recorded.only(EGRESS).inputs
    on_nodes = recorded.named(INGRESS, "live-ui-on-nodes").inputs
    assert (to_nodes["securityGroupId"], to_nodes["referencedSecurityGroupId"]) == ("live-ui-id", "sg-nodes")
    assert (on_nodes["securityGroupId"], on_nodes["referencedSecurityGroupId"]) == ("sg-nodes", "live-ui-id")
    assert {rule["fromPort"] for rule in (to_nodes, on_nodes)} == {rule["toPort"] for rule in (to_nodes, on_nodes)}
    assert on_nodes["fromPort"] == NODE_PORT


def test_auto_scaling_registers_the_nodes_of_system_groups(recorded: Recorder) -> None:
    target = recorded.only("aws:lb/targetGroup:TargetGroup")
    assert (target.inputs["targetType"], target.inputs["port"]) == ("instance", NODE_PORT)
    assert target.inputs["healthCheck"]["path"] == HEALTH
    attachment = recorded.only("aws:autoscaling/attachment:Attachment").inputs
    assert attachment["autoscalingGroupName"] == "eks-system-1"
    assert f"{target.type}::{target.name}" in recorded.only("aws:autoscaling/attachment:Attachment").depends_on
