"""All teams of an environment, and what they have in common."""

from collections.abc import Collection, Mapping

import pulumi

from components.account import Account
from components.spark.defaults import COMPANIONS, DEFAULTS, environment_lines
from components.spark.settings import SparkSettings
from components.teams.names import namespace_of
from components.teams.settings import TeamSettings
from components.teams.team import DEFAULTS_CONFIG_MAP, Team

# The shell of whoever runs it says which team.
DEFAULTS_COMMAND = (
    f"for file in {DEFAULTS} {' '.join(COMPANIONS)}; do"
    f' kubectl --namespace "{namespace_of("${TEAM:?name your team}")}" get configmap {DEFAULTS_CONFIG_MAP}'
    """ --output go-template="{{index .data \\"$file\\"}}" > "$SPARK_CONF_DIR/$file"; done"""
)


class Teams(pulumi.ComponentResource):
    """One `Team` each, with the environment's defaults of Spark.

    Args:
        name: logical name.
        teams: team name to its settings.
        settings: Spark's defaults that differ between environments.
        account: the environment's account.
        event_log_bucket: name of the event-log bucket.
        node_workloads: workloads of the environment's nodes, among which drivers and executors choose.

    Outputs:
        namespaces: team name to the name of its namespace.
        defaults_command: writes the defaults of the team that TEAM names to the directory that SPARK_CONF_DIR names.
    """

    namespaces: dict[str, pulumi.Output[str]]
    defaults_command: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        teams: Mapping[str, TeamSettings],
        settings: SparkSettings,
        account: Account,
        *,
        event_log_bucket: pulumi.Input[str],
        node_workloads: Collection[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Teams", name, None, opts)
        defaults = pulumi.Output.from_input(event_log_bucket).apply(
            lambda bucket: environment_lines(settings, account, bucket, node_workloads)
        )
        self.namespaces = {
            team: Team(team, each, defaults=defaults, opts=pulumi.ResourceOptions(parent=self)).namespace
            for team, each in teams.items()
        }
        self.defaults_command = pulumi.Output.from_input(DEFAULTS_COMMAND)
        self.register_outputs({"namespaces": self.namespaces, "defaults_command": self.defaults_command})
