"""The EKS add-ons that follow the cluster: one before nodes join, the rest once nodes can run their pods.

Leaves out vpc-cni and kube-proxy, which `eks.Cluster` installs itself (`cluster.py`).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.cluster.addon_configuration import (
    coredns,
    ebs_csi_driver,
    guardduty_agent,
    kube_state_metrics,
    metrics_server,
    node_exporter,
    node_monitoring_agent,
)
from components.cluster.addon_versions import AddonVersions
from components.cluster.storage_class import make_default_storage_class, make_volume_class
from components.identity.pod_identity import PodIdentity

# Where Amazon EKS puts the add-ons that need AWS permissions.
NAMESPACE = "kube-system"


def make_addon(
    name: str,
    addon: str,
    version: str,
    *,
    cluster_name: pulumi.Input[str],
    configuration: Mapping[str, Any] | None = None,
    opts: pulumi.ResourceOptions,
) -> aws.eks.Addon:
    """One EKS add-on.

    Conflicts: at creation the add-on takes over what a manifest may have left, later it keeps what people tuned.

    Args:
        name: logical name of the component that makes it.
        addon: name by which Amazon EKS knows it.
        version: its pinned version.
        cluster_name: the cluster.
        configuration: values that differ from the add-on's own.
        opts: options of the resource.
    """
    return aws.eks.Addon(
        f"{name}-{addon}",
        addon_name=addon,
        addon_version=version,
        cluster_name=cluster_name,
        configuration_values=None if configuration is None else json.dumps(configuration, sort_keys=True),
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="PRESERVE",
        # A destroyed add-on takes its pods along; kept ones would run on with nobody to update them.
        preserve=False,
        opts=opts,
    )


class NodeAddons(pulumi.ComponentResource):
    """What must be there when the first node joins: AWS credentials for pods, and those of the add-ons.

    A node whose CNI gets no credentials never turns ready, and its node group fails after twenty minutes. A driver of
    volumes that gets none never binds a claim.

    Args:
        name: logical name, such as cluster.
        account: the environment's account.
        versions: pinned add-on versions.
        cluster_name: name of the cluster, as an output of it.
    """

    def __init__(
        self,
        name: str,
        account: Account,
        versions: AddonVersions,
        *,
        cluster_name: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:NodeAddons", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        make_addon(name, "eks-pod-identity-agent", versions.pod_identity_agent, cluster_name=cluster_name, opts=child)
        for addon, service_account, policy in (
            ("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
            # The first version of the policy let the driver touch volumes that it did not make.
            ("ebs-csi", "ebs-csi-controller-sa", "AmazonEBSCSIDriverPolicyV2"),
        ):
            PodIdentity(
                f"{name}-{addon}",
                account,
                cluster_name=cluster_name,
                namespace=NAMESPACE,
                service_account=service_account,
                managed_policy=policy,
                opts=child,
            )
        self.register_outputs({})


class ClusterAddons(pulumi.ComponentResource):
    """The add-ons whose pods need nodes, and the default storage class.

    Args:
        name: logical name, such as addons.
        account: the environment's account.
        versions: pinned add-on versions.
        cluster_name: name of the cluster, as an output of it.
        has_guardduty_agent: whether GuardDuty's agent runs on every node.
        after: node groups; an add-on without a node to run on times out as degraded, and on a destroy pods go before
            the nodes that stop them.
        opts: its providers must hold the cluster's Kubernetes provider.
    """

    def __init__(
        self,
        name: str,
        account: Account,
        versions: AddonVersions,
        *,
        cluster_name: pulumi.Input[str],
        has_guardduty_agent: bool = False,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:ClusterAddons", name, None, opts)
        self._name = name
        self._cluster_name = cluster_name
        self._after = list(after)
        self._add("coredns", versions.coredns, coredns())
        self._add_volumes(account, versions)
        self._add("metrics-server", versions.metrics_server, metrics_server())
        self._add("eks-node-monitoring-agent", versions.node_monitoring_agent, node_monitoring_agent())
        self._add("kube-state-metrics", versions.kube_state_metrics, kube_state_metrics())
        self._add("prometheus-node-exporter", versions.node_exporter, node_exporter())
        if has_guardduty_agent:
            self._add("aws-guardduty-agent", versions.guardduty_agent, guardduty_agent())
        self.register_outputs({})

    def _add(self, addon: str, version: str, configuration: Mapping[str, Any]) -> aws.eks.Addon:
        # Add-on pods need nodes to run on; see `after`.
        opts = pulumi.ResourceOptions(parent=self, depends_on=self._after)
        return make_addon(
            self._name, addon, version, cluster_name=self._cluster_name, configuration=configuration, opts=opts
        )

    def _add_volumes(self, account: Account, versions: AddonVersions) -> None:
        """The EBS CSI driver, the class that pods get when they name none, and the kind of volume that claims name."""
        driver = self._add("aws-ebs-csi-driver", versions.ebs_csi_driver, ebs_csi_driver(account.region))
        # The driver deletes the volumes of both classes, so it outlives them.
        before_driver = pulumi.ResourceOptions(parent=self, depends_on=[driver])
        make_default_storage_class(self._name, opts=before_driver)
        make_volume_class(self._name, opts=before_driver)
