"""What AWS answers about an account in which a stack could come up: written by its API references' examples."""

from collections.abc import Callable, Mapping
from typing import Any

from components.settings import Settings
from doctor.plan import Plan
from tests.doctor.clients import Answer, Refusal

Params = Mapping[str, Any]

# Service Quotas: what a mature account holds; every other quota has AWS's own value, as of November 2026.
HELD = {
    "L-1216C47A": 100_000.0,
    "L-34B43A08": 100_000.0,
    "L-F678F1CE": 5.0,
    "L-A4707A72": 5.0,
    "L-0263D0A3": 5.0,
    "L-FE5A380F": 5.0,
    "L-83CA0A9D": 5.0,
    "L-29B6F2EB": 50.0,
    "L-0EA8095F": 60.0,
    "L-1194D53C": 100.0,
    "L-6D54EA21": 30.0,
    "L-BD136A63": 450.0,
    "L-7A658B76": 500.0,
    "L-FE177D64": 1000.0,
}
# Those of which an account has no value of its own until it is raised.
NOT_APPLIED = {"L-BD136A63", "L-FE177D64"}


def constant(answer: Any) -> Answer:
    """The same answer to every question."""
    return lambda _: answer


def quota(params: Params, held: Mapping[str, float]) -> dict[str, Any]:
    """A quota as Service Quotas describes it."""
    code = params["QuotaCode"]
    return {"Quota": {"ServiceCode": params["ServiceCode"], "QuotaCode": code, "Value": held[code], "Adjustable": True}}


def answers(settings: Settings, plan: Plan, held: Mapping[str, float] | None = None) -> dict[str, Answer]:
    """Everything that checks ask.

    Args:
        settings: of the stack.
        plan: of the stack.
        held: quota code to value; those of a mature account unless given.
    """
    found = {**HELD, **(held or {})}
    return {
        **_identity(settings),
        **_network(settings),
        **_cluster(settings, plan),
        "service-quotas:GetServiceQuota": lambda params: (
            Refusal("NoSuchResourceException", status=404)
            if params["QuotaCode"] in NOT_APPLIED
            else quota(params, found)
        ),
        "service-quotas:GetAWSDefaultServiceQuota": lambda params: quota(params, found),
        "service-quotas:ListRequestedServiceQuotaChangeHistoryByQuota": constant({"RequestedQuotas": []}),
        "s3:HeadBucket": lambda params: (
            {} if params["Bucket"] in _team_buckets(settings) else Refusal("404", status=404)
        ),
        "s3:ListBuckets": constant({"Buckets": []}),
        "logs:DescribeLogGroups": constant({"logGroups": []}),
        "kms:ListAliases": constant({"Aliases": [{"AliasName": "alias/aws/ebs"}]}),
        "kms:DescribeKey": lambda params: {"KeyMetadata": {"KeyId": params["KeyId"], "KeyState": "Enabled"}},
        "ecr:DescribeRepositories": constant({"repositories": [{"repositoryName": "somebody/else"}]}),
        "ecr:DescribePullThroughCacheRules": constant({"pullThroughCacheRules": []}),
        "ecr:DescribeRepositoryCreationTemplates": constant({"repositoryCreationTemplates": [{"prefix": "ROOT"}]}),
        "athena:GetWorkGroup": constant(Refusal("InvalidRequestException", "WorkGroup is not found.")),
        "glue:GetDatabases": constant({"DatabaseList": [{"Name": "default"}]}),
        "secretsmanager:DescribeSecret": lambda params: {"ARN": params["SecretId"], "Name": "ecr-pullthroughcache/x"},
        "logs:DescribeResourcePolicies": constant({"resourcePolicies": [{"policyName": "of-somebody-else"}]}),
        "sso-admin:ListInstances": constant(
            {"Instances": [{"InstanceArn": "arn:aws:sso:::instance/ssoins-0123456789"}]}
        ),
        "guardduty:ListDetectors": constant({"DetectorIds": ["d2b5a1c0e1f2a3b4c5d6e7f8a9b0c1d2"]}),
    }


def _team_buckets(settings: Settings) -> set[str]:
    return {place.bucket for each in settings.teams.values() for place in (*each.data.read, *each.data.write)}


def _identity(settings: Settings) -> dict[str, Answer]:
    deployer = settings.cluster.access.deployers[-1].rpartition("/")[2]
    account = settings.account_id
    return {
        "sts:GetCallerIdentity": constant(
            {
                "UserId": "AROAEXAMPLE:ada",
                "Account": account,
                "Arn": f"arn:aws:sts::{account}:assumed-role/{deployer}/ada",
            }
        ),
        "account:GetRegionOptStatus": constant(
            {"RegionName": settings.region, "RegionOptStatus": "ENABLED_BY_DEFAULT"}
        ),
        "ec2:DescribeRegions": constant(
            {"Regions": [{"RegionName": settings.region, "OptInStatus": "opt-in-not-required"}]}
        ),
        "iam:GetRole": lambda params: role(params["RoleName"], settings),
        "iam:GetAccountSummary": constant({"SummaryMap": {"Roles": 40, "RolesQuota": 1000}}),
        "iam:SimulatePrincipalPolicy": constant(
            {
                "EvaluationResults": [
                    {"EvalActionName": "iam:CreateServiceLinkedRole", "EvalDecision": "allowed"},
                ]
            }
        ),
    }


