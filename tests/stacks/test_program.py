"""The real `__main__.py` with each of the four stack files, under mocks."""

import json
import runpy
from datetime import date
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime.mocks import MockResourceArgs

from components.deployed import READ_OUTPUTS
from components.settings import STACKS
from components.settings_error import SettingsError
from tests.components.spark_ui.ui_environment import in_stack
from tests.recorder import Recorder, record
from tests.stack_files import ENVIRONMENTS, Tree, settings_tree

PROJECT = STACKS.parent
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
CLUSTER = "eks:index:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
STATEFUL = ("aws:s3/bucket:Bucket", "aws:kms/key:Key", CLUSTER, "aws:cloudwatch/logGroup:LogGroup")


def cluster_outputs(_: MockResourceArgs) -> dict[str, Any]:
    authority = {"server": "https://cluster.example", "certificate-authority-data": "Y2E="}
    return {"kubeconfig": {"clusters": [{"name": "kubernetes", "cluster": authority}]}}


def node_group_outputs(args: MockResourceArgs) -> dict[str, Any]:
    return {"resources": [{"autoscalingGroups": [{"name": f"eks-{args.name}"}]}]}


def config_of(tree: Tree) -> dict[str, str]:
    """The configuration that a stack runs with in the emulated cloud."""
    return {"moka:settings": json.dumps(tree), "moka:example-values": "accepted"}


def run_program(stack: str, tree: Tree | None = None) -> Recorder:
    """Run `__main__.py` as Pulumi would, with a stack's settings or a changed tree."""
    tree = tree or settings_tree(stack)
    place = {"account_id": settings_tree(stack)["account_id"], "region": tree["region"]}
    recorder = Recorder(outputs={CLUSTER: cluster_outputs, NODE_GROUP: node_group_outputs}, stack=stack, **place)
    config = config_of(tree)

    def build() -> None:
        pulumi.runtime.set_all_config(config)
        runpy.run_path(str(PROJECT / "__main__.py"), run_name="__main__")

    return record(build, recorder)


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def program(request: pytest.FixtureRequest) -> Recorder:
    return run_program(request.param)


def test_every_resource_belongs_to_the_environment(program: Recorder) -> None:
    parents = {each.name: each.parent for each in program.registrations}
    for each in program.registrations:
        if each.type.startswith(("pulumi:", "moka:index:Environment")):
            continue
        assert each.parent in parents, each
        assert each.parent != f"moka-{program.stack}", f"{each.name} is outside the environment"


def test_every_aws_and_kubernetes_resource_has_an_explicit_provider(program: Recorder) -> None:
    for each in program.registrations:
        if each.type.startswith(("aws:", "kubernetes:")):
            assert each.provider, f"{each.type} {each.name} would use a default provider"
            assert each.provider.split("::")[2].endswith(each.type.split(":")[0]), each.provider


def test_the_aws_provider_is_bound_to_the_stacks_account_and_tags_everything(program: Recorder) -> None:
    provider = program.only("pulumi:providers:aws").inputs
    assert json.loads(provider["allowedAccountIds"]) == [settings_tree(program.stack)["account_id"]]
    assert provider["region"] == settings_tree(program.stack)["region"]
    assert json.loads(provider["defaultTags"])["tags"]["Environment"] == program.stack


def test_default_providers_are_switched_off_for_every_stack() -> None:
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    assert set(project["config"]["pulumi:disable-default-providers"]["value"]) == {"aws", "kubernetes"}


def test_what_holds_data_is_protected_in_staging_and_production_and_logs_wherever_they_may_not_be_emptied(
    program: Recorder,
) -> None:
    protected = {each.type for each in program.registrations if each.protect}
    if program.stack in ("staging", "production"):
        for each in program.registrations:
            # What the key of query results encrypts is gone after a day.
            if each.type in STATEFUL and each.type != CLUSTER and each.name != "log-catalog-results":
                assert each.protect, each
    elif program.stack == "dev":
        logs = {"aws:kms/key:Key", "aws:kms/alias:Alias", "moka:index:LogBucket"}
        assert {each for each in protected if not each.startswith("aws:s3/bucket")} <= logs
        assert all(each.protect for each in program.of("aws:s3/bucket:Bucket"))
    else:
        assert not protected


def test_no_resource_ignores_what_somebody_changed_by_hand(program: Recorder) -> None:
    assert {each.name: each.ignore_changes for each in program.registrations if each.ignore_changes} == {}


def test_staging_and_production_have_three_zones_each_with_a_way_out_of_its_own(program: Recorder) -> None:
    zones = set(settings_tree(program.stack)["network"]["zones"])
    gateways = [each.name for each in program.of("aws:ec2/natGateway:NatGateway")]
    if program.stack in ("staging", "production"):
        assert len(zones) == 3
        assert sorted(gateways) == sorted(f"network-nat-{zone}" for zone in zones)
    else:
        assert len(gateways) == 1


def test_nothing_of_another_environment_is_named(program: Recorder) -> None:
    others = [name for name in ENVIRONMENTS if name != program.stack]
    forbidden = [settings_tree(name)["account_id"] for name in others] + [f"moka-{name}" for name in others]
    for each in program.registrations:
        text = json.dumps(each.inputs)
        for word in forbidden:
            assert word not in text, f"{each.type} {each.name} names {word}"


