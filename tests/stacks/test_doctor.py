"""What the doctor reckons with, against what the real engine makes: the plan, and a stack that is up."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from doctor.checks import AREAS
from doctor.state import State
from tests.doctor.clients import Clients
from tests.doctor.healthy import constant
from tests.doctor.machines import PRINTED, exported
from tests.doctor.patient import Patient, accepting_examples
from tests.stacks.conftest import StacksThatAreUp

TAGS = [{"Key": "Project", "Value": "moka"}, {"Key": "Environment", "Value": "dev"}]
# What pulumi-eks makes of the cluster by itself.
OF_THE_CLUSTER = Counter(
    {
        "aws:eks/accessEntry:AccessEntry": 3,
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": 2,
        "aws:eks/addon:Addon": 2,
        "aws:eks/cluster:Cluster": 1,
        "aws:iam/role:Role": 1,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 1,
    }
)


@pytest.fixture
def dev(tmp_path: Path) -> Patient:
    accepting_examples(tmp_path)
    return Patient("dev", tmp_path, Clients(), {})


def aws_types(types: list[str]) -> Counter[str]:
    return Counter(each for each in types if each.startswith("aws:"))


def test_the_plan_holds_what_the_engine_makes_but_for_what_pulumi_eks_does(
    dev: Patient, stacks: StacksThatAreUp
) -> None:
    stacks.up("dev")
    made = aws_types([each["type"] for each in stacks.engine.export("dev")["resources"] if each.get("custom")])
    planned = aws_types([each.type for each in dev.plan.resources])
    assert planned - made == Counter()
    assert made - planned == OF_THE_CLUSTER


def deployed(patient: Patient, resources: list[dict[str, Any]]) -> None:
    """An account in which a stack is up."""
    state = State.of({"resources": resources})
    names = {
        kind: sorted(name for each, name in state.names if each == kind) for kind in {kind for kind, _ in state.names}
    }
    said = exported(*state.names)
    patient.machine = replace(
        patient.machine, printed={**PRINTED, "pulumi stack export": said}, addresses={"cluster.invalid": ["10.16.8.4"]}
    )
    access = {"endpointPublicAccess": True, "publicAccessCidrs": ["192.0.2.0/24"]}
    cluster = {
        "name": "moka-dev",
        "version": "1.35",
        "endpoint": "https://cluster.invalid",
        "resourcesVpcConfig": access,
    }
    role = {"Path": "/", "RoleId": "AROAEXAMPLEROLEID0001", "CreateDate": "2026-01-01T00:00:00Z"}
    own = [{"InstanceType": "m7g.xlarge", "Tags": [{"Key": "kubernetes.io/cluster/moka-dev", "Value": "owned"}]}] * 40
    answers = {
        "ec2:DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-00000001", "Tags": TAGS}]},
        "ec2:DescribeInternetGateways": {"InternetGateways": [{"InternetGatewayId": "igw-1", "Tags": TAGS}]},
        "ec2:DescribeAddresses": {"Addresses": [{"AllocationId": "eipalloc-1", "Tags": TAGS}]},
        "ec2:DescribeNatGateways": {"NatGateways": [{"NatGatewayId": "nat-1", "SubnetId": "subnet-1", "Tags": TAGS}]},
        "ec2:DescribeInstances": {"Reservations": [{"Instances": own}]},
        "ec2:DescribeVolumes": {
            "Volumes": [
                {"Size": 900_000, "Tags": [{"Key": "Name", "Value": "moka-dev-system"}]},
                {"Size": 900_000, "Tags": [{"Key": "kubernetes.io/created-for/pvc/name", "Value": "data-0"}]},
            ]
        },
        "iam:GetAccountSummary": {"SummaryMap": {"Roles": 40}},
        "eks:ListClusters": {"clusters": ["moka-dev"]},
        "eks:DescribeCluster": {"cluster": cluster},
        "s3:HeadBucket": {},
        "s3:ListBuckets": {"Buckets": [{"Name": name} for name in names["aws:s3/bucket:Bucket"]]},
        "logs:DescribeLogGroups": {
            "logGroups": [{"logGroupName": name} for name in names["aws:cloudwatch/logGroup:LogGroup"]]
        },
        "kms:ListAliases": {"Aliases": [{"AliasName": name} for name in names["aws:kms/alias:Alias"]]},
        "ecr:DescribeRepositories": {
            "repositories": [{"repositoryName": name} for name in names["aws:ecr/repository:Repository"]]
        },
        "ecr:DescribePullThroughCacheRules": {
            "pullThroughCacheRules": [
                {"ecrRepositoryPrefix": name} for name in names["aws:ecr/pullThroughCacheRule:PullThroughCacheRule"]
            ]
        },
        "ecr:DescribeRepositoryCreationTemplates": {
            "repositoryCreationTemplates": [
                {"prefix": name} for name in names["aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"]
            ]
        },
        "glue:GetDatabases": {"DatabaseList": [{"Name": "moka_dev_logs"}]},
        "logs:DescribeResourcePolicies": {"resourcePolicies": [{"policyName": "moka-dev-detections"}]},
    }
    patient.said.update({call: constant(answer) for call, answer in answers.items()})
    patient.said["iam:GetRole"] = lambda params: {
        "Role": {**role, "RoleName": params["RoleName"], "Arn": f"arn:aws:iam::222222222222:role/{params['RoleName']}"}
    }
    patient.said["athena:GetWorkGroup"] = lambda params: {"WorkGroup": {"Name": params["WorkGroup"]}}
    # The stack's own alone would be too much, if it counted twice.
    patient.held = {"L-F678F1CE": 1, "L-A4707A72": 1, "L-0263D0A3": 1, "L-FE5A380F": 1, "L-1194D53C": 1}
    patient.held |= {"L-1216C47A": 28, "L-34B43A08": 184, "L-FE177D64": 40}


def test_nothing_is_wrong_with_a_stack_that_is_up(dev: Patient, stacks: StacksThatAreUp) -> None:
    stacks.up("dev")
    deployed(dev, stacks.engine.export("dev")["resources"])
    outcomes = dev.look()
    assert {name: each.findings for name, each in outcomes.items() if each.status != "ok"} == {}
    assert "10.16.8.4" in outcomes["api"].findings[0].detail


def test_what_is_there_is_somebody_elses_once_the_state_is_lost(dev: Patient, stacks: StacksThatAreUp) -> None:
    stacks.up("dev")
    deployed(dev, stacks.engine.export("dev")["resources"])
    dev.machine = replace(dev.machine, printed={**dev.machine.printed, "pulumi stack export": exported()})
    wrong = {name for name, each in dev.look().items() if each.status == "fail"}
    # Roles that the state does not know count as somebody else's.
    assert wrong - {"quota-iam-roles"} == {each.name for each in AREAS["names"]}