def role(name: str, settings: Settings) -> Any:
    """A role that is there before the stack is: a person's, or a service's own."""
    if name.startswith(f"{settings.account.cluster_name}-"):
        return Refusal("NoSuchEntity", status=404)
    return {
        "Role": {
            "Path": "/",
            "RoleName": name,
            "RoleId": "AROAEXAMPLEROLEID0001",
            "Arn": f"arn:aws:iam::{settings.account_id}:role/{name}",
            "CreateDate": "2026-01-01T00:00:00Z",
        }
    }


def _network(settings: Settings) -> dict[str, Answer]:
    return {
        "ec2:DescribeAvailabilityZones": constant({"AvailabilityZones": zones(settings)}),
        "ec2:DescribeInstanceTypeOfferings": lambda params: {"InstanceTypeOfferings": offerings(params)},
        "ec2:DescribeVpcEndpointServices": lambda params: {"ServiceDetails": services(params, settings)},
        "ec2:DescribeInstances": constant({"Reservations": []}),
        # The one that every account begins with.
        "ec2:DescribeVpcs": constant({"Vpcs": [{"VpcId": "vpc-0a1b2c3d4e5f60718", "IsDefault": True}]}),
        "ec2:DescribeInternetGateways": constant({"InternetGateways": [{"InternetGatewayId": "igw-0a1b2c3d"}]}),
        "ec2:DescribeAddresses": constant({"Addresses": []}),
        "ec2:DescribeNatGateways": constant({"NatGateways": []}),
        "ec2:DescribeSubnets": constant({"Subnets": []}),
        "ec2:DescribeVolumes": constant({"Volumes": []}),
        "ec2:DescribeSecurityGroups": lambda params: {
            "SecurityGroups": [{"GroupId": each} for each in params["Filters"][0]["Values"]]
        },
    }


def zones(settings: Settings) -> list[dict[str, Any]]:
    """The account's zones; the last of six is the one that takes no control plane."""
    numbers = {"a": 1, "b": 2, "c": 4, "d": 5, "e": 6, "f": 3}
    return [
        {
            "ZoneName": f"{settings.region}{letter}",
            "ZoneId": f"use1-az{number}",
            "State": "available",
            "ZoneType": "availability-zone",
            "RegionName": settings.region,
            "Messages": [],
        }
        for letter, number in numbers.items()
    ]


def offerings(params: Params, without: Callable[[str, str], bool] = lambda *_: False) -> list[dict[str, Any]]:
    """Every type in every zone that is asked for.

    Args:
        params: of the question.
        without: whether a zone lacks a type.
    """
    wanted = {each["Name"]: each["Values"] for each in params["Filters"]}
    return [
        {"InstanceType": name, "LocationType": "availability-zone", "Location": zone}
        for zone in wanted["location"]
        for name in wanted["instance-type"]
        if not without(zone, name)
    ]


def services(params: Params, settings: Settings) -> list[dict[str, Any]]:
    """Every service that is asked for, in every zone."""
    there = [each["ZoneName"] for each in zones(settings)]
    return [{"ServiceName": name, "AvailabilityZones": there} for name in params["Filters"][0]["Values"]]


def _cluster(settings: Settings, plan: Plan) -> dict[str, Answer]:
    return {
        "eks:ListClusters": constant({"clusters": ["of-somebody-else"]}),
        "eks:DescribeCluster": constant(Refusal("ResourceNotFoundException", status=404)),
        "eks:DescribeClusterVersions": constant(
            {
                "clusterVersions": [
                    {"clusterVersion": "1.36", "versionStatus": "STANDARD_SUPPORT"},
                    {"clusterVersion": "1.35", "versionStatus": "STANDARD_SUPPORT"},
                    {"clusterVersion": "1.32", "versionStatus": "EXTENDED_SUPPORT"},
                ]
            }
        ),
        "eks:DescribeAddonVersions": lambda params: {"addons": [addon(params["addonName"], settings, plan)]},
        "ssm:GetParameter": lambda params: {
            "Parameter": {"Name": params["Name"], "Type": "String", "Value": "ami-0a1b2c3d4e5f60718", "Version": 1}
        },
    }


def addon(name: str, settings: Settings, plan: Plan) -> dict[str, Any]:
    """An add-on with the version that is pinned, and one before it."""
    pinned = {each.inputs["addonName"]: each.inputs["addonVersion"] for each in plan.of("aws:eks/addon:Addon")}
    pinned |= {"vpc-cni": settings.cluster.addons.vpc_cni, "kube-proxy": settings.cluster.addons.kube_proxy}
    return {
        "addonName": name,
        "addonVersions": [{"addonVersion": pinned[name]}, {"addonVersion": "v0.0.1-eksbuild.1"}],
    }
