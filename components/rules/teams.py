"""Teams against the rest of the environment: whose names, roles and buckets are taken."""

from collections.abc import Iterable, Mapping

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.buckets.log_buckets import ACCESS_LOGS, PURPOSES
from components.cluster.settings import AccessSettings
from components.model import Violation
from components.teams.names import RESERVED, namespace_of
from components.teams.settings import DataSettings, TeamSettings, all_owners


def rules_of_teams(teams: Mapping[str, TeamSettings], access: AccessSettings, account: Account) -> Iterable[Violation]:
    """No team takes a namespace of the platform, a role that has other rights, or a log bucket.

    Args:
        teams: team name to its settings.
        access: who uses the Kubernetes API beside teams.
        account: the environment's account.
    """
    for team, settings in teams.items():
        if team in RESERVED:
            yield Violation(
                f"teams.{team}",
                team,
                f"must not be one of {', '.join(RESERVED)}",
                f"namespace {namespace_of(team)} is the platform's",
                f"call it otherwise, such as {team}-jobs",
            )
        yield from _rules_of_data(f"teams.{team}.data", settings.data, account)
        for name, each in settings.service_accounts.items():
            if each.data is not None:
                yield from _rules_of_data(f"teams.{team}.service_accounts.{name}.data", each.data, account)
    yield from _rules_of_owners(teams, access)


def _rules_of_owners(teams: Mapping[str, TeamSettings], access: AccessSettings) -> Iterable[Violation]:
    kinds = {arn: field.partition(".")[0] for field, arn in access.all_roles().items()}
    for field, arn in all_owners(teams).items():
        if arn in kinds:
            yield Violation(
                field,
                arn,
                f"must not be a role of cluster.access.{kinds[arn]}",
                "Amazon EKS takes one access entry per principal, and a team's people have rights in their own "
                "namespace alone",
                "name a role of the team's own, and let people of both take the one that they need",
            )


def _rules_of_data(field: str, data: DataSettings, account: Account) -> Iterable[Violation]:
    logs = {bucket_name(purpose, account) for purpose in (*PURPOSES, ACCESS_LOGS)}
    for kind in ("read", "write"):
        for index, place in enumerate(getattr(data, kind)):
            if place.bucket in logs:
                yield Violation(
                    f"{field}.{kind}.{index}.bucket",
                    place.bucket,
                    "must not be a log bucket of the environment",
                    "logs of every team lie there, and only the log agents and Spark's event logs write there",
                    "name a bucket of the team's; docs/log-access.md says how people read logs",
                )
