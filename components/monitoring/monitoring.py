"""Metrics and alerts of one environment, composed.

Leaves out what its pods use in AWS and who they are there, which exists before nodes do (`backends.py`).
"""

from collections.abc import Mapping
from ipaddress import IPv4Network

import pulumi

from components.account import Account
from components.alerts.alert_topic import AlertTarget
from components.alerts.settings import AlertsSettings
from components.monitoring.alert_routing import TeamReceivers
from components.monitoring.alertmanager import Alertmanager
from components.monitoring.collectors import Collectors
from components.monitoring.grafana import Grafana
from components.monitoring.heartbeat import heartbeat_alarm
from components.monitoring.managed_alerts import ManagedAlerts
from components.monitoring.managed_grafana import ManagedGrafana
from components.monitoring.prometheus import Prometheus
from components.monitoring.rules import rule_documents
from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import ManagedStore
from components.monitoring.target_allocator import TargetAllocator
from components.monitoring.workloads import NAMESPACE
from components.workloads.namespace import namespace
from components.workloads.network_policy import bound_namespace
from components.workloads.workload import object_name


class Monitoring(pulumi.ComponentResource):
    """Collectors, Prometheus, Alertmanager and Grafana in one namespace, and what reads a managed workspace.

    Pages are reached by port forwarding, such as:

        kubectl --namespace monitoring port-forward service/prometheus 9090:9090
        kubectl --namespace monitoring port-forward service/alertmanager 9093:9093

    Args:
        name: logical name.
        settings: storage, availability and sizes.
        account: the environment's account.
        alerts: receivers of alerts.
        team_receivers: namespace of every team to the receivers that it names.
        target: the topic that alerts go to.
        heartbeat_arn: the topic whose messages are counted.
        store: the managed workspace; None while storage is in-cluster.
        zones: availability zone name to its block for nodes and pods.
        protect: refuse to delete a managed Grafana, and keep volumes when their workloads are deleted.

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
        alerts: AlertsSettings,
        team_receivers: TeamReceivers,
        target: AlertTarget,
        heartbeat_arn: pulumi.Input[str],
        store: ManagedStore | None,
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
        bound_namespace(name, ready, opts=child)

        heartbeat_alarm(
            "heartbeat",
            sender="Alertmanager in the cluster",
            heartbeat_arn=heartbeat_arn,
            topic_arn=target.topic_arn,
            opts=child,
        )
        Alertmanager(
            "alertmanager",
            settings,
            alerts,
            account,
            team_receivers=team_receivers,
            topic_arn=target.topic_arn,
            heartbeat_arn=heartbeat_arn,
            namespace=ready,
            protect=protect,
            opts=child,
        )
        if store:
            ManagedAlerts(
                "managed-alerts",
                account,
                workspace_id=store.workspace_id,
                rules=rule_documents(zones),
                target=target,
                opts=child,
            )
        prometheus = Prometheus(
            "prometheus", settings, account, zones=zones, namespace=ready, protect=protect, opts=child
        )
        if settings.monitors == "honoured":
            TargetAllocator("target-allocator", settings, namespace=ready, opts=child)
        Collectors("collectors", settings, account, zones=zones, namespace=ready, store=store, opts=child)
        grafana = (
            ManagedGrafana("managed-grafana", account, metrics_arn=store.arn, protect=protect, opts=child)
            if store and settings.grafana == "amazon-managed"
            else Grafana("grafana", namespace=ready, protect=protect, opts=child)
        )

        self.prometheus_url = prometheus.url
        self.workspace_id = store.workspace_id if store else None
        self.workspace_endpoint = store.endpoint if store else None
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
