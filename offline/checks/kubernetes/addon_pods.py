"""The pods that EKS add-ons bring, and what they ask for, since no resource of the program says it.

The requests are defaults of the projects' charts and manifests, which an add-on may change: `aws eks
describe-addon-configuration` would tell, and could not be asked. What is not listed asks for nothing by default.

Sources: values of the charts aws-vpc-cni (25m for the CNI, as much for its network policy agent), aws-ebs-csi-driver
(10m and 40Mi for each of six containers of the controller and three of a node's pod), eks-node-monitoring-agent,
eks-pod-identity-agent, metrics-server, kube-state-metrics and prometheus-node-exporter; kubernetes/kubernetes,
cluster/addons/dns/coredns and cluster/addons/kube-proxy; Amazon GuardDuty user guide, "Configure GuardDuty security
agent (add-on) parameters for Amazon EKS".
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from offline.checks.kubernetes.objects import at, known_text, mapping
from offline.checks.kubernetes.quantities import thousandths, units
from offline.checks.kubernetes.room import Room
from offline.providers.resource import Resource
from offline.providers.values import Properties

ADDON = "aws:eks/addon:Addon"
# Amazon EKS user guide, "Scale CoreDNS Pods for high DNS traffic".
_NODES_A_REPLICA, _CPUS_A_REPLICA = 16, 256


@dataclass(frozen=True)
class AddonPods:
    """The pods of one workload of an add-on.

    Args:
        name: of the workload.
        asks: what each of them asks for.
        replicas: how many there are; None for one on every node.
        node_selector: of the pods.
    """

    name: str
    asks: Room
    replicas: int | None
    node_selector: Properties


@dataclass(frozen=True)
class _Default:
    name: str
    cpu: str
    memory: str = "0"
    replicas: int | None = None
    # Where the add-on's configuration holds what applies to this workload.
    part: str = ""


_DEFAULTS: dict[str, tuple[_Default, ...]] = {
    "aws-ebs-csi-driver": (
        _Default("ebs-csi-controller", "60m", "240Mi", 2, "controller"),
        _Default("ebs-csi-node", "30m", "120Mi"),
    ),
    "aws-guardduty-agent": (_Default("aws-guardduty-agent", "200m", "256Mi"),),
    "coredns": (_Default("coredns", "100m", "70Mi", 2),),
    "eks-node-monitoring-agent": (_Default("eks-node-monitoring-agent", "10m", "30Mi"),),
    "eks-pod-identity-agent": (_Default("eks-pod-identity-agent", "0"),),
    "kube-proxy": (_Default("kube-proxy", "100m"),),
    "kube-state-metrics": (_Default("kube-state-metrics", "0", "0", 1),),
    "metrics-server": (_Default("metrics-server", "100m", "200Mi", 2),),
    "prometheus-node-exporter": (_Default("prometheus-node-exporter", "0"),),
    "vpc-cni": (_Default("aws-node", "50m"),),
}


def addon_pods(resources: Iterable[Resource], nodes: int, cpus: int) -> Iterator[AddonPods]:
    """The pods of every add-on of a stack.

    Args:
        resources: of the stack.
        nodes: of the cluster.
        cpus: of them together.
    """
    for resource in resources:
        if resource.type != ADDON:
            continue
        configuration = _configuration(resource)
        for default in _DEFAULTS.get(known_text(resource.inputs.get("addonName")), ()):
            part = mapping(at(configuration, default.part) if default.part else configuration)
            replicas = default.replicas
            if replicas is not None:
                replicas = int(part.get("replicas") or part.get("replicaCount") or replicas)
                replicas = _scaled(mapping(part.get("autoScaling")), replicas, nodes, cpus)
            asks = Room(thousandths(default.cpu), units(default.memory), 1)
            yield AddonPods(default.name, asks, replicas, mapping(part.get("nodeSelector")))


def _configuration(resource: Resource) -> Any:
    try:
        return json.loads(known_text(resource.inputs.get("configurationValues")) or "{}")
    except ValueError:
        # Another judge says that it is no JSON.
        return {}


def _scaled(scaling: Properties, replicas: int, nodes: int, cpus: int) -> int:
    """Replicas that an autoscaler of the cluster's size comes to."""
    if scaling.get("enabled") is not True:
        return replicas
    wanted = max(ceil(nodes / _NODES_A_REPLICA), ceil(cpus / _CPUS_A_REPLICA))
    return min(max(wanted, int(scaling.get("minReplicas", replicas))), int(scaling.get("maxReplicas", wanted)))
