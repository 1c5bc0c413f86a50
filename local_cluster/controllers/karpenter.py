"""Karpenter beside a cluster: it makes nodes of a stack's pools, which KWOK plays, and takes them away.

It has the rights of the stack's own service account, and its environment variables are those of the stack's Deployment.
Pools are the stack's, copied under another name for another class of nodes: a pool's class can't be changed in place.

What is EC2's has no part in it. Capacity is always there, at once; images, subnets and disks are not looked at, so no
node drifts because of them; and no queue tells of interruptions. When one does, Karpenter deletes the instance's
NodeClaim, which whoever plays EC2 here may do.

Sources: kubernetes-sigs/karpenter v1.14.1, kwok (program, class, rights) and pkg/operator/options;
aws/karpenter-provider-aws v1.14.1, pkg/controllers/interruption/controller.go, deleteNodeClaim.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.capacity.names import CONTROLLER, NAMESPACE, SERVICE_ACCOUNT
from components.capacity.node_pool import GROUP, KIND
from local_cluster.controllers.instance_types import instance_types
from local_cluster.controllers.prices import on_demand_prices
from local_cluster.controllers.service_account import service_account_kubeconfig
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK, Ports
from local_cluster.ports import free_ports
from local_cluster.private_file import write_private
from local_cluster.process import Process
from local_cluster.programs.karpenter import CLASS_DEFINITION, KARPENTER, PRICES, PROGRAM
from local_cluster.programs.project import find
from local_cluster.waiting import answers
from moka_smoke.kubernetes_objects import KubernetesObjects
from offline.progress import Say

PREFIX = "simulated-"
POOLS = "karpenter.sh/v1"

_KWOK_GROUP, _KWOK_KIND = "karpenter.kwok.sh", "KWOKNodeClass"
_CLASS = "simulated"
_NAME = "moka-simulated-karpenter"

Object = dict[str, Any]


@dataclass(frozen=True)
class KarpenterProgram:
    """The program, and what lies beside it.

    Args:
        path: the executable.
    """

    path: Path

    @property
    def class_definition(self) -> Object:
        """Definition of its class of nodes."""
        return yaml.safe_load((self._place / CLASS_DEFINITION).read_text())

    def prices(self, region: str) -> Mapping[str, float]:
        """Instance type to its price on demand in a Region, in dollars an hour."""
        return on_demand_prices((self._place / PRICES).read_text(), region)

    @property
    def _place(self) -> Path:
        return self.path.parent.parent


def find_karpenter(report: Say) -> KarpenterProgram:
    """The program.

    Raises:
        MissingToolError: when it can't be had.
    """
    return KarpenterProgram(find([KARPENTER], report)[PROGRAM])


def karpenter(
    program: KarpenterProgram, directory: ClusterDirectory, ports: Ports, api: KubernetesObjects, region: str
) -> Process:
    """The process, with everything in the cluster that it needs beyond the stack.

    Args:
        program: the program.
        directory: the cluster's.
        ports: the API server's among them.
        api: of the cluster, whose stack is up and has pools.
        region: the stack's, for prices.
    """
    api.apply(program.class_definition, *_rights())
    types = directory.root / "instance-types.json"
    classes = {each["metadata"]["name"]: each for each in api.listed(KIND, f"{GROUP}/v1")}
    made = instance_types(_pools_of_stack(api), classes, program.prices(region))
    write_private(types, json.dumps(made, indent=2))
    health, metrics = free_ports(2)
    return Process(
        CONTROLLER.name,
        [str(program.path)],
        lambda: answers(f"http://{LOOPBACK}:{health}/readyz"),
        {
            **_variables_of_stack(api),
            "KUBECONFIG": str(service_account_kubeconfig(directory, ports, NAMESPACE, SERVICE_ACCOUNT)),
            "SYSTEM_NAMESPACE": NAMESPACE,
            "DISABLE_LEADER_ELECTION": "true",
            "HEALTH_PROBE_PORT": str(health),
            "METRICS_PORT": str(metrics),
            "INSTANCE_TYPES_FILE_PATH": str(types),
        },
    )


def copy_pools(api: KubernetesObjects) -> list[str]:
    """Make the stack's pools those of simulated nodes, as they are now; returns the names of the copies.

    Only their name and their class differ.
    """
    api.apply({"apiVersion": f"{_KWOK_GROUP}/v1alpha1", "kind": _KWOK_KIND, "metadata": {"name": _CLASS}, "spec": {}})
    copies = [_copy(pool) for pool in _pools_of_stack(api)]
    api.apply(*copies)
    return [each["metadata"]["name"] for each in copies]


def _pools_of_stack(api: KubernetesObjects) -> list[Object]:
    pools = api.listed("NodePool", POOLS)
    return [each for each in pools if each["spec"]["template"]["spec"]["nodeClassRef"]["group"] == GROUP]


def _copy(pool: Object) -> Object:
    spec = json.loads(json.dumps(pool["spec"]))
    spec["template"]["spec"]["nodeClassRef"] = {"group": _KWOK_GROUP, "kind": _KWOK_KIND, "name": _CLASS}
    return {
        "apiVersion": POOLS,
        "kind": "NodePool",
        "metadata": {"name": f"{PREFIX}{pool['metadata']['name']}"},
        "spec": spec,
    }


def _variables_of_stack(api: KubernetesObjects) -> dict[str, str]:
    """What the stack's own controller is told, where a process can be told the same."""
    deployment = api.named("Deployment", CONTROLLER.name, NAMESPACE, "apps/v1")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each["value"] for each in container["env"] if "value" in each}


def _rights() -> list[Object]:
    """What acts for EC2 may make nodes, and read what class they are of."""
    version, names = "rbac.authorization.k8s.io/v1", {"name": _NAME}
    rules = [
        {
            "apiGroups": [_KWOK_GROUP],
            "resources": ["kwoknodeclasses", "kwoknodeclasses/status"],
            "verbs": ["get", "list", "watch", "patch", "update"],
        },
        {"apiGroups": [""], "resources": ["nodes"], "verbs": ["create"]},
    ]
    subject = {"kind": "ServiceAccount", "name": SERVICE_ACCOUNT, "namespace": NAMESPACE}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": _NAME}
    return [
        {"apiVersion": version, "kind": "ClusterRole", "metadata": names, "rules": rules},
        {
            "apiVersion": version,
            "kind": "ClusterRoleBinding",
            "metadata": names,
            "roleRef": role,
            "subjects": [subject],
        },
    ]
