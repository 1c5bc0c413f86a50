"""Calls of VPCs, subnets, gateways, routes, endpoints, security groups, launch templates and load balancers.

Source: CloudFormation's resource provider schemas, `handlers`, as pulumi/pulumi-aws-native carries them
(aws-cloudformation-schema, read at 43eed3b); where the Terraform provider that Pulumi's is made from asks for more,
hashicorp/terraform-provider-aws, internal/service/ec2 and elbv2.
"""

from offline.permissions.calls import LINKS, Calls, linked_role, of

_TAGS = "CreateTags DeleteTags"
# internal/service/ec2/vpc_subnet.go and vpc_security_group.go: interfaces that AWS Lambda and others left behind.
_LEFT_INTERFACES = "DescribeNetworkInterfaces DetachNetworkInterface DeleteNetworkInterface"
_RULES = (
    "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress RevokeSecurityGroupIngress"
)


def _ec2(names: str) -> tuple[str, ...]:
    return of("ec2", names)


def _at(resource: str) -> str:
    return f"arn:{{partition}}:ec2:{{region}}:{{account}}:{resource}"


def _balancing(names: str) -> tuple[str, ...]:
    return of("elasticloadbalancing", names)


_VPC, _GROUP, _TABLE = _at("vpc/{vpcId}"), _at("security-group/{securityGroupId}"), _at("route-table/{routeTableId}")

