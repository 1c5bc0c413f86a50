"""All teams of an environment, and what they have in common."""

from collections.abc import Mapping

import pulumi

from components.spark.defaults import COMPANIONS, DEFAULTS
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
        defaults: Spark's settings of the environment.

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
        *,
        defaults: pulumi.Input[Mapping[str, str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Teams", name, None, opts)
        self.namespaces = {
            team: Team(team, each, defaults=defaults, opts=pulumi.ResourceOptions(parent=self)).namespace
            for team, each in teams.items()
        }
        self.defaults_command = pulumi.Output.from_input(DEFAULTS_COMMAND)
        self.register_outputs({"namespaces": self.namespaces, "defaults_command": self.defaults_command})
