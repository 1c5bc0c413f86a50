"""The settings tree of one environment: composes the areas' models, checks the rules between them, loads a stack.

The only reader of `pulumi.Config`. A stack file holds the tree under `moka:settings`; its schema for editors is
`stacks/schema.json`. Leaves out secrets: there are none, because workloads get AWS credentials by pod identity and
Grafana makes its own password inside the cluster.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pulumi
from pydantic import Field, ValidationError
from pydantic_core import from_json

from components.account import Account
from components.alerts.settings import AlertsSettings
from components.buckets.settings import LogBucketsSettings
from components.cluster.kubernetes_version import END_OF_STANDARD_SUPPORT, standard_support_problem
from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.settings import ClusterSettings, rules_of_versions
from components.footprint import Footprint, other_footprints, rules_of_footprint
from components.logs.disk_budget import rules_of_disk
from components.logs.settings import LogsSettings
from components.model import AccountId, Model, Region, Violation
from components.monitoring.budget import rules_of_cardinality
from components.monitoring.placement import rules_of_placement
from components.monitoring.settings import MonitoringSettings
from components.network.capacity import NodeDemand, rules_of_addresses
from components.network.settings import NetworkSettings
from components.network.subnets import rules_of_zone_names
from components.settings_error import SettingsError, violations_of
from components.spark.settings import SparkSettings, rules_of_history_disk

EnvironmentName = Literal["test", "dev", "staging", "production"]
# Amazon EKS appends 26 characters to a node group's name prefix and takes 63 in all.
NodeGroupName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")]

STACKS = Path(__file__).parent.parent / "stacks"


class Settings(Model):
    """Everything that one environment decides; defaults are production's."""

    name: EnvironmentName
    """The environment, which is also the name of its stack."""

    account_id: AccountId
    """The AWS account that holds this environment and no other."""

    region: Region
    """The AWS Region of everything in it."""

    protect: bool = True
    """Refuse to delete or replace what holds data, and the VPC: cluster, keys, log groups, buckets, workspace."""

    network: NetworkSettings
    cluster: ClusterSettings
    node_groups: dict[NodeGroupName, NodeGroupSettings] = Field(min_length=1, max_length=30)
    """Node group name to its settings."""

    log_buckets: LogBucketsSettings = LogBucketsSettings()
    logs: LogsSettings = LogsSettings()
    spark: SparkSettings = SparkSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    alerts: AlertsSettings = AlertsSettings()

    @property
    def account(self) -> Account:
        """Account and Region, and what follows from them."""
        return Account(self.name, self.account_id, self.region)

    def rules(self) -> Iterable[Violation]:
        """Rules between areas."""
        yield from self._rules_of_node_groups()
        yield from self._rules_of_ranges()
        yield from self._rules_of_protection()
        yield from self._rules_of_roles()
        yield from self._rules_of_log_tables()

    def _rules_of_log_tables(self) -> Iterable[Violation]:
        kept, found = self.log_buckets.retention_days, self.logs.catalog.days_back
        if found < kept:
            yield Violation(
                "logs.catalog.days_back",
                found,
                f"must be at least log_buckets.retention_days ({kept})",
                "queries would find no line of the days before, although it is still paid for",
                f"write {kept} or more",
            )

    def _rules_of_roles(self) -> Iterable[Violation]:
        roles = {f"cluster.access.{field}": arn for field, arn in self.cluster.access.all_roles().items()}
        roles |= {f"logs.readers.{field}": arn for field, arn in self.logs.readers.all_roles().items()}
        for index, arn in enumerate(self.log_buckets.event_log_writers):
            roles[f"log_buckets.event_log_writers.{index}"] = arn
        for field, arn in roles.items():
            if arn.split(":")[4] != self.account_id:
                yield Violation(
                    field,
                    arn,
                    f"must be a role of account {self.account_id}",
                    "environments are isolated: no other account's role may use this cluster or its logs",
                    "name a role of this environment's account",
                )

    def _rules_of_node_groups(self) -> Iterable[Violation]:
        workloads = {group.workload for group in self.node_groups.values()}
        drivers = {"spark", "spark-driver"} & workloads
        executors = {"spark", "spark-executor"} & workloads
        for needed, what in (
            (("system",), "platform pods"),
            (drivers, "Spark drivers"),
            (executors, "Spark executors"),
        ):
            if not workloads & set(needed):
                yield Violation(
                    "node_groups",
                    sorted(self.node_groups),
                    f"must hold a group whose workload takes {what}",
                    "their pods would stay pending for ever",
                    "add a group with workload system, spark, spark-driver or spark-executor",
                )
        for name, group in self.node_groups.items():
            if group.workload == "system" and group.min_size < 1:
                yield Violation(
                    f"node_groups.{name}.min_size",
                    group.min_size,
                    "must be at least 1 for the system group",
                    "CoreDNS and the other controllers need a node before anything can scale",
                    "write 2 or more",
                )
        volumes: dict[str, int] = {}
        for group in self.node_groups.values():
            volumes[group.workload] = min(group.root_volume_gib, volumes.get(group.workload, group.root_volume_gib))
        minimums = [group.min_size for group in self.node_groups.values() if group.workload == "system"]
        yield from rules_of_placement(self.monitoring, minimums, volumes)

    def _rules_of_ranges(self) -> Iterable[Violation]:
        ranges = {"cidr": self.network.cidr, **{f"zones.{zone}": cidr for zone, cidr in self.network.zones.items()}}
        for field, cidr in ranges.items():
            if cidr.overlaps(self.cluster.service_cidr):
                yield Violation(
                    "cluster.service_cidr",
                    self.cluster.service_cidr,
                    f"must not overlap network.{field} ({cidr})",
                    "addresses of Kubernetes services would hide hosts of the VPC",
                    "choose another private range, such as 172.20.0.0/16",
                )

        yield from rules_of_history_disk(
            self.spark, [each.root_volume_gib for each in self.node_groups.values() if each.workload == "system"]
        )
        yield from rules_of_disk(self.logs, self.node_groups, self.spark.event_log_roll_mib)
        yield from rules_of_zone_names(self.region, self.network)
        demands = (NodeDemand(name, group.max_size, group.max_pods) for name, group in self.node_groups.items())
        yield from rules_of_addresses(self.network.zones, demands)
        yield from rules_of_cardinality(self.monitoring, self.node_groups.values())

    def _rules_of_protection(self) -> Iterable[Violation]:
        if self.protect and self.log_buckets.on_destroy == "empty":
            yield Violation(
                "log_buckets.on_destroy",
                "empty",
                "must be keep or refuse while protect is true",
                "a protected environment must not be able to empty its logs",
                "write refuse, or protect: false in a throw-away environment",
            )