CALLS: dict[str, Calls] = {
    "aws:ec2/vpc:Vpc": Calls(
        create=_ec2("CreateVpc CreateTags ModifyVpcAttribute"),
        # internal/service/ec2/vpc_.go: its main route table, default access list and default group are outputs.
        read=_ec2("DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups DescribeVpcAttribute DescribeVpcs"),
        update=_ec2(f"ModifyVpcAttribute {_TAGS}"),
        delete=_ec2("DeleteVpc"),
    ),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": Calls(
        create=_ec2("AssociateVpcCidrBlock"),
        read=_ec2("DescribeVpcs"),
        delete=_ec2("DisassociateVpcCidrBlock"),
        on=(_VPC,),
    ),
    "aws:ec2/subnet:Subnet": Calls(
        create=_ec2("CreateSubnet CreateTags ModifySubnetAttribute"),
        read=_ec2("DescribeSubnets"),
        update=_ec2(f"ModifySubnetAttribute {_TAGS}"),
        delete=_ec2(f"DeleteSubnet {_LEFT_INTERFACES}"),
        on=(_VPC, _at("network-interface/*")),
    ),
    "aws:ec2/internetGateway:InternetGateway": Calls(
        create=_ec2("AttachInternetGateway CreateInternetGateway CreateTags"),
        read=_ec2("DescribeInternetGateways"),
        update=_ec2(_TAGS),
        delete=_ec2("DeleteInternetGateway DetachInternetGateway"),
        on=(_VPC,),
    ),
    "aws:ec2/eip:Eip": Calls(
        create=_ec2("AllocateAddress CreateTags"),
        read=_ec2("DescribeAddresses DescribeAddressesAttribute"),
        update=_ec2(_TAGS),
        delete=_ec2("ReleaseAddress"),
    ),
    "aws:ec2/natGateway:NatGateway": Calls(
        create=_ec2("CreateNatGateway CreateTags"),
        read=_ec2("DescribeNatGateways"),
        update=_ec2(_TAGS),
        delete=_ec2("DeleteNatGateway"),
        on=(_at("natgateway/{id}"), _at("subnet/{subnetId}"), _at("elastic-ip/{allocationId}")),
    ),
    "aws:ec2/routeTable:RouteTable": Calls(
        create=_ec2("CreateRouteTable CreateTags"),
        read=_ec2("DescribeRouteTables"),
        update=_ec2(_TAGS),
        delete=_ec2("DeleteRouteTable"),
        on=(_VPC,),
    ),
    "aws:ec2/route:Route": Calls(
        create=_ec2("CreateRoute"),
        read=_ec2("DescribeRouteTables"),
        update=_ec2("ReplaceRoute"),
        delete=_ec2("DeleteRoute"),
        on=(_TABLE,),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Calls(
        create=_ec2("AssociateRouteTable"),
        read=_ec2("DescribeRouteTables"),
        update=_ec2("ReplaceRouteTableAssociation"),
        delete=_ec2("DisassociateRouteTable"),
        on=(_TABLE, _at("subnet/{subnetId}")),
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Calls(
        create=_ec2("CreateTags CreateVpcEndpoint"),
        # internal/service/ec2/vpc_endpoint.go: a gateway's prefix list is an output.
        read=_ec2("DescribePrefixLists DescribeVpcEndpoints"),
        update=_ec2(f"ModifyVpcEndpoint {_TAGS}"),
        delete=_ec2("DeleteVpcEndpoints"),
        on=(_VPC,),
    ),
    "aws:ec2/flowLog:FlowLog": Calls(
        create=(*_ec2("CreateFlowLogs CreateTags"), "iam:PassRole"),
        read=_ec2("DescribeFlowLogs"),
        update=_ec2(_TAGS),
        delete=_ec2("DeleteFlowLogs"),
        on=(_VPC,),
        passes_to=("vpc-flow-logs.amazonaws.com",),
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Calls(
        create=_ec2("CreateLaunchTemplate CreateTags"),
        read=_ec2("DescribeLaunchTemplateVersions DescribeLaunchTemplates"),
        update=_ec2(f"CreateLaunchTemplateVersion ModifyLaunchTemplate {_TAGS}"),
        delete=_ec2("DeleteLaunchTemplate"),
    ),
    "aws:ec2/securityGroup:SecurityGroup": Calls(
        # A group is made with a rule that lets everything out, which the provider takes away.
        create=_ec2("CreateSecurityGroup CreateTags RevokeSecurityGroupEgress"),
        read=_ec2("DescribeSecurityGroups"),
        update=_ec2(_TAGS),
        delete=_ec2(f"DeleteSecurityGroup {_LEFT_INTERFACES}"),
        on=(_VPC, _at("network-interface/*")),
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Calls(
        create=_ec2("CreateTags RevokeSecurityGroupEgress RevokeSecurityGroupIngress"),
        read=_ec2("DescribeSecurityGroups"),
        update=_ec2(_TAGS),
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Calls(
        create=_ec2("AuthorizeSecurityGroupIngress CreateTags"),
        read=_ec2("DescribeSecurityGroupRules"),
        update=_ec2(f"ModifySecurityGroupRules {_TAGS}"),
        delete=_ec2("RevokeSecurityGroupIngress"),
        on=(_GROUP,),
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Calls(
        create=_ec2("AuthorizeSecurityGroupEgress CreateTags"),
        read=_ec2("DescribeSecurityGroupRules"),
        update=_ec2(f"ModifySecurityGroupRules {_TAGS}"),
        delete=_ec2("RevokeSecurityGroupEgress"),
        on=(_GROUP,),
    ),
    "aws:lb/loadBalancer:LoadBalancer": Calls(
        create=(
            *_balancing("AddTags CreateLoadBalancer ModifyLoadBalancerAttributes"),
            LINKS,
        ),
        read=_balancing(
            "DescribeCapacityReservation DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags"
        ),
        update=_balancing(
            "AddTags ModifyLoadBalancerAttributes RemoveTags SetIpAddressType SetSecurityGroups SetSubnets"
        ),
        # internal/service/elbv2/load_balancer.go waits until its interfaces are gone.
        delete=(*_balancing("DeleteLoadBalancer"), "ec2:DescribeNetworkInterfaces"),
        only={LINKS: (linked_role("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing"),)},
        context={LINKS: {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}},
    ),
    "aws:lb/targetGroup:TargetGroup": Calls(
        create=_balancing("AddTags CreateTargetGroup ModifyTargetGroupAttributes"),
        read=_balancing("DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups"),
        update=_balancing("AddTags ModifyTargetGroup ModifyTargetGroupAttributes RemoveTags"),
        delete=_balancing("DeleteTargetGroup"),
    ),
    "aws:lb/listener:Listener": Calls(
        create=_balancing("AddTags CreateListener"),
        read=_balancing("DescribeListenerAttributes DescribeListeners DescribeTags"),
        update=_balancing("AddTags ModifyListener RemoveTags"),
        delete=_balancing("DeleteListener"),
        on=("{loadBalancerArn}", "arn:{partition}:elasticloadbalancing:{region}:{account}:listener/app/*"),
    ),
    "aws:autoscaling/attachment:Attachment": Calls(
        create=of("autoscaling", "AttachLoadBalancerTargetGroups"),
        read=of("autoscaling", "DescribeAutoScalingGroups"),
        delete=of("autoscaling", "DetachLoadBalancerTargetGroups"),
        on=(
            "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/"
            "{autoscalingGroupName}",
        ),
    ),
}
