"""What one environment decides about live Spark UIs in a browser: where, behind which login, for which teams.

Leaves out secrets: a Secret that people make in namespace `spark-ui` holds them (docs/live-ui.md).
"""

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place, replaces
from components.model import Model, Violation
from components.teams.names import namespace_of
from components.teams.settings import TeamName

ROLLS = "rolls the proxies"
# oauth2-proxy reads its list of groups as comma-separated values, so that one name with a comma would be two groups.
GroupName = Annotated[str, Field(pattern=r'^[^,"\s]([^,"\r\n]{0,198}[^,"\s])?$')]


class LiveUiSettings(Model):
    """An internal load balancer and a proxy for each team, which admits who is in the team's group."""

    host: Annotated[
        str,
        Field(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$"),
        OnChange(in_place(ROLLS)),
    ]
    """Host name of the page, a CNAME of the load balancer that people make."""

    certificate_arn: Annotated[
        str,
        Field(pattern=r"^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+$"),
        OnChange(in_place("the load balancer presents it from then on")),
    ]
    """ARN of the certificate for the host name, in AWS Certificate Manager of this account and Region."""

    allowed_cidrs: Annotated[
        tuple[IPv4Network, ...], Field(min_length=1, max_length=20), OnChange(in_place("changes who reaches the login"))
    ]
    """Address ranges of the company's network that may reach the login page."""

    issuer_url: Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(/[\w.~/-]*)?$"), OnChange(in_place(ROLLS))]
    """Issuer of the company's login, an OpenID Connect provider, on port 443: pods reach no other outside."""

    client_id: Annotated[str, Field(min_length=1, max_length=200), OnChange(in_place(ROLLS))]
    """Client of that provider, whose redirect URLs are `https://<host>/spark-<team>/oauth2/callback`."""

    secret: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$"), OnChange(in_place(ROLLS))] = (
        "spark-ui-login"
    )
    """Secret in namespace spark-ui with keys client-secret and cookie-secret."""

    groups_claim: Annotated[str, Field(pattern=r"^[\w:/.-]{1,200}$"), OnChange(in_place(ROLLS))] = "groups"
    """Claim of the login that holds a person's groups."""

    groups: Annotated[
        dict[TeamName, GroupName],
        OnChange(
            in_place("the team's proxy comes up, or admits another group"),
            removed=replaces("kubernetes:apps/v1:Deployment", how="the team's page goes; nothing else does"),
        ),
    ] = Field(min_length=1, max_length=100)
    """Team to the group that may see its applications; a team without an entry has no page."""

    @property
    def pages(self) -> dict[str, str]:
        """Team to the URL below which its applications' pages lie."""
        return {team: f"https://{self.host}/{namespace_of(team)}/" for team in sorted(self.groups)}

    def rules(self) -> Iterable[Violation]:
        """The login is for the company's network, and no range is listed twice."""
        for index, each in enumerate(self.allowed_cidrs):
            if each in self.allowed_cidrs[:index]:
                yield Violation(
                    f"allowed_cidrs.{index}",
                    each,
                    "must not repeat a range",
                    "each is a rule of the load balancer's security group, and Amazon EC2 refuses a second one alike",
                    "list every range once",
                )
            if not each.is_private or each.prefixlen < 8:
                yield Violation(
                    f"allowed_cidrs.{index}",
                    each,
                    "must be a range of private addresses",
                    "the load balancer has no public address, and whoever reaches it tries passwords",
                    "name the ranges of your company's network that are routed to the VPC",
                )