def rules_of_support(settings: Settings, today: date) -> Iterable[Violation]:
    """The Kubernetes version is in standard support.

    Args:
        settings: the whole tree.
        today: the date to judge by.
    """
    version = settings.cluster.kubernetes_version
    if problem := standard_support_problem(version, today):
        supported = [each for each in END_OF_STANDARD_SUPPORT if not standard_support_problem(each, today)]
        yield Violation(
            "cluster.kubernetes_version",
            version,
            "must be in standard support",
            f"{problem}; Amazon EKS upgrades it by itself or bills extended support",
            f"write {supported[-1] if supported else 'a version of the current calendar'}",
        )


def parse(document: str, stack: str, others: Mapping[str, Footprint], today: date) -> Settings:
    """Build the tree from a stack's JSON and check every rule.

    Args:
        document: the value of `moka:settings` as JSON.
        stack: name of the stack.
        others: the other stacks by name, for the rules between stacks.
        today: the date to judge the Kubernetes version by.

    Raises:
        SettingsError: naming every error at once.
    """
    try:
        settings = Settings.model_validate_json(document)
    except ValidationError as error:
        settings, violations = None, violations_of(error, Settings)
    else:
        violations = [*rules_of_support(settings, today), *rules_of_versions(settings.cluster)]
    violations += rules_of_footprint(Footprint.of(from_json(document, allow_partial=True)), stack, others)
    if settings is None or violations:
        raise SettingsError.of_violations(stack, violations)
    return settings


def load() -> Settings:
    """The settings of the stack that Pulumi runs.

    Raises:
        SettingsError: when the stack has none, or some are wrong.
    """
    stack = pulumi.get_stack()
    document = pulumi.Config("moka").get("settings")
    if document is None:
        known = sorted(path.name.split(".")[1] for path in STACKS.glob("Pulumi.*.yaml"))
        raise SettingsError(f"stacks/Pulumi.{stack}.yaml has no moka:settings; stacks that have: {', '.join(known)}")
    return parse(document, stack, other_footprints(STACKS, stack), date.today())
