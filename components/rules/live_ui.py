"""The live Spark UI against the environment that it stands in: its teams, account and Region."""

from collections.abc import Collection, Iterable

from components.account import Account
from components.model import Violation
from components.spark_ui.settings import LiveUiSettings


def rules_of_live_ui(settings: LiveUiSettings | None, teams: Collection[str], account: Account) -> Iterable[Violation]:
    """Each page is of a team that exists, and the certificate is one that the load balancer can present.

    Args:
        settings: of the live Spark UI; None where there is none.
        teams: names of the teams.
        account: the environment's account.
    """
    if settings is None:
        return
    for team in settings.groups:
        if team not in teams:
            yield Violation(
                f"spark.live_ui.groups.{team}",
                team,
                f"must be one of teams: {', '.join(sorted(teams)) or 'there is none'}",
                "the page shows drivers of the team's namespace, which only a team has",
                "correct the name, or add the team",
            )
    region, account_id = settings.certificate_arn.split(":")[3:5]
    if (region, account_id) != (account.region, account.id):
        yield Violation(
            "spark.live_ui.certificate_arn",
            settings.certificate_arn,
            f"must be of account {account.id} in {account.region}",
            "Elastic Load Balancing takes certificates of the load balancer's own account and Region alone "
            "(CertificateNotFound)",
            f"import the certificate into AWS Certificate Manager there, or request one for {settings.host}",
        )
