"""The settings tree of one environment: composes the areas' models, checks the rules between them, loads a stack.

The only reader of `pulumi.Config`. A stack file holds the tree under `moka:settings`; its schema for editors is
`stacks/schema.json`. Leaves out secrets: there are none, because workloads get AWS credentials by pod identity and
Grafana makes its own password inside the cluster.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pulumi
from pydantic import Field, ValidationError
from pydantic_core import from_json

from components.account import Account
from components.alerts.settings import AlertsSettings
from components.buckets.settings import LogBucketsSettings
from components.capacity.settings import NodePoolSettings
from components.change import OnChange, impossible, in_place, replaces
from components.charts.settings import MIRROR_KEY, ChartsSettings, with_mirror
from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.node_settings import NodeSettings
from components.cluster.settings import ClusterSettings
from components.credentials import rules_of_configuration, rules_of_credentials
from components.deployed import deployed_settings
from components.detection.settings import DetectionSettings
from components.example_values import ACCEPTED, rules_of_example_values
from components.footprint import Footprint, other_footprints, rules_of_footprint
from components.images.repositories import TeamImages
from components.images.settings import ImagesSettings
from components.logs.settings import LogsSettings
from components.model import AccountId, Model, RegionName, Violation
from components.monitoring.settings import MonitoringSettings
from components.network.endpoints import OptionalService
from components.network.settings import NetworkSettings
from components.network.subnets import rules_of_zone_names
from components.regions import SERVED
from components.rules.addresses import rules_of_addresses
from components.rules.changes import rules_of_changes
from components.rules.detection import rules_of_detection
from components.rules.history_disk import rules_of_history_disk
from components.rules.images import rules_of_images
from components.rules.live_ui import rules_of_live_ui
from components.rules.log_disk import rules_of_log_disk
from components.rules.log_tables import rules_of_log_tables
from components.rules.metrics_budget import rules_of_cardinality
from components.rules.metrics_placement import rules_of_placement
from components.rules.protection import rules_of_protection
from components.rules.queues import capacity_of, rules_of_queues
from components.rules.region import rules_of_region
from components.rules.roles import rules_of_roles
from components.rules.service_range import rules_of_service_range
from components.rules.shuffle import rules_of_shuffle
from components.rules.team_logs import rules_of_team_logs
from components.rules.team_receivers import rules_of_team_receivers
from components.rules.teams import rules_of_teams
from components.rules.versions import rules_of_support, rules_of_versions, support_warning
from components.rules.workloads import rules_of_workloads
from components.rules.zones import rules_of_zones
from components.scheduler.settings import SchedulerSettings
from components.settings_error import SettingsError, violations_of
from components.shuffle.capacity import workers_on
from components.shuffle.settings import ShuffleSettings
from components.spark.image import default_image
from components.spark.platform import SparkPlatformSettings
from components.spark.settings import SparkSettings
from components.stack_file import SETTINGS, configurations
from components.teams.settings import TeamName, TeamSettings

EnvironmentName = Literal["test", "dev", "staging", "production"]
# Amazon EKS appends 26 characters to a node group's name prefix and takes 63 in all.
NodeGroupName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")]

STACKS = Path(__file__).parent.parent / "stacks"


class Settings(Model):
    """Everything that one environment decides; defaults are production's."""

    name: Annotated[EnvironmentName, OnChange(impossible("the name is the stack's"))]
    """The environment, which is also the name of its stack."""

    account_id: Annotated[
        AccountId, OnChange(impossible("everything would be made anew in another account; use a stack of its own"))
    ]
    """The AWS account that holds this environment and no other."""

    region: Annotated[
        RegionName, OnChange(impossible("everything would be made anew in another Region; use a stack of its own"))
    ]
    """The AWS Region of everything in it."""

    protect: Annotated[bool, OnChange(in_place())] = True
    """Refuse to delete or replace what holds data, and the VPC: cluster, keys, log groups, buckets, workspace."""

    accept_loss: Annotated[tuple[str, ...], Field(max_length=20), OnChange(in_place())] = ()
    """Fields, such as monitoring.storage, whose change may delete data here; empty it again when that is done."""

    network: NetworkSettings
    cluster: ClusterSettings
    node_groups: Annotated[
        dict[NodeGroupName, NodeGroupSettings],
        OnChange(
            in_place("its nodes come up"),
            removed=replaces(
                "aws:eks/nodeGroup:NodeGroup",
                "aws:ec2/launchTemplate:LaunchTemplate",
                how="its nodes are drained and go",
            ),
        ),
    ] = Field(min_length=1, max_length=30)
    """Node group name to its settings."""

    node_pools: Annotated[
        dict[NodeGroupName, NodePoolSettings],
        OnChange(
            in_place("nodes come when pods wait"),
            removed=replaces(
                "kubernetes:karpenter.sh/v1:NodePool",
                "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
                how="its nodes are drained and go, those of drivers when these have ended",
            ),
        ),
    ] = Field(default={}, max_length=30)
    """Node pool name to its settings: capacity beyond the node groups, which comes and goes with what waits for it."""

    teams: Annotated[
        dict[TeamName, TeamSettings],
        OnChange(
            in_place("its namespace, roles and queue come up; rolls the History Server, which names every team"),
            removed=replaces(
                "kubernetes:core/v1:Namespace",
                "kubernetes:core/v1:PersistentVolumeClaim",
                how="its applications end, and its people and service accounts lose their rights; data and logs stay, "
                "of which the History Server lists no more",
            ),
        ),
    ] = Field(default={}, max_length=100)
    """Team name to who it is and what it may use."""

    log_buckets: LogBucketsSettings = LogBucketsSettings()
    logs: LogsSettings = LogsSettings()
    spark: SparkSettings = SparkSettings()
    scheduler: SchedulerSettings = SchedulerSettings()
    shuffle: ShuffleSettings = ShuffleSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    alerts: AlertsSettings = AlertsSettings()
    detection: DetectionSettings = DetectionSettings()
    charts: ChartsSettings = ChartsSettings()
    images: ImagesSettings = ImagesSettings()

    @property
    def account(self) -> Account:
        """Account and Region, and what follows from them."""
        return Account(self.name, self.account_id, self.region, self.images.mirror)

    @property
    def spark_platform(self) -> SparkPlatformSettings:
        """What is about applications."""
        return SparkPlatformSettings(
            teams=self.teams,
            spark=self.spark,
            scheduler=self.scheduler,
            shuffle=self.shuffle,
            charts=self.charts,
            images=self.images,
            node_workloads={each.workload for each in self.nodes.values()},
            shuffle_workers=workers_on(self.node_groups.values()),
        )

    @property
    def spark_image(self) -> str:
        """The image of applications whose author names none."""
        return default_image(self.spark.image, self.account, has_celeborn=self.shuffle.celeborn is not None)

    @property
    def team_images(self) -> dict[str, TeamImages]:
        """What each team calls its own images, and who pushes them."""
        return {team: TeamImages(each.images, each.owners) for team, each in self.teams.items()}

    @property
    def nodes(self) -> dict[str, NodeSettings]:
        """Every node group and node pool by its path."""
        groups: dict[str, NodeSettings] = {f"node_groups.{name}": each for name, each in self.node_groups.items()}
        return groups | {f"node_pools.{name}": each for name, each in self.node_pools.items()}

    @property
    def endpoint_services(self) -> tuple[OptionalService, ...]:
        """AWS services that only some environments call, each by a VPC endpoint of its own."""
        return (
            *self.monitoring.endpoint_services,
            *self.detection.endpoint_services,
            *(("sqs",) if self.node_pools else ()),
        )

    def rules(self) -> Iterable[Violation]:
        """Rules between areas."""
        groups, pools, nodes = self.node_groups, self.node_pools, self.nodes
        yield from rules_of_region(self.region, self.monitoring, nodes)
        yield from rules_of_workloads(groups, pools)
        yield from rules_of_zone_names(self.region, self.network)
        yield from rules_of_zones(self.network, nodes)
        yield from rules_of_service_range(self.network, self.cluster)
        yield from rules_of_addresses(self.network.zones, groups, pools)
        yield from rules_of_roles(self.account_id, self.cluster.access, self.logs.readers, self.teams)
        yield from rules_of_teams(self.teams, self.cluster.access, self.account)
        yield from rules_of_queues(
            self.scheduler, {team: each.queue for team, each in self.teams.items()}, capacity_of(groups, pools)
        )
        if self.region in SERVED:
            # Names of buckets, and the host of a registry, follow from the Region.
            yield from rules_of_detection(
                self.cluster.access, self.account, watch_admin_roles=self.alerts.watch_admin_roles
            )
            yield from rules_of_images(self.images, self.spark_image, self.account)
        yield from rules_of_team_logs(self.teams)
        yield from rules_of_team_receivers(
            self.alerts.receivers, {team: each.receivers for team, each in self.teams.items()}
        )
        yield from rules_of_protection(self.name, self.protect, self.log_buckets, self.cluster)
        yield from rules_of_log_tables(self.log_buckets, self.logs.catalog)
        yield from rules_of_log_disk(self.logs, nodes, self.spark.event_log_roll_mib)
        yield from rules_of_history_disk(self.spark.history_server, groups)
        yield from rules_of_live_ui(self.spark.live_ui, self.teams, self.account)
        yield from rules_of_shuffle(self.shuffle.celeborn, self.network, groups)
        yield from rules_of_placement(self.monitoring, groups, pools)
        yield from rules_of_cardinality(self.monitoring, groups.values(), pools.values())


