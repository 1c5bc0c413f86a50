"""What takes, schedules, serves and remembers Spark applications in a cluster.

Leaves out nodes, log pipeline and metrics, which serve whatever runs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi

from components.account import Account
from components.charts.settings import ChartsSettings
from components.images.admission_policy import images_policy
from components.images.settings import ImagesSettings
from components.operator.operator import SparkOperator
from components.scheduler.scheduler import Scheduler
from components.scheduler.settings import SchedulerSettings
from components.scheduler.spark import spark_settings
from components.shuffle.capacity import Workers
from components.shuffle.celeborn import Celeborn
from components.shuffle.settings import ShuffleSettings
from components.spark.defaults import environment_lines, published_files
from components.spark.history_server import HistoryServer
from components.spark.settings import SparkSettings
from components.teams.admission_policy import team_pods_policy
from components.teams.names import namespace_of
from components.teams.settings import TeamSettings
from components.teams.teams import Teams


@dataclass(frozen=True)
class SparkPlatformSettings:
    """The parts of an environment's settings that are about applications.

    Args:
        teams: team name to its settings.
        spark: Spark's defaults, and the History Server.
        scheduler: queues, and the programs that fill them.
        shuffle: where shuffles lie.
        charts: where charts come from.
        images: what is asked of applications' images.
        node_workloads: workloads of the environment's nodes, among which drivers and executors choose.
        shuffle_workers: what the nodes hold that are kept for shuffles; None where there are none.
    """

    teams: Mapping[str, TeamSettings]
    spark: SparkSettings
    scheduler: SchedulerSettings
    shuffle: ShuffleSettings
    charts: ChartsSettings
    images: ImagesSettings
    node_workloads: Collection[str]
    shuffle_workers: Workers | None


class SparkPlatform(pulumi.ComponentResource):
    """A place and a queue for each team, the operator, the shuffle service if there is one, and the History Server.

    Args:
        name: logical name.
        settings: what is about applications.
        account: the environment's account.
        event_log_bucket: name of the event-log bucket, known once the directories of all teams are in it.
        control_plane: ranges of the subnets from which the API server calls webhooks.

    Outputs:
        team_namespaces: team name to the namespace of its applications.
        spark_defaults_command: writes the defaults of the team that TEAM names to the directory SPARK_CONF_DIR.
        history_server_command: makes the Spark History Server answer on http://localhost:18080.
        queues_command: makes YuniKorn's REST API answer on http://localhost:9080.
    """

    team_namespaces: dict[str, pulumi.Output[str]]
    spark_defaults_command: pulumi.Output[str]
    history_server_command: pulumi.Output[str]
    queues_command: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: SparkPlatformSettings,
        account: Account,
        *,
        event_log_bucket: pulumi.Input[str],
        control_plane: Sequence[IPv4Network],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:SparkPlatform", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        defaults = pulumi.Output.from_input(event_log_bucket).apply(
            lambda bucket: {
                **environment_lines(settings.spark, account, bucket, settings.node_workloads, settings.shuffle),
                **spark_settings(settings.scheduler),
            }
        )
        namespaces = [namespace_of(team) for team in settings.teams]
        teams = Teams("teams", settings.teams, defaults=defaults, opts=child)
        after_teams = pulumi.ResourceOptions(parent=self, depends_on=[teams])
        if namespaces:
            images_policy(
                "team-images", account, namespaces, digests_required=settings.images.digests_required, opts=after_teams
            )
            accounts = {namespace_of(team): each.service_accounts for team, each in settings.teams.items()}
            team_pods_policy("team-pods", accounts, opts=after_teams)
        scheduler = Scheduler(
            "scheduler",
            settings.scheduler,
            {team: each.queue for team, each in settings.teams.items()},
            account,
            control_plane=control_plane,
            opts=after_teams,
        )
        SparkOperator(
            "spark-operator",
            settings.spark.operator,
            settings.charts,
            account,
            namespaces=namespaces,
            defaults=defaults.apply(published_files),
            control_plane=control_plane,
            opts=after_teams,
        )
        if settings.shuffle.celeborn is not None and settings.shuffle_workers is not None:
            Celeborn(
                "celeborn",
                workers=settings.shuffle_workers,
                namespaces=namespaces,
                opts=child,
            )
        history_server = HistoryServer(
            "history-server",
            settings.spark.history_server,
            account,
            event_log_bucket=event_log_bucket,
            teams=settings.teams,
            opts=child,
        )
        self.team_namespaces = teams.namespaces
        self.spark_defaults_command = teams.defaults_command
        self.history_server_command = history_server.login_command
        self.queues_command = scheduler.queues_command
        self.register_outputs({"team_namespaces": self.team_namespaces})
