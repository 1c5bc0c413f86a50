"""What the metrics stack's pods use in AWS, and who they are to it, before any of these pods exists.

Leaves out the topic for people, which control-plane alarms use too, and what nothing in the cluster calls: rules and
alert manager of the workspace, and Amazon Managed Grafana.
"""

import pulumi

from components.account import Account
from components.alerts.alert_topic import AlertTarget
from components.identity.pod_identity import PodIdentity
from components.monitoring.heartbeat import HeartbeatTopic
from components.monitoring.policies import publication, remote_write
from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import ManagedStore
from components.monitoring.workloads import ALERT_ROUTER, CLUSTER_COLLECTOR, NAMESPACE, NODE_COLLECTOR
from components.monitoring.workspace import MetricsWorkspace


class MonitoringBackends(pulumi.ComponentResource):
    """The managed workspace where it is set, the topic of heartbeats, and the roles of those who write to them.

    Args:
        name: logical name.
        settings: where metrics are stored.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it so that associations wait for the cluster.
        target: the topic that alerts go to.
        protect: refuse to delete the workspace.

    Outputs:
        heartbeat_arn: the topic whose messages are counted.
        store: the managed workspace; None while storage is in-cluster.
    """

    heartbeat_arn: pulumi.Output[str]
    store: ManagedStore | None

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        target: AlertTarget,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:MonitoringBackends", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.heartbeat_arn = HeartbeatTopic("heartbeat", account, key_arn=target.key_arn, opts=child).arn
        self.store = _store(account, protect, child) if settings.storage == "amazon-managed" else None
        PodIdentity(
            "alertmanager",
            account,
            cluster_name=cluster_name,
            namespace=NAMESPACE,
            service_account=ALERT_ROUTER.name,
            policy=pulumi.Output.all(target.topic_arn, target.key_arn, self.heartbeat_arn).apply(
                lambda arns: publication(arns[0], arns[1], arns[2], account)
            ),
            opts=child,
        )
        # Roles that may do nothing while storage is in-cluster: once a workspace is set, the nodes of a running
        # environment wait for nothing any more, and new pods would come as soon as new associations.
        for collector, workload in (("agent", NODE_COLLECTOR), ("cluster", CLUSTER_COLLECTOR)):
            PodIdentity(
                f"collectors-{collector}",
                account,
                cluster_name=cluster_name,
                namespace=NAMESPACE,
                service_account=workload.name,
                policy=self.store.arn.apply(remote_write) if self.store else None,
                opts=child,
            )
        self.register_outputs({"heartbeat_arn": self.heartbeat_arn})


def _store(account: Account, protect: bool, opts: pulumi.ResourceOptions) -> ManagedStore:
    made = MetricsWorkspace("metrics-workspace", account, protect=protect, opts=opts)
    return ManagedStore(made.remote_write_url, made.arn, made.workspace_id, made.endpoint)