def parse(
    document: str,
    stack: str,
    others: Mapping[str, Footprint],
    today: date,
    deployed: Mapping[str, Any] | None = None,
    *,
    accepts_examples: bool = False,
) -> Settings:
    """Build the tree from a stack's JSON and check every rule.

    Args:
        document: the value of `moka:settings` as JSON.
        stack: name of the stack.
        others: the other stacks by name, for the rules between stacks.
        today: the date to judge the Kubernetes version by.
        deployed: the settings that the stack was last deployed with, as JSON; None for one that is not there.
        accepts_examples: whether the settings may be an example's, because the cloud is emulated.

    Raises:
        SettingsError: naming every error at once.
    """
    violations: list[Violation] = []
    settings = None
    try:
        settings = Settings.model_validate_json(document)
    except ValidationError as error:
        violations += violations_of(error, Settings)
    else:
        violations += rules_of_support(settings.cluster.kubernetes_version, today, deployed)
        violations += rules_of_versions(settings.cluster, settings.nodes, is_new=not deployed)
        tree = settings.model_dump(mode="json")
        violations += rules_of_changes(Settings, deployed or {}, tree)
        violations += rules_of_example_values(tree, accepted=accepts_examples)
    written = from_json(document, allow_partial=True)
    violations += rules_of_credentials(written)
    violations += rules_of_footprint(Footprint.of(written), stack, others)
    if settings is None or violations:
        raise SettingsError.of_violations(stack, violations)
    return settings


def load() -> Settings:
    """The settings of the stack that Pulumi runs.

    Raises:
        SettingsError: when the stack has none, or some are wrong, or can't be reached from those that run.
    """
    stack, config = pulumi.get_stack(), pulumi.Config("moka")
    document, files = config.get("settings"), configurations(STACKS)
    if document is None:
        raise SettingsError(f"stacks/Pulumi.{stack}.yaml has no moka:settings; stacks that have: {', '.join(files)}")
    is_encrypted = pulumi.runtime.is_config_secret(SETTINGS)
    if secrets := list(rules_of_configuration(files.get(stack, {}), SETTINGS, is_encrypted=is_encrypted)):
        raise SettingsError.of_violations(stack, secrets)
    deployed, today = deployed_settings(), date.today()
    accepts_examples = config.get("example-values") == ACCEPTED
    others = other_footprints(STACKS, stack)
    document = with_mirror(document, config.get(MIRROR_KEY))
    settings = parse(document, stack, others, today, deployed, accepts_examples=accepts_examples)
    if warning := support_warning(settings.cluster.kubernetes_version, today, deployed):
        pulumi.log.warn(warning)
    return settings
