"""Kubernetes events of the cluster, kept longer than the API server's hour.

One pod a cluster, not one a node: each would ship every event. Leaves out alerts on events.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.images.table import FLUENT_BIT
from components.logs.fluent_bit import FILES
from components.logs.manifests import (
    METRICS_PORT,
    NAMESPACE,
    TERMINATION_GRACE_SECONDS,
    agent_container,
    shared_environment,
)
from components.logs.settings import LogsSettings
from components.workloads.access import grant_cluster_role, service_account
from components.workloads.config_files import config_files, config_volume
from components.workloads.containers import resources, variables
from components.workloads.network_policy import allow_from, scrapers
from components.workloads.priority import PLATFORM
from components.workloads.scheduling import on_system_nodes
from components.workloads.security import restricted_container, restricted_pod
from components.workloads.workload import Workload

SHIPPER = Workload("kubernetes-events", "event-shipper", NAMESPACE, FLUENT_BIT)
FILE = "kubernetes-events.yaml"
# Not root: it reads the API and writes to its own volume alone.
USER_ID = 65532
MEMORY_MIB = 128
# An hour of a busy cluster's events, several times over.
STATE_SIZE = "1Gi"

Core = kubernetes.core.v1


class ClusterEvents(pulumi.ComponentResource):
    """A Deployment of one pod that writes the cluster's events to S3 as JSON lines, by day.

    A new pod reads again what the API server still holds, an hour by default, so that nothing is missing after it
    moved to another node; the same event may then be there twice, and its uid and resource version tell. A volume
    that remembers its place would tie the pod to one zone and keep it waiting for a lost node's volume, and the
    input's own record of places leaves out events whose count rises.

    Args:
        name: logical name.
        settings: pace of uploads and how much the agents say.
        account: the environment's account.
        namespace: the log agents' namespace.
        system_bucket: name of the bucket of system pod logs.

    Source: Fluent Bit manual, "Kubernetes Events" input; Kubernetes documentation, "Event" of core/v1.
    """

    def __init__(
        self,
        name: str,
        settings: LogsSettings,
        account: Account,
        *,
        namespace: pulumi.Input[str],
        system_bucket: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:ClusterEvents", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        shipper = SHIPPER.placed_in(namespace)
        user = service_account(name, shipper, opts=child)
        grant = grant_cluster_role(name, shipper, event_rules(), opts=child)
        allow_from(name, shipper, scrapers(), [METRICS_PORT], opts=child)
        config_map = config_files(f"{name}-files", shipper, [FILES / FILE], opts=child)
        kubernetes.apps.v1.Deployment(
            name,
            metadata=shipper.metadata(),
            spec=deployment_spec(shared_environment(settings, account, system_bucket), config_map),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[user, grant]),
        )
        self.register_outputs({})


def event_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """Read events of every namespace, and nothing else."""
    return [
        kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[""], resources=["events"], verbs=["get", "list", "watch"]),
    ]


def deployment_spec(
    values: dict[str, pulumi.Input[str]], config_map: pulumi.Input[str]
) -> kubernetes.apps.v1.DeploymentSpecArgs:
    """One pod; the old one goes before the new one comes, so that no event is shipped by both for long."""
    container = agent_container(
        SHIPPER,
        FILE,
        env=variables(values),
        needs=resources(cpu="50m", memory_mib=MEMORY_MIB, memory_limit_mib=2 * MEMORY_MIB),
        security=restricted_container(),
    )
    return kubernetes.apps.v1.DeploymentSpecArgs(
        replicas=1,
        strategy=kubernetes.apps.v1.DeploymentStrategyArgs(type="Recreate"),
        selector=SHIPPER.label_selector(),
        template=Core.PodTemplateSpecArgs(
            metadata=SHIPPER.pod_metadata(),
            spec=Core.PodSpecArgs(
                service_account_name=SHIPPER.name,
                automount_service_account_token=True,
                priority_class_name=PLATFORM,
                node_selector=on_system_nodes(),
                security_context=restricted_pod(USER_ID),
                termination_grace_period_seconds=TERMINATION_GRACE_SECONDS,
                containers=[container],
                volumes=[
                    config_volume("config", config_map),
                    Core.VolumeArgs(name="state", empty_dir=Core.EmptyDirVolumeSourceArgs(size_limit=STATE_SIZE)),
                ],
            ),
        ),
    )
