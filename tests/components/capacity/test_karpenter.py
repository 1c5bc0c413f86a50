"""Karpenter stands on system nodes in two places, knows its cluster, and outlives everything that is its to finish."""

from typing import Any

import pulumi
import pytest

from components.account import Account
from components.capacity.karpenter import Karpenter
from components.capacity.karpenter_values import FEATURE_GATES, cpu_millis, karpenter_values, memory_mib
from components.capacity.names import CONTROLLER, NAMESPACE, SERVICE_ACCOUNT
from components.capacity.node_pools import NodePools
from components.charts.settings import ChartsSettings
from components.charts.versions import KARPENTER, KARPENTER_CRD
from tests.recorder import ACCOUNT_ID, REGION, Recorder, Registration, record
from tests.stack_files import settings

ACCOUNT = Account("production", ACCOUNT_ID, REGION)
RELEASE = "kubernetes:helm.sh/v3:Release"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    def build() -> None:
        karpenter = Karpenter(
            "karpenter",
            ChartsSettings(),
            ACCOUNT,
            cluster_endpoint="https://api.internal",
            queue_name="interruptions-1",
            most_nodes=695,
        )
        NodePools(
            "node-pools",
            settings("production").node_pools,
            ACCOUNT,
            instance_profile="nodes",
            security_group_id="sg-nodes",
            subnet_ids={f"us-east-1{letter}": f"subnet-{letter}" for letter in "abc"},
            release="1.35.7-20260827",
            opts=pulumi.ResourceOptions(depends_on=[karpenter]),
        )

    return record(build)


def chart(recorder: Recorder, name: str) -> Registration:
    return recorder.named(RELEASE, name)


def values(most_nodes: int = 10) -> dict[str, Any]:
    return karpenter_values(ACCOUNT, cluster_endpoint="https://api", queue_name="queue", most_nodes=most_nodes)


def test_the_controller_comes_after_its_definitions_and_goes_before_them(recorder: Recorder) -> None:
    controller = chart(recorder, "karpenter")

    assert f"{RELEASE}::karpenter-crd" in controller.depends_on
    assert {each.inputs["version"] for each in recorder.of(RELEASE)} == {KARPENTER.version} == {KARPENTER_CRD.version}


def test_pools_go_before_their_classes_and_both_before_karpenter_and_its_definitions(recorder: Recorder) -> None:
    pools, classes = recorder.of(POOL), recorder.of(NODE_CLASS)

    assert len(pools) == len(classes) == len(settings("production").node_pools)
    for each in pools:
        assert f"{NODE_CLASS}::{each.name}-nodes" in each.depends_on
    # What a component waits for, its children wait for, who can't begin before it nor end after it.
    owner = recorder.only("moka:index:NodePools")
    assert {each.parent for each in [*pools, *classes]} == {owner.name}
    assert {f"{RELEASE}::karpenter", f"{RELEASE}::karpenter-crd"} <= set(owner.depends_on)


def test_each_pool_names_its_own_class(recorder: Recorder) -> None:
    for each in recorder.of(POOL):
        named = each.inputs["spec"]["template"]["spec"]["nodeClassRef"]["name"]
        assert recorder.named(NODE_CLASS, f"{each.name}-nodes").inputs["metadata"]["name"] == named == each.name


def test_a_pool_without_zones_of_its_own_has_the_subnets_of_all(recorder: Recorder) -> None:
    for each in recorder.of(NODE_CLASS):
        assert each.inputs["spec"]["subnetSelectorTerms"] == [{"id": f"subnet-{letter}"} for letter in "abc"]


def test_a_pools_own_zones_and_release_win() -> None:
    pool = next(iter(settings("production").node_pools.values()))
    own = pool.model_copy(update={"zones": ("us-east-1b",), "node_release": "1.35.8-20261001"})
    found = record(
        lambda: NodePools(
            "node-pools",
            {"own": own},
            ACCOUNT,
            instance_profile="nodes",
            security_group_id="sg-nodes",
            subnet_ids={"us-east-1a": "subnet-a", "us-east-1b": "subnet-b"},
            release="1.35.7-20260827",
        )
    )
    node_class = found.only(NODE_CLASS).inputs["spec"]

    assert node_class["subnetSelectorTerms"] == [{"id": "subnet-b"}]
    assert "v20261001" in node_class["amiSelectorTerms"][0]["ssmParameter"]


def test_its_namespace_admits_only_restricted_pods(recorder: Recorder) -> None:
    space = recorder.only("kubernetes:core/v1:Namespace").inputs["metadata"]

    assert space["name"] == NAMESPACE
    assert space["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_only_collectors_reach_it_from_elsewhere_and_only_its_metrics(recorder: Recorder) -> None:
    (metrics,) = [each for each in recorder.of(POLICY) if each.name == "karpenter-metrics"]
    (rule,) = metrics.inputs["spec"]["ingress"]

    assert rule["ports"] == [{"protocol": "TCP", "port": 8080}]
    (source,) = rule["from"]
    assert source["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}


def test_its_pods_carry_the_labels_that_policies_select_by() -> None:
    # The chart itself gives the name, after its own.
    labels = {"app.kubernetes.io/name": KARPENTER.name, **values()["podLabels"]}

    assert labels == CONTROLLER.selector


def test_its_service_account_is_there_before_it_and_is_the_one_that_aws_knows(recorder: Recorder) -> None:
    account = recorder.only("kubernetes:core/v1:ServiceAccount")

    assert account.inputs["metadata"]["name"] == SERVICE_ACCOUNT == values()["serviceAccount"]["name"]
    assert values()["serviceAccount"]["create"] is False
    assert f"kubernetes:core/v1:ServiceAccount::{account.name}" in chart(recorder, "karpenter").depends_on


def test_it_runs_twice_on_system_nodes_before_what_spark_runs() -> None:
    assert values()["replicas"] == 2
    assert values()["nodeSelector"]["moka/workload"] == "system"
    assert values()["priorityClassName"] == "moka-platform"


def test_it_is_told_its_cluster_and_region_which_it_could_not_find_out() -> None:
    found = values()

    assert found["settings"]["clusterName"] == "moka-production"
    assert found["settings"]["interruptionQueue"] == "queue"
    assert found["controller"]["env"] == [{"name": "AWS_REGION", "value": REGION}]


def test_it_asks_iam_for_nothing() -> None:
    assert values()["settings"]["isolatedVPC"] is True


def test_no_feature_comes_or_goes_with_a_version_of_the_chart() -> None:
    assert values()["settings"]["featureGates"] == FEATURE_GATES
    assert {name for name, on in FEATURE_GATES.items() if on} == {"nodeRepair"}


@pytest.mark.parametrize(("most_nodes", "memory", "cpu"), [(0, 1024, 500), (695, 2560, 1195), (10_000, 21_248, 4000)])
def test_it_grows_with_the_nodes_that_it_watches(most_nodes: int, memory: int, cpu: int) -> None:
    assert (memory_mib(most_nodes), cpu_millis(most_nodes)) == (memory, cpu)
    resources = values(most_nodes)["controller"]["resources"]
    assert resources == {"requests": {"cpu": f"{cpu}m", "memory": f"{memory}Mi"}, "limits": {"memory": f"{memory}Mi"}}
