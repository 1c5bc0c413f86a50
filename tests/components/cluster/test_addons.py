"""Add-ons that need nodes wait for them, are pinned, and run where they should."""

import json
from functools import cache
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.account import Account
from components.cluster.addon_versions import AddonVersions
from components.cluster.addons import ClusterAddons
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ADDON = "aws:eks/addon:Addon"
NODES = "aws:ec2/vpc:Vpc::nodes"
SYSTEM = {"moka/workload": "system"}
VERSIONS = AddonVersions()


class Nodes(pulumi.ComponentResource):
    """Stands in for a node group."""

    def __init__(self) -> None:
        super().__init__("moka:index:Nodes", "nodes")
        aws.ec2.Vpc("nodes", opts=pulumi.ResourceOptions(parent=self))


@cache
def built() -> Recorder:
    account = Account("dev", ACCOUNT_ID, REGION)
    return record(lambda: ClusterAddons("addons", account, VERSIONS, cluster_name="moka-dev", after=[Nodes()]))


def configuration(addon: str) -> dict[str, Any]:
    return json.loads(built().named(ADDON, f"addons-{addon}").inputs["configurationValues"])


def test_the_add_ons_are_these_in_their_pinned_versions() -> None:
    assert {each.inputs["addonName"]: each.inputs["addonVersion"] for each in built().of(ADDON)} == {
        "coredns": VERSIONS.coredns,
        "aws-ebs-csi-driver": VERSIONS.ebs_csi_driver,
        "metrics-server": VERSIONS.metrics_server,
        "eks-node-monitoring-agent": VERSIONS.node_monitoring_agent,
        "kube-state-metrics": VERSIONS.kube_state_metrics,
        "prometheus-node-exporter": VERSIONS.node_exporter,
    }


def test_every_add_on_waits_for_nodes() -> None:
    assert all(NODES in each.depends_on for each in built().of(ADDON))


def test_add_ons_take_over_at_creation_keep_tuning_later_and_leave_with_their_pods() -> None:
    for each in built().of(ADDON):
        assert each.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
        assert each.inputs["resolveConflictsOnUpdate"] == "PRESERVE"
        assert each.inputs["preserve"] is False


@pytest.mark.parametrize("addon", ["coredns", "metrics-server", "kube-state-metrics"])
def test_controllers_run_on_system_nodes(addon: str) -> None:
    assert configuration(addon)["nodeSelector"] == SYSTEM


def test_the_volume_controller_runs_on_system_nodes_and_knows_its_region() -> None:
    controller = configuration("aws-ebs-csi-driver")["controller"]

    assert (controller["nodeSelector"], controller["region"]) == (SYSTEM, REGION)


def test_node_agents_tolerate_every_taint() -> None:
    everything = [{"operator": "Exists"}]

    assert configuration("prometheus-node-exporter")["tolerations"] == everything
    assert configuration("eks-node-monitoring-agent")["nodeAgent"]["tolerations"] == everything
    assert configuration("aws-ebs-csi-driver")["node"]["tolerateAllTaints"] is True


def test_dns_grows_with_the_cluster_and_survives_a_drain() -> None:
    dns = configuration("coredns")

    assert dns["autoScaling"]["enabled"] is True
    assert 2 <= dns["autoScaling"]["minReplicas"] < dns["autoScaling"]["maxReplicas"]
    assert dns["podDisruptionBudget"] == {"enabled": True, "maxUnavailable": 1}


def test_metrics_of_pods_and_nodes_carry_the_labels_that_they_are_joined_by() -> None:
    assert configuration("kube-state-metrics")["metricLabelsAllowlist"] == [
        "pods=[spark-app-selector,spark-role,spark-app-name,spark-exec-id,queue]",
        "nodes=[kubernetes.io/arch,node.kubernetes.io/instance-type,eks.amazonaws.com/nodegroup,"
        "eks.amazonaws.com/capacityType,topology.kubernetes.io/zone,moka/workload]",
    ]


def test_volumes_are_encrypted_gp3_in_the_pods_zone_by_default() -> None:
    storage_class = built().only("kubernetes:storage.k8s.io/v1:StorageClass")

    assert storage_class.inputs["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert storage_class.inputs["parameters"]["type"] == "gp3"
    assert storage_class.inputs["parameters"]["encrypted"] == "true"
    assert storage_class.inputs["volumeBindingMode"] == "WaitForFirstConsumer"
    assert f"{ADDON}::addons-aws-ebs-csi-driver" in storage_class.depends_on


def test_guarddutys_agent_runs_where_it_is_asked_for_pinned_and_above_what_spark_runs() -> None:
    account = Account("dev", ACCOUNT_ID, REGION)
    recorder = record(
        lambda: ClusterAddons(
            "addons", account, VERSIONS, cluster_name="moka-dev", has_guardduty_agent=True, after=[Nodes()]
        )
    )
    agent = recorder.named(ADDON, "addons-aws-guardduty-agent")
    assert agent.inputs["addonVersion"] == VERSIONS.guardduty_agent
    assert json.loads(agent.inputs["configurationValues"]) == {
        "priorityClassName": "aws-guardduty-agent.priorityclass-high"
    }
    assert NODES in agent.depends_on
