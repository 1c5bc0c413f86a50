"""One Moka environment: everything that one AWS account holds for Spark on EKS."""

from collections.abc import Sequence

import pulumi

from components.alerts.alert_topic import AlertTopic
from components.buckets.log_buckets import LogBuckets
from components.cluster.addons import ClusterAddons
from components.cluster.cluster import Cluster
from components.cluster.node_group import NodeGroup
from components.cluster.node_role import NodeRole
from components.identities import Identities
from components.logs.control_plane_alarms import ControlPlaneAlarms
from components.logs.logging import Logging
from components.monitoring.alert_routing import AlertTarget
from components.monitoring.backends import MonitoringBackends
from components.monitoring.monitoring import Monitoring
from components.network.network import Network
from components.network.subnets import control_plane_ranges
from components.settings import Settings
from components.spark.platform import SparkPlatform
from components.teams.identities import identities_of
from components.teams.names import namespace_of
from components.teams.settings import members_of_groups
from components.workloads.priority import platform_priority_class


class Environment(pulumi.ComponentResource):
    """Network, log buckets, cluster, nodes, add-ons, log pipeline, monitoring, and a place for each team.

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
        spark: where applications run and how to open what keeps them; see `SparkPlatform`.
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
            optional_services=settings.monitoring.endpoint_services,
            opts=child,
        )
        log_buckets = LogBuckets(
            "log-buckets",
            settings.log_buckets,
            account,
            event_log_writers=identities_of(settings.teams),
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
            members=members_of_groups(settings.teams),
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
        identities = Identities(
            "identities",
            settings.teams,
            account,
            cluster_name=cluster.name,
            bucket_names=log_buckets.bucket_names,
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
        node_groups = self._make_node_groups(settings, network, cluster, after=[identities, backends])
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
        logs = Logging(
            "logging",
            settings.logs,
            account,
            teams={team: each.owners for team, each in settings.teams.items()},
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
            team_receivers={namespace_of(team): each.receivers for team, each in settings.teams.items()},
            target=target,
            heartbeat_arn=backends.heartbeat_arn,
            store=backends.store,
            zones=settings.network.zones,
            protect=protect,
            opts=running,
        )
        spark = SparkPlatform(
            "spark",
            settings.spark_platform,
            account,
            event_log_bucket=log_buckets.bucket_names["spark-events"],
            node_workloads={each.workload for each in settings.node_groups.values()},
            control_plane=control_plane_ranges(settings.network),
            opts=running,
        )

        self.alert_topic_arn = alerts.arn
        self.vpc_id = network.vpc_id
        self.control_plane_subnet_ids = network.control_plane_subnet_ids
        self.cluster_name = cluster.name
        self.kubeconfig = cluster.kubeconfig
        self.bucket_names = log_buckets.bucket_names
        self.logging = logs
        self.spark = spark
        self.role_arns = identities.role_arns
        self.register_outputs({"cluster_name": self.cluster_name, "bucket_names": self.bucket_names})

    def _make_node_groups(
        self, settings: Settings, network: Network, cluster: Cluster, *, after: Sequence[pulumi.Resource]
    ) -> list[NodeGroup]:
        child = pulumi.ResourceOptions(parent=self)
        role = NodeRole("nodes", settings.account, opts=child)
        return [
            NodeGroup(
                name,
                group,
                settings.account,
                cluster_name=cluster.name,
                node_role_arn=role.arn,
                security_group_id=cluster.node_security_group_id,
                subnet_ids=[network.node_subnet_ids[zone] for zone in group.zones or sorted(settings.network.zones)],
                release=group.node_release or settings.cluster.node_release,
                after=[network, cluster, *after],
                opts=child,
            )
            for name, group in settings.node_groups.items()
        ]
