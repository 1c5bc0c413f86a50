"""Roles that areas name, against the environment's account."""

from collections.abc import Iterable, Mapping

from components.cluster.settings import AccessSettings
from components.logs.reader_settings import LogReadersSettings
from components.model import Violation
from components.teams.settings import TeamSettings, all_owners


def rules_of_roles(
    account_id: str, access: AccessSettings, readers: LogReadersSettings, teams: Mapping[str, TeamSettings]
) -> Iterable[Violation]:
    """Every role that may use the cluster or its logs is one of the environment's account.

    Args:
        account_id: the environment's account.
        access: who uses the Kubernetes API.
        readers: who reads logs.
        teams: whose owners submit applications.
    """
    roles = {f"cluster.access.{field}": arn for field, arn in access.all_roles().items()}
    roles |= {f"logs.readers.{field}": arn for field, arn in readers.all_roles().items()}
    roles |= all_owners(teams)
    for field, arn in roles.items():
        if arn.split(":")[4] != account_id:
            yield Violation(
                field,
                arn,
                f"must be a role of account {account_id}",
                "environments are isolated: no other account's role may use this cluster or its logs",
                "name a role of this environment's account",
            )
