"""What one environment decides about a team: its people, its queue, its data, its service accounts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from components.alerts.receiver import ReceiverName
from components.change import OnChange, in_place, replaces
from components.model import KeyArn, Model, RoleArn, Violation
from components.scheduler.settings import QueueSettings
from components.teams.names import group_of

DEFAULT_SERVICE_ACCOUNT = "spark"

# The role of a service account is moka-<environment>-spark-<team>-<service account>-pod, of which IAM takes 64
# characters; production is the longest environment.
TeamName = Annotated[
    str,
    Field(
        pattern=r"^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$",
        description="Name of a team: lower-case letters, digits and hyphens, 20 at most.",
    ),
]
ServiceAccountName = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9]{0,16}$",
        description="Name of a service account: lower-case letters and digits, 17 at most.",
    ),
]
# Amazon ECR, CreateRepository: what one part of a repository's name may be.
ImageName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$",
        max_length=64,
        description="Name of an image: lower-case letters and digits, single dots, hyphens or underscores between.",
    ),
]
# Amazon S3 user guide, "General purpose bucket naming rules"; no dots, which break TLS by host name.
BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
Prefix = Annotated[
    str,
    Field(
        pattern=r"^([^/*?$][^*?$]*/)?$",
        max_length=128,
        description="What keys begin with, ending in a slash, such as sales/; empty for the whole bucket.",
    ),
]


class DataLocation(Model):
    """Objects of one bucket of the environment's account, which is not made here."""

    bucket: Annotated[BucketName, OnChange(in_place("applications get the right, or lose it, at once"))]
    """Name of the bucket."""

    prefix: Annotated[Prefix, OnChange(in_place("applications get the right, or lose it, at once"))] = ""
    """What the keys begin with, ending in a slash; empty for the whole bucket."""

    key_arn: Annotated[KeyArn | None, OnChange(in_place("applications get the right, or lose it, at once"))] = None
    """The key that encrypts the objects, where it is not Amazon S3's own; the key's policy must let this account's
    roles use it."""


# IAM takes 10,240 characters of inline policies for a role.
Locations = Annotated[tuple[DataLocation, ...], Field(max_length=10)]


class DataSettings(Model):
    """What applications may read, and what they may read and write."""

    read: Annotated[Locations, OnChange(in_place("applications get the right, or lose it, at once"))] = ()
    """Objects to read."""

    write: Annotated[Locations, OnChange(in_place("applications get the right, or lose it, at once"))] = ()
    """Objects to read, write and delete."""

    def rules(self) -> Iterable[Violation]:
        """No place is listed twice."""
        seen: set[tuple[str, str]] = set()
        for kind in ("write", "read"):
            for index, place in enumerate(getattr(self, kind)):
                if (place.bucket, place.prefix) in seen:
                    yield Violation(
                        f"{kind}.{index}",
                        f"{place.bucket}/{place.prefix}",
                        "must not repeat a place",
                        "what may be written may be read as well, and a repeated place has no effect",
                        "list every place once, under write if applications write there",
                    )
                seen.add((place.bucket, place.prefix))


class ServiceAccountSettings(Model):
    """A service account that drivers and executors run as."""

    data: Annotated[DataSettings | None, OnChange(in_place("applications get the right, or lose it, at once"))] = None
    """What its applications may read and write; null for the team's data."""


class TeamSettings(Model):
    """One team: a namespace, a queue, people, service accounts and the data that these may use."""

    owners: Annotated[
        tuple[RoleArn, ...], Field(min_length=1, max_length=20), OnChange(in_place("takes and gives access entries"))
    ]
    """Roles of the account whose people submit, watch and delete the team's applications, and nothing else."""

    queue: QueueSettings
    """The team's part of the environment's capacity."""

    receivers: Annotated[
        tuple[ReceiverName, ...], Field(max_length=20), OnChange(in_place("restarts Alertmanager"))
    ] = ()
    """Names out of alerts.receivers that are told of alerts of the team's namespace, beside the topic."""

    data: DataSettings = DataSettings()
    """What applications of its service accounts may read and write."""

    service_accounts: Annotated[
        dict[ServiceAccountName, ServiceAccountSettings],
        OnChange(
            in_place("its role and association come up"),
            removed=replaces(
                "aws:iam/role:Role",
                "aws:iam/rolePolicy:RolePolicy",
                "aws:eks/podIdentityAssociation:PodIdentityAssociation",
                "kubernetes:core/v1:ServiceAccount",
                how="applications that run as it lose their credentials within hours, and new ones are refused",
            ),
        ),
    ] = Field(default={DEFAULT_SERVICE_ACCOUNT: ServiceAccountSettings()}, max_length=20)
    """Service account name to what is its own; `spark` is the one that applications get which name none."""

    images: Annotated[
        tuple[ImageName, ...],
        Field(max_length=100),
        OnChange(
            in_place("its repository comes up"),
            removed=replaces(
                "aws:ecr/repository:Repository",
                "aws:ecr/repositoryPolicy:RepositoryPolicy",
                "aws:ecr/lifecyclePolicy:LifecyclePolicy",
                how="its repository goes; one that holds images is kept, with an error, while the environment is "
                "protected",
            ),
        ),
    ] = ("spark",)
    """What the team calls its own images; each has a repository `teams/<team>/<name>` that its people push to."""

    def rules(self) -> Iterable[Violation]:
        """Applications that name no service account find one; no owner and no image is listed twice."""
        if DEFAULT_SERVICE_ACCOUNT not in self.service_accounts:
            yield Violation(
                "service_accounts",
                sorted(self.service_accounts),
                f"must have {DEFAULT_SERVICE_ACCOUNT}",
                "spark-defaults names it, so applications whose author names none would be refused",
                f"add {DEFAULT_SERVICE_ACCOUNT}: {{}}",
            )
        yield from _rules_of_repetition("owners", "role", self.owners)
        yield from _rules_of_repetition("images", "name", self.images)

    def data_of(self, service_account: str) -> DataSettings:
        """What applications of a service account may read and write."""
        own = self.service_accounts[service_account].data
        return self.data if own is None else own


def _rules_of_repetition(field: str, what: str, values: Sequence[str]) -> Iterable[Violation]:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield Violation(
                f"{field}.{index}",
                value,
                f"must not repeat a {what}",
                "a repeated one has no effect and hides one that was meant",
                f"list every {what} once",
            )


def all_owners(teams: Mapping[str, TeamSettings]) -> dict[str, RoleArn]:
    """Field path of every owner to its role."""
    return {
        f"teams.{team}.owners.{index}": owner
        for team, settings in teams.items()
        for index, owner in enumerate(settings.owners)
    }


def members_of_groups(teams: Mapping[str, TeamSettings]) -> dict[str, tuple[RoleArn, ...]]:
    """Kubernetes group of every team to the roles of its people."""
    return {group_of(team): settings.owners for team, settings in teams.items()}
