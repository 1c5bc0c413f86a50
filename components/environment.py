"""One Moka environment: everything that one AWS account holds for Spark on EKS."""

from collections.abc import Sequence

import pulumi

from components.alerts.alert_topic import AlertTopic
from components.buckets.log_buckets import LogBuckets
from components.capacity.backends import CapacityBackends
from components.capacity.karpenter import Karpenter
from components.capacity.node_pools import NodePools
from components.cluster.addons import ClusterAddons
from components.cluster.cluster import Cluster
from components.cluster.node_group import NodeGroup
from components.cluster.node_role import NodeRole
from components.logs.control_plane_alarms import ControlPlaneAlarms
from components.logs.identities import LogIdentities
from components.logs.logging import Logging
from components.monitoring.alert_routing import AlertTarget
from components.monitoring.backends import MonitoringBackends
from components.monitoring.monitoring import Monitoring
from components.network.network import Network
from components.operator.operator import SparkOperator
from components.settings import Settings
from components.spark.history_server import HistoryServer
from components.spark.identities import SparkIdentities
from components.spark.spark_jobs import NAMESPACE as APPLICATIONS
from components.spark.spark_jobs import SparkJobs
from components.workloads.priority import platform_priority_class


class Environment(pulumi.ComponentResource):
    """Network, log buckets, cluster, nodes, add-ons, log pipeline, monitoring, and a place for Spark applications.

    Args:
        name: logical name.
        settings: the whole tree; each component gets its own part.
        opts: its providers must hold the AWS provider.

    Outputs:
        vpc_id: id of the VPC.
        control_plane_subnet_ids: zone name to the subnet of the API endpoint, for what connects a network to the VPC.
        cluster_name: name of the EKS cluster.
        kubeconfig: secret; asks the `aws` CLI for a token.
        bucket_names: purpose of a log bucket to its name.
        logging: where lines are found, and by whom; see `Logging`.
        role_arns: workload to the ARN of the role that its pods receive.
        monitoring: where metrics are and how to open them; see `Monitoring`.
        spark_defaults_command: writes Spark's defaults to the directory that SPARK_CONF_DIR names.
        history_server_command: makes the Spark History Server answer on http://localhost:18080.
        alert_topic_arn: ARN of the topic that alarms and alerts go to.
    """

    def __init__(self, name: str, settings: Settings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:Environment", name, None, opts)
        account, protect = settings.account, settings.protect
        child = pulumi.ResourceOptions(parent=self)

        alerts = AlertTopic("alerts", settings.alerts, account, protect=protect, opts=child)
        network = Network(
            "network",
            settings.network,
            account,
            protect=protect,
            optional_services=settings.endpoint_services,
            opts=child,
        )
        log_buckets = LogBuckets(
            "log-buckets",
            settings.log_buckets,
            account,
            emptied_by=settings.cluster.access.deployers,
            protect=protect,
            opts=child,
        )
        cluster = Cluster(
            "cluster",
            settings.cluster,
            account,
            vpc_id=network.vpc_id,
            subnet_ids=[network.control_plane_subnet_ids[zone] for zone in settings.network.zones_of_control_plane],
            after=network.blocks,
            protect=protect,
            opts=child,
        )
        ControlPlaneAlarms(
            "control-plane",
            settings.alerts,
            log_group_name=cluster.log_group_name,
            topic_arn=alerts.arn,
            break_glass_roles=settings.cluster.access.admin if settings.alerts.watch_admin_roles else (),
            opts=child,
        )
        log_identities = LogIdentities(
            "log-identities",
            account,
            cluster_name=cluster.name,
            bucket_names=log_buckets.bucket_names,
            key_arn=log_buckets.key_arn,
            opts=child,
        )
        spark_identities = SparkIdentities(
            "spark-identities",
            account,
            cluster_name=cluster.name,
            event_log_bucket=log_buckets.bucket_names["spark-events"],
            key_arn=log_buckets.key_arn,
            opts=child,
        )
        target = AlertTarget(alerts.arn, alerts.key_arn)
        backends = MonitoringBackends(
            "monitoring-backends",
            settings.monitoring,
            account,
            cluster_name=cluster.name,
            target=target,
            protect=protect,
            opts=child,
        )
        node_role = NodeRole("nodes", account, opts=child)
        capacity = CapacityBackends(
            "capacity-backends",
            account,
            cluster_name=cluster.name,
            node_role_arn=node_role.arn,
            security_group_id=cluster.node_security_group_id,
            subnet_ids=[network.node_subnet_ids[zone] for zone in sorted(settings.network.zones)],
            opts=child,
        )
        # A pod that is admitted before its identity takes effect has no credentials for life. Amazon EKS lets an
        # association work some seconds after it was made; a node takes longer to boot.
        node_groups = self._make_node_groups(
            settings,
            network,
            cluster,
            node_role_arn=node_role.arn,
            after=[log_identities, spark_identities, backends, capacity],
        )
        addons = ClusterAddons(
            "addons",
            account,
            settings.cluster.addons,
            cluster_name=cluster.name,
            after=node_groups,
            opts=pulumi.ResourceOptions(parent=self, providers=[cluster.kubernetes]),
        )
        priority = platform_priority_class(
            opts=pulumi.ResourceOptions(parent=self, provider=cluster.kubernetes, depends_on=[addons])
        )
        # Pods need nodes, add-ons and their priority class to run, and must be gone before those go.
        running = pulumi.ResourceOptions(parent=self, providers=[cluster.kubernetes], depends_on=[addons, priority])
        pools = self._make_node_pools(
            settings, network, cluster, node_role=node_role, capacity=capacity, running=running
        )
        logs = Logging(
            "logging",
            settings.logs,
            account,
            bucket_names=log_buckets.bucket_names,
            key_arn=log_buckets.key_arn,
            protect=protect,
            opts=running,
        )
        self.monitoring = Monitoring(
            "monitoring",
            settings.monitoring,
            account,
            alerts=settings.alerts,
            target=target,
            heartbeat_arn=backends.heartbeat_arn,
            store=backends.store,
            zones=settings.network.zones,
            protect=protect,
            opts=running,
        )
        spark_jobs = SparkJobs(
            "spark-jobs",
            settings.spark,
            account,
            event_log_bucket=log_buckets.bucket_names["spark-events"],
            node_workloads={each.workload for each in settings.nodes.values()},
            # Drivers may not be evicted, and a pool goes when its last node has been drained: they go first.
            opts=pulumi.ResourceOptions.merge(running, pulumi.ResourceOptions(depends_on=pools)),
        )
        SparkOperator(
            "spark-operator",
            settings.spark.operator,
            settings.charts,
            namespaces=[APPLICATIONS],
            defaults=spark_jobs.defaults,
            control_plane=settings.network.cidr,
            opts=pulumi.ResourceOptions.merge(running, pulumi.ResourceOptions(depends_on=[spark_jobs])),
        )
        history_server = HistoryServer(
            "history-server",
            settings.spark.history_server,
            account,
            event_log_bucket=log_buckets.bucket_names["spark-events"],
            opts=running,
        )

        self.alert_topic_arn = alerts.arn
        self.vpc_id = network.vpc_id
        self.control_plane_subnet_ids = network.control_plane_subnet_ids
        self.cluster_name = cluster.name
        self.kubeconfig = cluster.kubeconfig
        self.bucket_names = log_buckets.bucket_names
        self.logging = logs
        self.spark_defaults_command = spark_jobs.defaults_command
        self.history_server_command = history_server.login_command
        self.role_arns = log_identities.role_arns | spark_identities.role_arns | {"karpenter": capacity.role_arn}
        self.register_outputs({"cluster_name": self.cluster_name, "bucket_names": self.bucket_names})

    def _make_node_groups(
        self,
        settings: Settings,
        network: Network,
        cluster: Cluster,
        *,
        node_role_arn: pulumi.Input[str],
        after: Sequence[pulumi.Resource],
    ) -> list[NodeGroup]:
        child = pulumi.ResourceOptions(parent=self)
        return [
            NodeGroup(
                name,
                group,
                settings.account,
                cluster_name=cluster.name,
                node_role_arn=node_role_arn,
                security_group_id=cluster.node_security_group_id,
                subnet_ids=[network.node_subnet_ids[zone] for zone in group.zones or sorted(settings.network.zones)],
                release=group.node_release or settings.cluster.node_release,
                after=[network, cluster, *after],
                opts=child,
            )
            for name, group in settings.node_groups.items()
        ]

    def _make_node_pools(
        self,
        settings: Settings,
        network: Network,
        cluster: Cluster,
        *,
        node_role: NodeRole,
        capacity: CapacityBackends,
        running: pulumi.ResourceOptions,
    ) -> list[NodePools]:
        """Karpenter and its pools; nothing where no pool is set."""
        if not settings.node_pools:
            return []
        karpenter = Karpenter(
            "karpenter",
            settings.charts,
            settings.account,
            cluster_endpoint=cluster.endpoint,
            queue_name=capacity.queue_name,
            most_nodes=sum(each.most_nodes for each in settings.node_pools.values()),
            opts=running,
        )
        pools = NodePools(
            "node-pools",
            settings.node_pools,
            settings.account,
            instance_profile=node_role.instance_profile,
            security_group_id=cluster.node_security_group_id,
            subnet_ids={zone: network.node_subnet_ids[zone] for zone in settings.network.zones},
            release=settings.cluster.node_release,
            opts=pulumi.ResourceOptions.merge(running, pulumi.ResourceOptions(depends_on=[karpenter])),
        )
        return [pools]
