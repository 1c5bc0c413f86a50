"""One Moka environment: everything that one AWS account holds for Spark on EKS."""

from collections.abc import Sequence

import pulumi

from components.alerts.alert_topic import AlertTopic
from components.buckets.log_buckets import LogBuckets
from components.capacity.elastic_nodes import ElasticNodes
from components.capacity.fixed_nodes import FixedNodes, NodeSite
from components.cluster.addons import ClusterAddons
from components.cluster.cluster import Cluster
from components.detection.detection import Detection
from components.detection.trail import TRAIL
from components.guard_rails.guard_rails import GuardRails
from components.identities import Identities
from components.images.image_registry import ImageRegistry
from components.images.location import pulled_from
from components.logs.control_plane_alarms import ControlPlaneAlarms
from components.logs.logging import Logging
from components.monitoring.backends import MonitoringBackends
from components.monitoring.monitoring import Monitoring
from components.network.network import Network
from components.network.subnets import control_plane_ranges
from components.settings import Settings
from components.spark.platform import SparkPlatform
from components.spark.team_directories import EventLogDirectories
from components.spark_ui.entrance import LiveUiEntrance
from components.spark_ui.live_ui import LiveUi
from components.teams.identities import identities_of
from components.teams.names import namespace_of
from components.teams.settings import members_of_groups
from components.workloads.priority import platform_priority_classes


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
        live_ui_pages: team to the URL of its running applications' pages; empty while there is no live Spark UI.
        live_ui_address: host name of the load balancer before them; None while there is none.
        alert_topic_arn: ARN of the topic that alarms and alerts go to.
        publisher_role_arn: ARN of the role that pushes the project's own images; None where nobody has it.
    """

    def __init__(self, name: str, settings: Settings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:Environment", name, None, opts)
        self._settings, self._account = settings, settings.account
        self._child = pulumi.ResourceOptions(parent=self)

        alerts, network, log_buckets, registry = self._make_ground()
        detection = self._make_detection(alerts, log_buckets)
        cluster = self._make_cluster(network, alerts)
        identities, backends = self._make_identities(cluster, log_buckets, alerts)
        site = self._site_of_nodes(network, cluster)
        nodes = self._make_fixed_nodes(site, after=[network, cluster, identities, backends])
        running = self._make_addons(cluster, nodes, registry, detection)
        GuardRails("guard-rails", [namespace_of(each) for each in settings.teams], opts=running)
        elastic = self._make_elastic_nodes(cluster, site, nodes, running)
        self.logging = self._make_logging(log_buckets, running)
        self.monitoring = self._make_monitoring(alerts, backends, running)
        self.spark = self._make_spark(log_buckets, elastic, running)
        self.live_ui_pages, self.live_ui_address = self._make_live_ui(network, cluster, nodes, running)

        self.alert_topic_arn = alerts.arn
        self.publisher_role_arn = registry.publisher_role_arn
        self.vpc_id = network.vpc_id
        self.control_plane_subnet_ids = network.control_plane_subnet_ids
        self.cluster_name = cluster.name
        self.kubeconfig = cluster.kubeconfig
        self.bucket_names = log_buckets.bucket_names
        self.role_arns = identities.role_arns | {"karpenter": nodes.backends.role_arn}
        self.register_outputs({"cluster_name": self.cluster_name, "bucket_names": self.bucket_names})

    def _make_ground(self) -> tuple[AlertTopic, Network, LogBuckets, ImageRegistry]:
        """What is there before the cluster, and outlives it."""
        settings = self._settings
        alerts = AlertTopic("alerts", settings.alerts, self._account, protect=self._settings.protect, opts=self._child)
        network = Network(
            "network",
            settings.network,
            self._account,
            protect=self._settings.protect,
            optional_services=settings.endpoint_services,
            opts=self._child,
        )
        log_buckets = LogBuckets(
            "log-buckets",
            settings.log_buckets,
            self._account,
            event_log_writers=identities_of(settings.teams),
            emptied_by=settings.cluster.access.deployers,
            access_logs_of=[TRAIL] if settings.detection.trail else (),
            protect=self._settings.protect,
            opts=self._child,
        )
        registry = ImageRegistry(
            "images",
            settings.images,
            self._account,
            teams=settings.team_images,
            protect=self._settings.protect,
            opts=self._child,
        )
        return alerts, network, log_buckets, registry

    def _make_detection(self, alerts: AlertTopic, log_buckets: LogBuckets) -> Detection:
        settings = self._settings
        return Detection(
            "detection",
            settings.detection,
            settings.log_buckets,
            self._account,
            access=settings.cluster.access,
            alerts=settings.alerts,
            access_log_bucket=log_buckets.bucket_names["access-logs"],
            topic_arn=alerts.arn,
            protect=settings.protect,
            opts=self._child,
        )

    def _make_cluster(self, network: Network, alerts: AlertTopic) -> Cluster:
        settings = self._settings
        cluster = Cluster(
            "cluster",
            settings.cluster,
            self._account,
            vpc_id=network.vpc_id,
            subnet_ids=[network.control_plane_subnet_ids[zone] for zone in settings.network.zones_of_control_plane],
            members=members_of_groups(settings.teams),
            after=network.blocks,
            protect=self._settings.protect,
            opts=self._child,
        )
        ControlPlaneAlarms(
            "control-plane",
            settings.alerts,
            log_group_name=cluster.log_group_name,
            topic_arn=alerts.arn,
            break_glass_roles=settings.cluster.access.admin if settings.alerts.watch_admin_roles else (),
            opts=self._child,
        )
        return cluster

    def _make_identities(
        self, cluster: Cluster, log_buckets: LogBuckets, alerts: AlertTopic
    ) -> tuple[Identities, MonitoringBackends]:
        """Who pods are to AWS, and what those of monitoring use there."""
        identities = Identities(
            "identities",
            self._settings.teams,
            self._account,
            cluster_name=cluster.name,
            bucket_names=log_buckets.bucket_names,
            key_arn=log_buckets.key_arn,
            event_logs_at_root_until=self._settings.spark.event_logs_at_root_until,
            opts=self._child,
        )
        backends = MonitoringBackends(
            "monitoring-backends",
            self._settings.monitoring,
            self._account,
            cluster_name=cluster.name,
            target=alerts.target,
            protect=self._settings.protect,
            opts=self._child,
        )
        return identities, backends

    def _site_of_nodes(self, network: Network, cluster: Cluster) -> NodeSite:
        zones = sorted(self._settings.network.zones)
        return NodeSite(
            cluster_name=cluster.name,
            security_group_id=cluster.node_security_group_id,
            subnet_ids={zone: network.node_subnet_ids[zone] for zone in zones},
            release=self._settings.cluster.node_release,
        )

    def _make_fixed_nodes(self, site: NodeSite, *, after: Sequence[pulumi.Resource]) -> FixedNodes:
        return FixedNodes("nodes", self._settings.node_groups, self._account, site=site, after=after, opts=self._child)

    def _make_addons(
        self, cluster: Cluster, nodes: FixedNodes, registry: ImageRegistry, detection: Detection
    ) -> pulumi.ResourceOptions:
        """Options of whatever runs in pods: these need nodes, add-ons, priority classes and a place for their images,
        and go before them."""
        has_agent = self._settings.detection.runtime_agent == "add-on"
        addons = ClusterAddons(
            "addons",
            self._account,
            self._settings.cluster.addons,
            cluster_name=cluster.name,
            has_guardduty_agent=has_agent,
            # Amazon EKS offers GuardDuty's agent only while the detector takes what it sees.
            after=[*nodes.groups, *([detection] if has_agent else [])],
            opts=pulumi.ResourceOptions(parent=self, providers=[cluster.kubernetes]),
        )
        priorities = platform_priority_classes(
            opts=pulumi.ResourceOptions(parent=self, provider=cluster.kubernetes, depends_on=[addons])
        )
        return pulumi.ResourceOptions(
            parent=self,
            providers=[cluster.kubernetes],
            depends_on=[addons, *priorities, registry],
            transforms=[pulled_from(self._account.images)],
        )

    def _make_elastic_nodes(
        self, cluster: Cluster, site: NodeSite, nodes: FixedNodes, running: pulumi.ResourceOptions
    ) -> ElasticNodes:
        return ElasticNodes(
            "elastic-nodes",
            self._settings.node_pools,
            self._settings.charts,
            self._account,
            site=site,
            fixed=nodes,
            cluster_endpoint=cluster.endpoint,
            opts=running,
        )

    def _make_logging(self, log_buckets: LogBuckets, running: pulumi.ResourceOptions) -> Logging:
        return Logging(
            "logging",
            self._settings.logs,
            self._account,
            teams={team: each.owners for team, each in self._settings.teams.items()},
            bucket_names=log_buckets.bucket_names,
            key_arn=log_buckets.key_arn,
            protect=self._settings.protect,
            opts=running,
        )

    def _make_monitoring(
        self, alerts: AlertTopic, backends: MonitoringBackends, running: pulumi.ResourceOptions
    ) -> Monitoring:
        settings = self._settings
        return Monitoring(
            "monitoring",
            settings.monitoring,
            self._account,
            alerts=settings.alerts,
            team_receivers={namespace_of(team): each.receivers for team, each in settings.teams.items()},
            target=alerts.target,
            heartbeat_arn=backends.heartbeat_arn,
            store=backends.store,
            zones=settings.network.zones,
            protect=self._settings.protect,
            opts=running,
        )

    def _make_spark(
        self, log_buckets: LogBuckets, elastic: ElasticNodes, running: pulumi.ResourceOptions
    ) -> SparkPlatform:
        settings = self._settings
        directories = EventLogDirectories(
            "event-log-directories",
            settings.teams,
            bucket=log_buckets.bucket_names["spark-events"],
            # Encryption, lock and policy of the bucket are resources of their own.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log_buckets]),
        )
        return SparkPlatform(
            "spark",
            settings.spark_platform,
            self._account,
            event_log_bucket=directories.bucket,
            control_plane=control_plane_ranges(settings.network),
            # Drivers may not be evicted, and a pool goes when its last node has been drained: they go first.
            opts=pulumi.ResourceOptions.merge(running, pulumi.ResourceOptions(depends_on=[elastic])),
        )

    def _make_live_ui(
        self, network: Network, cluster: Cluster, nodes: FixedNodes, running: pulumi.ResourceOptions
    ) -> tuple[dict[str, str], pulumi.Output[str] | None]:
        """Pages of running applications in a browser, where settings ask for them, and the address before them."""
        live_ui = self._settings.spark.live_ui
        if live_ui is None:
            return {}, None
        LiveUi(
            "live-ui",
            live_ui,
            vpc_cidr=self._settings.network.cidr,
            namespaces=self.spark.team_namespaces,
            opts=running,
        )
        entrance = LiveUiEntrance(
            "live-ui-entrance",
            live_ui,
            self._account,
            vpc_id=network.vpc_id,
            # Private subnets of the primary range, to which the company's network has routes.
            subnet_ids=[subnet for _, subnet in sorted(network.control_plane_subnet_ids.items())],
            node_security_group_id=cluster.node_security_group_id,
            autoscaling_groups=nodes.autoscaling_groups("system"),
            opts=self._child,
        )
        return live_ui.pages, entrance.address
