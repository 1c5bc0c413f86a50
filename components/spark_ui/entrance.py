"""The way into the cluster for browsers: a load balancer without a public address, made here and not by a controller.

So it goes with the stack and leaves nothing behind. Amazon EC2 Auto Scaling registers the nodes of system groups, also
those that come in a roll. Leaves out the host name's DNS record, whose zone is the company's.

Source: Elastic Load Balancing user guide for Application Load Balancers; Amazon EC2 Auto Scaling user guide, "Attach an
Elastic Load Balancing load balancer".
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.spark_ui.live_ui import NODE_PORT
from components.spark_ui.routes import HEALTH
from components.spark_ui.settings import LiveUiSettings

HTTPS_PORT = 443
# TLS 1.3 and 1.2 with forward secrecy: Elastic Load Balancing's recommended policy.
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


class LiveUiEntrance(pulumi.ComponentResource):
    """An internal load balancer with TLS, which sends to one port of system nodes.

    Args:
        name: logical name.
        settings: certificate, and who may come.
        account: the environment's account.
        vpc_id: the VPC.
        subnet_ids: private subnets of the primary range, one a zone.
        node_security_group_id: group of all nodes.
        autoscaling_groups: system node group to the name of its Auto Scaling group.

    Outputs:
        address: host name of the load balancer, to which the page's host name is a CNAME.
    """

    address: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: LiveUiSettings,
        account: Account,
        *,
        vpc_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        node_security_group_id: pulumi.Input[str],
        autoscaling_groups: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:LiveUiEntrance", name, None, opts)
        self._name = name
        child = pulumi.ResourceOptions(parent=self)
        group = self._make_group(settings.allowed_cidrs, account, vpc_id, node_security_group_id)
        balancer = aws.lb.LoadBalancer(
            name,
            internal=True,
            load_balancer_type="application",
            subnets=list(subnet_ids),
            security_groups=[group.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="strictest",
            # A stage's page of a large application takes its time.
            idle_timeout=120,
            opts=child,
        )
        target = self._make_target(vpc_id)
        aws.lb.Listener(
            name,
            load_balancer_arn=balancer.arn,
            port=HTTPS_PORT,
            protocol="HTTPS",
            ssl_policy=TLS_POLICY,
            certificate_arn=settings.certificate_arn,
            default_actions=[{"type": "forward", "target_group_arn": target.arn}],
            opts=child,
        )
        for group_name, autoscaling_group in sorted(autoscaling_groups.items()):
            aws.autoscaling.Attachment(
                f"{name}-{group_name}",
                autoscaling_group_name=autoscaling_group,
                lb_target_group_arn=target.arn,
                opts=child,
            )
        self.address = balancer.dns_name
        self.register_outputs({"address": self.address})

    def _make_group(
        self,
        allowed: Sequence[IPv4Network],
        account: Account,
        vpc_id: pulumi.Input[str],
        nodes_id: pulumi.Input[str],
    ) -> aws.ec2.SecurityGroup:
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            self._name,
            description="Load balancer of live Spark UIs",
            vpc_id=vpc_id,
            tags={"Name": f"{account.cluster_name}-{self._name}"},
            opts=child,
        )
        for cidr in allowed:
            aws.vpc.SecurityGroupIngressRule(
                f"{self._name}-from-{str(cidr).translate(str.maketrans('./', '--'))}",
                security_group_id=group.id,
                description="Browsers in the company's network",
                ip_protocol="tcp",
                from_port=HTTPS_PORT,
                to_port=HTTPS_PORT,
                cidr_ipv4=str(cidr),
                opts=child,
            )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-to-nodes",
            security_group_id=group.id,
            description="Live Spark UI on nodes",
            ip_protocol="tcp",
            from_port=NODE_PORT,
            to_port=NODE_PORT,
            referenced_security_group_id=nodes_id,
            opts=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-on-nodes",
            security_group_id=nodes_id,
            description="Load balancer of live Spark UIs",
            ip_protocol="tcp",
            from_port=NODE_PORT,
            to_port=NODE_PORT,
            referenced_security_group_id=group.id,
            opts=child,
        )
        return group

    def _make_target(self, vpc_id: pulumi.Input[str]) -> aws.lb.TargetGroup:
        return aws.lb.TargetGroup(
            self._name,
            target_type="instance",
            vpc_id=vpc_id,
            protocol="HTTP",
            port=NODE_PORT,
            # Nodes without a pod of the front answer nothing, and are left out.
            health_check={
                "protocol": "HTTP",
                "path": HEALTH,
                "matcher": "200",
                "interval": 10,
                "timeout": 5,
                "healthy_threshold": 2,
                "unhealthy_threshold": 2,
            },
            deregistration_delay=30,
            opts=pulumi.ResourceOptions(parent=self),
        )
