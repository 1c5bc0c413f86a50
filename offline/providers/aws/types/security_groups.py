"""Security groups and their rules."""

from offline.providers.aws.row import AwsType, arn, call, part_of

_OWNED = {"ownerId": "{account}"}
# One rule as the calls that authorize rules take it, and a block of rules inside a security group.
_RULE = {
    "securityGroupId": "GroupId",
    "ipProtocol": "IpPermissions[0].IpProtocol",
    "fromPort": "IpPermissions[0].FromPort",
    "toPort": "IpPermissions[0].ToPort",
    "cidrIpv4": "IpPermissions[0].IpRanges[0].CidrIp",
    "cidrIpv6": "IpPermissions[0].Ipv6Ranges[0].CidrIpv6",
    "prefixListId": "IpPermissions[0].PrefixListIds[0].PrefixListId",
    "referencedSecurityGroupId": "IpPermissions[0].UserIdGroupPairs[0].GroupId",
}


def _block(name: str) -> dict[str, str]:
    return {
        name: "IpPermissions",
        f"{name}.protocol": "IpProtocol",
        f"{name}.cidrBlocks": "IpRanges[].CidrIp",
        f"{name}.ipv6CidrBlocks": "Ipv6Ranges[].CidrIpv6",
        f"{name}.prefixListIds": "PrefixListIds[].PrefixListId",
        f"{name}.securityGroups": "UserIdGroupPairs[].GroupId",
        f"{name}.description": "IpRanges[0].Description",
    }


_BLOCKS = (
    call("ec2", "AuthorizeSecurityGroupIngress", _block("ingress"), ignored=frozenset({"ingress.self"})),
    call(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        _block("egress"),
        ignored=frozenset({"egress.self"}),
        filled=frozenset({"GroupId"}),
    ),
)
_RULE_MATCH = ("cidrIpv4", "cidrIpv6", "fromPort", "toPort", "ipProtocol", "prefixListId")

TYPES: dict[str, AwsType] = {
    "aws:ec2/securityGroup:SecurityGroup": AwsType(
        cloudformation="AWS::EC2::SecurityGroup",
        # A block of rules may name many sources, which are as many rules in CloudFormation: the calls judge it.
        calls=(call("ec2", "CreateSecurityGroup", {"name": "GroupName"}), *_BLOCKS),
        provider_only=frozenset({"revokeRulesOnDelete"}),
        identifier="sg-{hex:17}",
        arn=arn("ec2", "security-group/{id}"),
        name="name",
        outputs=_OWNED | {"description": "Managed by Pulumi"},
        renamed={
            "description": "GroupDescription",
            "name": "GroupName",
        },
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": AwsType(
        calls=_BLOCKS,
        # The provider looks the group up by its VPC.
        provider_only=frozenset({"vpcId", "tags", "revokeRulesOnDelete"}),
        identifier=lambda names: part_of("sg", names["vpcId"]),
        arn=arn("ec2", "security-group/{id}"),
        outputs=_OWNED | {"name": "default", "description": "default VPC security group"},
        replaces=frozenset({"vpcId"}),
        taggable=True,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": AwsType(
        cloudformation="AWS::EC2::SecurityGroupIngress",
        calls=(call("ec2", "AuthorizeSecurityGroupIngress", _RULE),),
        identifier="sgr-{hex:17}",
        arn=arn("ec2", "security-group-rule/{id}"),
        outputs={"securityGroupRuleId": "{id}"},
        renamed={
            "securityGroupId": "GroupId",
            "cidrIpv4": "CidrIp",
            "referencedSecurityGroupId": "SourceSecurityGroupId",
            "prefixListId": "SourcePrefixListId",
        },
        updates=frozenset({*_RULE_MATCH, "referencedSecurityGroupId"}),
        taggable=True,
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": AwsType(
        cloudformation="AWS::EC2::SecurityGroupEgress",
        calls=(call("ec2", "AuthorizeSecurityGroupEgress", _RULE),),
        identifier="sgr-{hex:17}",
        arn=arn("ec2", "security-group-rule/{id}"),
        outputs={"securityGroupRuleId": "{id}"},
        renamed={
            "securityGroupId": "GroupId",
            "cidrIpv4": "CidrIp",
            "referencedSecurityGroupId": "DestinationSecurityGroupId",
            "prefixListId": "DestinationPrefixListId",
        },
        updates=frozenset({*_RULE_MATCH, "referencedSecurityGroupId"}),
        taggable=True,
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": AwsType(
        calls=(
            call(
                "ec2",
                "AuthorizeSecurityGroupIngress",
                {
                    "securityGroupId": "GroupId",
                    "protocol": "IpPermissions[0].IpProtocol",
                    "fromPort": "IpPermissions[0].FromPort",
                    "toPort": "IpPermissions[0].ToPort",
                    "cidrBlocks": "IpPermissions[0].IpRanges[].CidrIp",
                    "ipv6CidrBlocks": "IpPermissions[0].Ipv6Ranges[].CidrIpv6",
                    "prefixListIds": "IpPermissions[0].PrefixListIds[].PrefixListId",
                    "sourceSecurityGroupId": "IpPermissions[0].UserIdGroupPairs[0].GroupId",
                    "description": "IpPermissions[0].IpRanges[0].Description",
                },
            ),
        ),
        provider_only=frozenset({"type", "self"}),
        identifier="sgrule-{digits:10}",
        outputs={"securityGroupRuleId": "sgr-{hex:17}"},
        replaces=frozenset(
            {"cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "fromPort", "toPort", "protocol", "self", "type"}
            | {"securityGroupId", "sourceSecurityGroupId"}
        ),
    ),
}
