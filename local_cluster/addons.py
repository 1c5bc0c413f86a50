"""The pods that EKS add-ons bring into a cluster, so that they take their room and their place on its nodes.

Nothing of them runs, but for what other parts of this package do in their stead: volumes, pod identity, cluster DNS.
Their requests, numbers and selectors are those that a preview reckons with (`offline.checks.kubernetes.addon_pods`).
Leaves out their service accounts and configuration.

Source: manifests and charts of the projects, named there; each keeps a budget of one pod for what it runs more than
once of, and tolerates every taint with what runs on each node.
"""

from collections.abc import Sequence
from typing import Any

from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.nodes.plan import GROUP, planned_nodes
from local_cluster.volumes.provisioner import is_provided
from offline.checks.kubernetes.addon_pods import ADDON, AddonPods, addon_pods
from offline.providers.resource import Resource
from offline.providers.values import plain

NAMESPACE = "kube-system"
# The objects of an add-on are found by it again.
LABEL = "moka.dev/addon"

_VOLUMES_ADDON = "aws-ebs-csi-driver"


class VolumesLeftError(Exception):
    """Volumes would stay in the account, with nobody to delete them."""


def put_addon(api: KubernetesApi, addon: Resource, resources: Sequence[Resource]) -> None:
    """Make the pods of an add-on.

    Args:
        api: of the cluster.
        addon: the resource.
        resources: everything that exists in the account, node groups among it.
    """
    nodes = [node for each in resources if each.type == GROUP for node in planned_nodes(each, resources)]
    cpus = sum(node.capacity.cpu for node in nodes) // 1000
    for pods in addon_pods([addon], len(nodes), cpus):
        api.apply(*_objects(_name_of(addon), pods))


def remove_addon(api: KubernetesApi, addon: Resource) -> None:
    """Delete the pods of an add-on.

    Raises:
        VolumesLeftError: when it is the driver of volumes that are still there.
    """
    if _name_of(addon) == _VOLUMES_ADDON:
        left = [each for each in api.listed("PersistentVolume") if is_provided(each)]
        if left:
            raise VolumesLeftError(_volumes_left(left))
    for kind, version in (("Deployment", "apps/v1"), ("DaemonSet", "apps/v1"), ("PodDisruptionBudget", "policy/v1")):
        for found in api.listed(kind, version, namespace=NAMESPACE, label_selector=f"{LABEL}={_name_of(addon)}"):
            api.resource(kind, version).delete(name=found["metadata"]["name"], namespace=NAMESPACE)


def put_addons(api: KubernetesApi, resources: Sequence[Resource]) -> None:
    """Bring every add-on in line with the nodes that there are."""
    for each in resources:
        if each.type == ADDON:
            put_addon(api, each, resources)


def _volumes_left(volumes: Sequence[dict[str, Any]]) -> str:
    claims = [each["spec"].get("claimRef") or {} for each in volumes]
    named = ", ".join(f"{each.get('namespace')}/{each.get('name')}" for each in claims)
    return (
        f"{_VOLUMES_ADDON} cannot be deleted before the volumes of {named}: AWS would delete it all the same, and the "
        "volumes stay in the account. Let their claims name a VolumeAttributesClass that depends on the driver"
    )


def _name_of(addon: Resource) -> str:
    return str(plain(addon.inputs)["addonName"])


def _objects(addon: str, pods: AddonPods) -> list[dict[str, Any]]:
    metadata: dict[str, Any] = {"name": pods.name, "namespace": NAMESPACE, "labels": {LABEL: addon}}
    selected = {"app.kubernetes.io/name": pods.name}
    requests = {"cpu": f"{pods.asks.cpu}m", "memory": str(pods.asks.memory)}
    spec: dict[str, Any] = {
        "containers": [{"name": pods.name, "image": f"{addon}:of-amazon-eks", "resources": {"requests": requests}}],
        "nodeSelector": dict(pods.node_selector),
        "priorityClassName": "system-node-critical" if pods.replicas is None else "system-cluster-critical",
        "tolerations": [{"operator": "Exists"}]
        if pods.replicas is None
        else [{"key": "CriticalAddonsOnly", "operator": "Exists"}],
    }
    made: dict[str, Any] = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet" if pods.replicas is None else "Deployment",
        "metadata": metadata,
        "spec": {
            "selector": {"matchLabels": selected},
            "template": {"metadata": {"labels": selected}, "spec": spec},
        },
    }
    if pods.replicas is None:
        return [made]
    made["spec"]["replicas"] = pods.replicas
    budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata,
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": selected}},
    }
    return [made, budget] if pods.replicas > 1 else [made]
