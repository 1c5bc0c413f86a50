"""Every program of an environment that has a role in AWS.

Leaves out who deploys and who administers the account, whose roles are not made here, and services that act under their
own name, such as Amazon CloudWatch towards a topic.
"""

from components.identity.programs.call import Program
from components.identity.programs.capacity import capacity_programs
from components.identity.programs.images import cached_repositories, image_programs
from components.identity.programs.logs import log_programs
from components.identity.programs.monitoring import monitoring_programs
from components.identity.programs.nodes import node_programs
from components.identity.programs.readers import reader_programs
from components.identity.programs.spark import spark_programs
from components.settings import Settings


def programs(settings: Settings) -> tuple[Program, ...]:
    """One program for each role of an environment.

    Args:
        settings: the environment's settings.
    """
    account = settings.account
    return (
        *node_programs(account, cached_repositories(account, settings.images)),
        *(capacity_programs(account) if settings.node_pools else ()),
        *log_programs(account),
        *spark_programs(account, settings.teams),
        *monitoring_programs(account, settings.monitoring),
        *image_programs(account, settings.images),
        *reader_programs(
            account, settings.logs.readers, tuple(team for team, each in settings.teams.items() if each.owners)
        ),
    )
