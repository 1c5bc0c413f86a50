"""The control plane that the component registers: its key, logs, reach, access, rules, and what nodes need first."""

import json
from functools import cache
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime.mocks import MockResourceArgs

from components.account import Account
from components.cluster.cluster import Cluster
from components.cluster.private_access import PrivateAccess
from components.cluster.settings import AccessSettings, ClusterSettings
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
CI = f"arn:aws:iam::{ACCOUNT_ID}:role/deploy"
SALES = f"arn:aws:iam::{ACCOUNT_ID}:role/sales"
MEMBERS = {"moka:sales": [SALES]}
REACHED = PrivateAccess(cidrs=(IPv4Network("10.240.0.0/16"),))
SECRET = "4dabf18193072939515e22adb298388d"


def eks_outputs(_: MockResourceArgs) -> dict[str, Any]:
    authority = {"server": "https://example.com", "certificate-authority-data": "Q0E="}
    return {"kubeconfig": {"clusters": [{"name": "kubernetes", "cluster": authority}]}}


@cache
def built(public: bool = False, protect: bool = True) -> Recorder:
    settings = ClusterSettings(
        access=AccessSettings(ci=(CI,)),
        private_access=REACHED,
        public_access_cidrs=(IPv4Network("198.51.100.0/24"),) if public else (),
        service_cidr=IPv4Network("172.30.0.0/16"),
        log_retention_days=90,
    )

    def build() -> None:
        network = pulumi.ResourceOptions(parent=pulumi.ComponentResource("moka:index:Network", "network"))
        block = aws.ec2.VpcIpv4CidrBlockAssociation("block", vpc_id="vpc-1", cidr_block="100.64.0.0/16", opts=network)
        Cluster(
            "cluster",
            settings,
            ACCOUNT,
            vpc_id="vpc-1",
            subnet_ids=["a", "b"],
            members=MEMBERS,
            after=[block],
            protect=protect,
        )

    return record(build, Recorder(outputs={"eks:index:Cluster": eks_outputs}))


def eks_inputs(public: bool = False) -> dict[str, Any]:
    return built(public).only("eks:index:Cluster").inputs


def test_the_log_group_is_there_before_the_cluster_would_make_its_own() -> None:
    group = built().only("aws:cloudwatch/logGroup:LogGroup")

    assert group.inputs["name"] == "/aws/eks/moka-dev/cluster"
    assert group.inputs["retentionInDays"] == 90
    assert group.inputs["kmsKeyId"].endswith("key/cluster-key")
    assert f"{group.type}::{group.name}" in built().only("eks:index:Cluster").depends_on


def test_the_control_plane_comes_after_the_blocks_that_it_must_know() -> None:
    block = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation::block"
    assert block in built().only("eks:index:Cluster").depends_on


def test_all_five_kinds_of_control_plane_logs_are_on() -> None:
    kinds = {"api", "audit", "authenticator", "controllerManager", "scheduler"}

    assert set(eks_inputs()["enabledClusterLogTypes"]) == kinds


def test_secrets_and_logs_are_encrypted_with_a_rotated_key_that_serves_this_log_group() -> None:
    key = built().only("aws:kms/key:Key").inputs
    [logs] = [each for each in json.loads(key["policy"])["Statement"] if "Service" in each["Principal"]]

    assert eks_inputs()["encryptionConfigKeyArn"].endswith("key/cluster-key")
    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 30)
    assert logs["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"].endswith(
        ":log-group:/aws/eks/moka-dev/cluster"
    )
    assert built().only("aws:kms/alias:Alias").inputs["name"] == "alias/moka-dev"


def test_the_api_is_private_unless_ranges_are_listed() -> None:
    assert (eks_inputs()["endpointPrivateAccess"], eks_inputs()["endpointPublicAccess"]) == (True, False)
    assert "publicAccessCidrs" not in eks_inputs()

    listed = eks_inputs(public=True)
    assert (listed["endpointPrivateAccess"], listed["endpointPublicAccess"]) == (True, True)
    assert listed["publicAccessCidrs"] == ["198.51.100.0/24"]


def test_access_is_by_entries_only_whose_policies_hold_in_the_whole_cluster() -> None:
    inputs = eks_inputs()

    assert inputs["authenticationMode"] == "API"
    entry, team = (inputs["accessEntries"][key] for key in ("deploy", "sales"))
    assert len(inputs["accessEntries"]) == 2
    assert entry["principalArn"] == CI
    assert "kubernetesGroups" not in entry
    assert (team["principalArn"], team["kubernetesGroups"]) == (SALES, ["moka:sales"])
    assert not team.get("accessPolicies"), "a team's people have the rights of their group alone"
    [policy] = entry["accessPolicies"].values()
    assert policy["accessScope"] == {"type": "cluster"}
    assert policy["policyArn"].endswith("/AmazonEKSClusterAdminPolicy")


