"""Metrics and alerts of one environment, composed."""

from collections.abc import Mapping
from ipaddress import IPv4Network

import pulumi

from components.account import Account
from components.alerts.settings import AlertsSettings
from components.monitoring.alert_routing import AlertTarget
from components.monitoring.alertmanager import Alertmanager
from components.monitoring.collectors import Collectors
from components.monitoring.grafana import Grafana
from components.monitoring.heartbeat import Heartbeat
from components.monitoring.managed_alerts import ManagedAlerts
from components.monitoring.managed_grafana import ManagedGrafana
from components.monitoring.prometheus import Prometheus
from components.monitoring.rules import rule_documents
from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import ManagedStore
from components.monitoring.target_allocator import TargetAllocator
from components.monitoring.workloads import NAMESPACE
from components.monitoring.workspace import MetricsWorkspace
from components.workloads.namespace import namespace
from components.workloads.network_policy import own_namespace_only
from components.workloads.workload import object_name


class Monitoring(pulumi.ComponentResource):
    """Collectors, Prometheus, Alertmanager and Grafana in one namespace, and the managed workspace where it is set.

    Pages are reached by port forwarding, such as:

        kubectl --namespace monitoring port-forward service/prometheus 9090:9090
        kubectl --namespace monitoring port-forward service/alertmanager 9093:9093

    Args:
        name: logical name.
        settings: storage, availability and sizes.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it so that identities wait for the cluster.
        alerts: receivers of alerts.
        target: the topic that alerts go to.
        zones: availability zone name to its block for nodes and pods.
        protect: refuse to delete the managed workspace, and keep volumes when their workloads are deleted.

    Outputs:
        prometheus_url: where queries go inside the cluster.
        workspace_id: id of the managed workspace; None while storage is in-cluster.
        workspace_endpoint: its base URL for queries; None while storage is in-cluster.
        grafana_command: makes Grafana answer on http://localhost:3000, or opens the managed one.
        grafana_password_command: prints the password of its user admin; None while Grafana is managed.
    """

    prometheus_url: pulumi.Output[str]
    workspace_id: pulumi.Output[str] | None
    workspace_endpoint: pulumi.Output[str] | None
    grafana_command: pulumi.Output[str]
    grafana_password_command: pulumi.Output[str] | None

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        alerts: AlertsSettings,
        target: AlertTarget,
        zones: Mapping[str, IPv4Network],
        protect: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Monitoring", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Every pod here satisfies the strictest level: node agents too, since they mount nothing of the node.
        space = namespace(NAMESPACE, "restricted", opts=child)
        ready = object_name(space.metadata)
        # Whoever can reach Prometheus can write samples, and whoever can reach Alertmanager can silence alerts.
        own_namespace_only(f"{name}-ingress", ready, opts=child)

        workspace = (
            MetricsWorkspace("metrics-workspace", account, protect=protect, opts=child)
            if settings.storage == "amazon-managed"
            else None
        )
        store = ManagedStore(workspace.remote_write_url, workspace.arn) if workspace else None
        heartbeat = Heartbeat("heartbeat", account, sender="Alertmanager in the cluster", target=target, opts=child)
        Alertmanager(
            "alertmanager",
            settings,
            alerts,
            account,
            cluster_name=cluster_name,
            target=target,
            heartbeat_arn=heartbeat.topic_arn,
            namespace=ready,
            protect=protect,
            opts=child,
        )
        if workspace:
            ManagedAlerts(
                "managed-alerts",
                account,
                workspace_id=workspace.workspace_id,
                rules=rule_documents(zones),
                target=target,
                opts=child,
            )
        prometheus = Prometheus(
            "prometheus", settings, account, zones=zones, namespace=ready, protect=protect, opts=child
        )
        if settings.monitors == "honoured":
            TargetAllocator("target-allocator", settings, namespace=ready, opts=child)
        Collectors("collectors", settings, account, namespace=ready, cluster_name=cluster_name, store=store, opts=child)
        grafana = (
            ManagedGrafana("managed-grafana", account, metrics_arn=workspace.arn, protect=protect, opts=child)
            if workspace and settings.grafana == "amazon-managed"
            else Grafana("grafana", namespace=ready, protect=protect, opts=child)
        )

        self.prometheus_url = prometheus.url
        self.workspace_id = workspace.workspace_id if workspace else None
        self.workspace_endpoint = workspace.endpoint if workspace else None
        self.grafana_command = grafana.login_command
        self.grafana_password_command = grafana.password_command
        self.register_outputs(
            {
                "prometheus_url": self.prometheus_url,
                "workspace_id": self.workspace_id,
                "workspace_endpoint": self.workspace_endpoint,
                "grafana_command": self.grafana_command,
                "grafana_password_command": self.grafana_password_command,
            }
        )