def test_the_program_reads_no_other_stack() -> None:
    for source in (PROJECT / "__main__.py", *(PROJECT / "components").rglob("*.py")):
        assert "StackReference" not in source.read_text(), source


def test_logical_names_carry_neither_stack_nor_account(program: Recorder) -> None:
    for each in program.registrations:
        if not each.type.startswith("pulumi:pulumi"):
            assert program.stack not in each.name.split("-"), each
            assert settings_tree(program.stack)["account_id"] not in each.name, each


def test_the_four_stacks_make_the_same_components() -> None:
    def components(stack: str) -> set[str]:
        return {each.type for each in run_program(stack).registrations if each.type.startswith("moka:")}

    test, dev, staging, production = (components(stack) for stack in ENVIRONMENTS)
    assert test == dev
    assert staging == production
    assert staging - dev <= {"moka:index:MetricsWorkspace", "moka:index:ManagedAlerts", "moka:index:Celeborn"}


def test_every_identity_stands_before_the_first_node(program: Recorder) -> None:
    identities = {f"{each.type}::{each.name}" for each in program.of(ASSOCIATION)}
    assert len(identities) >= 8
    for group in program.of(NODE_GROUP):
        assert identities <= set(group.depends_on), group.name


def test_the_live_spark_ui_stands_before_system_nodes_in_private_subnets_when_it_is_asked_for() -> None:
    tree = settings_tree("dev")
    in_stack()(tree)
    program = run_program("dev", tree)
    balancer = program.only("aws:lb/loadBalancer:LoadBalancer")
    zones = sorted(tree["network"]["zones"])
    assert balancer.inputs["subnets"] == [f"network-control-plane-{zone}-id" for zone in zones]
    attachment = program.only("aws:autoscaling/attachment:Attachment").inputs
    assert attachment["autoscalingGroupName"] == "eks-system-nodes"
    on_nodes = program.named("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "live-ui-entrance-on-nodes")
    assert on_nodes.inputs["securityGroupId"] == "cluster-nodes-id"
    front = program.named("kubernetes:networking.k8s.io/v1:NetworkPolicy", "live-ui-front").inputs["spec"]
    assert front["ingress"][0]["from"] == [{"ipBlock": {"cidr": tree["network"]["cidr"]}}]
    drivers = program.named("kubernetes:networking.k8s.io/v1:NetworkPolicy", "live-ui-analytics")
    assert "kubernetes:core/v1:Namespace::spark-analytics" in " ".join(drivers.depends_on)


@pytest.mark.parametrize("file", ["dev", "production"])
def test_another_environments_file_is_refused_before_anything_is_made(file: str) -> None:
    recorder = Recorder(outputs={CLUSTER: cluster_outputs}, stack="staging")

    def build() -> None:
        pulumi.runtime.set_all_config(config_of(settings_tree(file)))
        runpy.run_path(str(PROJECT / "__main__.py"), run_name="__main__")

    with pytest.raises(SettingsError, match="must be staging, the name of the stack"):
        record(build, recorder)
    assert recorder.made == []


def test_a_copied_account_is_refused_because_the_other_stacks_files_are_read() -> None:
    tree = settings_tree("dev")
    tree["account_id"] = settings_tree("production")["account_id"]
    with pytest.raises(SettingsError, match="must differ from stack production's"):
        run_program("dev", tree)


def test_the_kubernetes_version_is_judged_by_todays_date(monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(date):
        @classmethod
        def today(cls) -> "Later":
            return cls(2030, 1, 1)

    monkeypatch.setattr("components.settings.date", Later)
    with pytest.raises(SettingsError, match=r"standard support of Kubernetes 1\.35 ended"):
        run_program("dev")


def test_a_stack_without_settings_is_told_which_stacks_have_some() -> None:
    def build() -> None:
        pulumi.runtime.set_all_config({})
        runpy.run_path(str(PROJECT / "__main__.py"), run_name="__main__")

    with pytest.raises(SettingsError, match="dev, production, staging, test"):
        record(build, Recorder(stack="sandbox"))


def deployed(tree: Tree) -> dict[str, Any]:
    """What the engine answers for a stack that was last deployed with these settings."""
    return {READ_OUTPUTS: {"outputs": {"settings": json.dumps(tree)}}}


def test_a_change_that_the_environment_cannot_take_is_refused_before_anything_is_made() -> None:
    tree = settings_tree("dev")
    tree["network"]["cidr"] = "10.64.0.0/20"
    recorder = Recorder(outputs={CLUSTER: cluster_outputs}, stack="dev", calls=deployed(settings_tree("dev")))

    def build() -> None:
        pulumi.runtime.set_all_config(config_of(tree))
        runpy.run_path(str(PROJECT / "__main__.py"), run_name="__main__")

    with pytest.raises(SettingsError, match=r"network\.cidr = 10\.64\.0\.0/20\n +rule: +must stay 10\.16\.0\.0/20"):
        record(build, recorder)
    assert recorder.made == []
