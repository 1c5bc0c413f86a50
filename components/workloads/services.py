"""Services in front of a workload's pods, and the budget that keeps some of them running."""

from collections.abc import Mapping
from typing import Literal

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.workload import Workload


def service(
    name: str,
    workload: Workload,
    ports: Mapping[str, int],
    *,
    affinity: Literal["None", "ClientIP"] = "None",
    local: bool = False,
    opts: pulumi.ResourceOptions,
) -> kubernetes.core.v1.Service:
    """A service inside the cluster, named like the workload.

    Args:
        name: logical name.
        workload: whose pods answer.
        ports: name to port, the same on the pods.
        affinity: ClientIP sends one client to one pod, for replicas whose answers differ a little.
        local: send a pod's traffic to its own node only.
        opts: options of the component that owns it.
    """
    return kubernetes.core.v1.Service(
        name,
        metadata=workload.metadata(),
        spec=kubernetes.core.v1.ServiceSpecArgs(
            type="ClusterIP",
            selector=workload.selector,
            session_affinity=affinity,
            internal_traffic_policy="Local" if local else "Cluster",
            ports=_service_ports(ports),
        ),
        opts=opts,
    )


def replica_service_name(workload: Workload) -> str:
    """Name of the headless service that gives each replica an address of its own."""
    return f"{workload.name}-replicas"


def replica_service(
    name: str, workload: Workload, ports: Mapping[str, int], *, opts: pulumi.ResourceOptions
) -> kubernetes.core.v1.Service:
    """The headless service of a stateful service; replicas find each other by it before they are ready."""
    return kubernetes.core.v1.Service(
        name,
        metadata=workload.metadata(replica_service_name(workload)),
        spec=kubernetes.core.v1.ServiceSpecArgs(
            cluster_ip="None",
            selector=workload.selector,
            publish_not_ready_addresses=True,
            ports=_service_ports(ports),
        ),
        opts=opts,
    )


def disruption_budget(
    name: str, workload: Workload, *, opts: pulumi.ResourceOptions
) -> kubernetes.policy.v1.PodDisruptionBudget:
    """At most one replica is away at a time; only for workloads that have several, or a drain would wait forever."""
    return kubernetes.policy.v1.PodDisruptionBudget(
        name,
        metadata=workload.metadata(),
        spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(max_unavailable=1, selector=workload.label_selector()),
        opts=opts,
    )


def _service_ports(ports: Mapping[str, int]) -> list[kubernetes.core.v1.ServicePortArgs]:
    return [kubernetes.core.v1.ServicePortArgs(name=name, port=port, target_port=name) for name, port in ports.items()]