def test_pulumi_eks_makes_no_nodes_roles_or_open_groups_of_its_own() -> None:
    inputs = eks_inputs()

    assert inputs["skipDefaultNodeGroup"] is True
    assert inputs["skipDefaultSecurityGroups"] is True
    assert inputs["createInstanceRole"] is False
    assert inputs["bootstrapSelfManagedAddons"] is False
    assert inputs["clusterSecurityGroup"]["id"] == "cluster-control-plane-id"


def test_an_explicit_aws_provider_is_accepted() -> None:
    assert "providerCredentialOpts" in eks_inputs()


def test_extended_support_is_not_bought() -> None:
    assert eks_inputs()["upgradePolicy"] == {"supportType": "STANDARD"}


def test_aws_refuses_to_delete_a_protected_cluster() -> None:
    assert built(protect=True).only("eks:index:Cluster").inputs["deletionProtection"] is True
    assert built(protect=False).only("eks:index:Cluster").inputs["deletionProtection"] is False


def test_what_holds_data_is_protected_where_the_environment_is_and_nothing_else() -> None:
    protected = {each.type for each in built(protect=True).registrations if each.protect}

    assert protected == {"aws:kms/key:Key", "aws:cloudwatch/logGroup:LogGroup"}
    assert not [each for each in built(protect=False).registrations if each.protect]


def test_name_version_subnets_and_service_range_are_those_of_the_settings() -> None:
    inputs = eks_inputs()

    assert (inputs["name"], inputs["version"], inputs["subnetIds"]) == ("moka-dev", "1.35", ["a", "b"])
    assert inputs["kubernetesServiceIpAddressRange"] == "172.30.0.0/16"


def test_the_cni_takes_prefixes_and_enforces_network_policies() -> None:
    options = eks_inputs()["vpcCniOptions"]

    assert (options["enablePrefixDelegation"], options["warmPrefixTarget"]) == (True, 1)
    assert options["configurationValues"] == {"enableNetworkPolicy": "true"}
    assert options["addonVersion"].startswith("v1.")
    assert options["logLevel"] == "INFO"


def test_kube_proxy_is_pinned_to_the_clusters_minor_version() -> None:
    assert eks_inputs()["kubeProxyAddonOptions"]["version"].startswith("v1.35.")


def test_the_kubernetes_provider_gets_tokens_by_command_and_its_kubeconfig_is_secret() -> None:
    provider = built().only("pulumi:providers:kubernetes").inputs
    config = json.loads(provider["kubeconfig"]["value"])

    assert SECRET in provider["kubeconfig"]
    assert config["users"][0]["user"]["exec"]["command"] == "aws"
    assert config["clusters"][0]["cluster"] == {
        "server": "https://example.com",
        "certificate-authority-data": "Q0E=",
    }
    assert provider["deleteUnreachable"] == "false"


def test_the_kubeconfig_output_is_secret() -> None:
    results: list[bool] = []

    def build() -> None:
        settings = ClusterSettings(access=AccessSettings(ci=(CI,)), private_access=REACHED)
        cluster = Cluster(
            "cluster", settings, ACCOUNT, vpc_id="vpc-1", subnet_ids=["a"], members={}, after=[], protect=False
        )
        pulumi.Output.from_input(cluster.kubeconfig.is_secret()).apply(results.append)

    record(build, Recorder(outputs={"eks:index:Cluster": eks_outputs}))
    assert results == [True]


def test_pods_can_get_credentials_once_the_cluster_is_up() -> None:
    agent = built().only("aws:eks/addon:Addon")

    assert agent.inputs["addonName"] == "eks-pod-identity-agent"
    assert "eks:index:Cluster::cluster" in agent.depends_on


@pytest.mark.parametrize(
    ("name", "service_account", "policy"),
    [
        ("cluster-vpc-cni-pod", "aws-node", "AmazonEKS_CNI_Policy"),
        ("cluster-ebs-csi-pod", "ebs-csi-controller-sa", "AmazonEBSCSIDriverPolicyV2"),
    ],
)
def test_add_ons_have_their_permissions_before_nodes_join(name: str, service_account: str, policy: str) -> None:
    association = built().named("aws:eks/podIdentityAssociation:PodIdentityAssociation", name)
    grant = built().named("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name)

    assert (association.inputs["namespace"], association.inputs["serviceAccount"]) == ("kube-system", service_account)
    assert grant.inputs["policyArn"] == f"arn:aws:iam::aws:policy/{policy}"
    assert {"eks:index:Cluster::cluster", f"{grant.type}::{grant.name}"} <= set(association.depends_on)
