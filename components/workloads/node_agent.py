"""A workload that runs on every node: what all node agents share.

Leaves out the container itself, which each agent defines.
"""

from collections.abc import Sequence

import pulumi_kubernetes as kubernetes

from components.workloads.priority import NODE_AGENT
from components.workloads.scheduling import on_every_node
from components.workloads.workload import Workload

# Thousands of nodes roll in ten steps, and nine tenths of them always report.
MOST_UNAVAILABLE = "10%"


def node_agent_spec(
    workload: Workload,
    *,
    container: kubernetes.core.v1.ContainerArgs,
    volumes: Sequence[kubernetes.core.v1.VolumeArgs],
    security_context: kubernetes.core.v1.PodSecurityContextArgs,
    termination_grace_seconds: int | None = None,
) -> kubernetes.apps.v1.DaemonSetSpecArgs:
    """One pod on every Linux node, whatever its architecture and taints, that asks the Kubernetes API for metadata.

    Args:
        workload: whose pods they are.
        container: the agent.
        volumes: of the pod.
        security_context: of the pod.
        termination_grace_seconds: time to hand over what it holds; Kubernetes' own default where None.
    """
    return kubernetes.apps.v1.DaemonSetSpecArgs(
        selector=workload.label_selector(),
        update_strategy=kubernetes.apps.v1.DaemonSetUpdateStrategyArgs(
            type="RollingUpdate",
            rolling_update=kubernetes.apps.v1.RollingUpdateDaemonSetArgs(max_unavailable=MOST_UNAVAILABLE),
        ),
        template=kubernetes.core.v1.PodTemplateSpecArgs(
            metadata=workload.pod_metadata(),
            spec=kubernetes.core.v1.PodSpecArgs(
                service_account_name=workload.name,
                automount_service_account_token=True,
                priority_class_name=NODE_AGENT,
                tolerations=on_every_node(),
                node_selector={"kubernetes.io/os": "linux"},
                security_context=security_context,
                termination_grace_period_seconds=termination_grace_seconds,
                containers=[container],
                volumes=list(volumes),
            ),
        ),
    )
