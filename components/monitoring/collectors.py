"""The OpenTelemetry Collectors: one on every node, and one for what a cluster has once.

Leaves out a store for traces and log records, which go to one outside where settings name it, and are refused where
they don't.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.monitoring.collector_manifests import agent_spec, cluster_rules, cluster_spec, node_rules
from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import ManagedStore, collector_files, environment
from components.monitoring.workloads import CLUSTER_COLLECTOR, NODE_COLLECTOR, OTLP_PORTS, address
from components.workloads.access import grant_cluster_role, service_account
from components.workloads.config_files import config_files
from components.workloads.network_policy import allow_from, any_pod
from components.workloads.rollout import PATIENT
from components.workloads.services import service
from components.workloads.workload import Workload


class Collectors(pulumi.ComponentResource):
    """Scrapes nodes, pods and the control plane, and writes to every replica of Prometheus and the managed workspace.

    Args:
        name: logical name.
        settings: pace, memory and stores.
        account: the environment's account.
        zones: availability zone name to its block for nodes and pods, which may all send telemetry.
        namespace: the namespace, as an output of it.
        store: the managed workspace; None while storage is in-cluster.

    Outputs:
        otlp_url: where applications send telemetry by OTLP over gRPC; it leads to the collector of the sender's node.

    Raises:
        ValueError: when settings ask for a managed workspace and none is given, or the other way round.

    Source: OpenTelemetry Collector documentation, "Kubernetes", "Configuration"; README of each component in
    opentelemetry-collector-contrib 0.155.
    """

    otlp_url: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        account: Account,
        *,
        zones: Mapping[str, IPv4Network],
        namespace: pulumi.Input[str],
        store: ManagedStore | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Collectors", name, None, opts)
        if (store is not None) != (settings.storage == "amazon-managed"):
            raise ValueError(f"storage is {settings.storage}, which does not fit a workspace of {store}")
        child = pulumi.ResourceOptions(parent=self)

        agent = NODE_COLLECTOR.placed_in(namespace)
        agent_rights = self._rights(f"{name}-agent", agent, node_rules())
        agent_files = config_files(f"{name}-agent", agent, collector_files("agent", settings), opts=child)
        kubernetes.apps.v1.DaemonSet(
            f"{name}-agent",
            metadata=agent.metadata(),
            spec=agent_spec(settings, environment("agent", settings, account, store), agent_files),
            opts=pulumi.ResourceOptions(parent=self, depends_on=agent_rights, custom_timeouts=PATIENT),
        )
        service(f"{name}-agent", agent, OTLP_PORTS, local=True, opts=child)
        allow_from(f"{name}-agent", agent, any_pod(zones.values()), list(OTLP_PORTS.values()), opts=child)

        cluster = CLUSTER_COLLECTOR.placed_in(namespace)
        cluster_rights = self._rights(f"{name}-cluster", cluster, cluster_rules())
        cluster_files = config_files(f"{name}-cluster", cluster, collector_files("cluster", settings), opts=child)
        kubernetes.apps.v1.Deployment(
            f"{name}-cluster",
            metadata=cluster.metadata(),
            spec=cluster_spec(settings, environment("cluster", settings, account, store), cluster_files),
            opts=pulumi.ResourceOptions(parent=self, depends_on=cluster_rights),
        )
        self.otlp_url = pulumi.Output.from_input(address(NODE_COLLECTOR, OTLP_PORTS["otlp-grpc"]))
        self.register_outputs({"otlp_url": self.otlp_url})

    def _rights(
        self, name: str, workload: Workload, rules: Sequence[kubernetes.rbac.v1.PolicyRuleArgs]
    ) -> list[pulumi.Resource]:
        """Who a collector is to Kubernetes; its pods start after all of it."""
        child = pulumi.ResourceOptions(parent=self)
        return [service_account(name, workload, opts=child), grant_cluster_role(name, workload, rules, opts=child)]
