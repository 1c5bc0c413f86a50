"""What one environment decides about its container images: where they come from, and how long old ones are kept."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place, replaces
from components.identity.github import GitHubRepository
from components.images.image import DOCKER_HUB, registry_of
from components.images.upstreams import CredentialRegistry
from components.model import Model, Violation

# Amazon ECR user guide, "Storing your upstream repository credentials in an AWS Secrets Manager secret".
SECRET_PREFIX = "ecr-pullthroughcache/"
SecretArn = Annotated[
    str,
    Field(
        pattern=rf"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{{12}}:secret:{SECRET_PREFIX}[\w+=.@/-]{{1,200}}$",
        description=f"ARN of a secret of AWS Secrets Manager whose name begins with {SECRET_PREFIX}.",
    ),
]
GitHubEnvironment = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]

_CACHE = (
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
)
_LIFECYCLE = "Amazon ECR looks for what is too old once a day"


class PublisherSettings(Model):
    """The GitHub workflow that pushes this project's own images; its role may do nothing else.

    The account must have an OpenID Connect provider for token.actions.githubusercontent.com; docs/bootstrap.md says who
    makes it.
    """

    repository: Annotated[GitHubRepository, OnChange(in_place("the role trusts the other one"))]
    """Repository of the workflow, such as example/moka."""

    environment: Annotated[GitHubEnvironment, OnChange(in_place("the role trusts the other one"))]
    """GitHub environment that the workflow's job runs in, whose protection rules decide who may start it."""


class ImagesSettings(Model):
    """Where images come from and what is kept of them."""

    mirror: Annotated[
        Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*(:\d+)?(/[a-z0-9._-]+)*$", max_length=200)] | None,
        OnChange(
            in_place("rolls every workload: the same images, from there"),
            added=replaces(
                *_CACHE, "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", how="caches go; what they fetched stays"
            ),
        ),
    ] = None
    """Registry, or prefix in one, that holds every image of the table below its own name, such as
    registry.internal/moka; nodes must be able to pull from it without a secret. Null for the account's own Amazon ECR.
    """

    credentials: Annotated[
        dict[CredentialRegistry, Annotated[SecretArn, OnChange(in_place("the cache uses it from then on"))]],
        OnChange(
            in_place("its cache comes up"),
            removed=replaces(*_CACHE, how="the cache goes; what it fetched stays, and new versions have to be copied"),
        ),
    ] = Field(default={})
    """Registry that no cache may ask without an account of its own, to the secret with `username` and `accessToken`.
    Images of one that is left out are copied with `python -m moka_images fill`."""

    kept_versions: Annotated[int, Field(ge=10, le=10000), OnChange(in_place(_LIFECYCLE))] = 500
    """Newest images that are kept in each repository that is pushed to; whatever still runs must be among them."""

    untagged_days: Annotated[int, Field(ge=1, le=3650), OnChange(in_place(_LIFECYCLE))] = 14
    """Days for which an image is kept that no tag and no index names."""

    digests_required: Annotated[bool, OnChange(in_place("new pods of teams that name none are refused"))] = True
    """Refuse pods of teams whose images are named by tag alone."""

    publisher: Annotated[
        PublisherSettings | None,
        OnChange(
            in_place(),
            added=in_place("its role comes up, and nobody else pushes"),
            removed=replaces(
                "aws:iam/role:Role",
                "aws:iam/rolePolicy:RolePolicy",
                how="its role goes, and people push by rights of their own",
            ),
        ),
    ] = None
    """Who pushes this project's own images; null for people with rights of their own."""

    def rules(self) -> Iterable[Violation]:
        """A mirror is not Docker Hub, and needs no cache."""
        if self.mirror is None:
            return
        if registry_of(f"{self.mirror}/image") == DOCKER_HUB:
            yield Violation(
                "mirror",
                self.mirror,
                "must not be Docker Hub",
                "it limits anonymous pulls by address, which all nodes share",
                "write null for the account's own Amazon ECR, or a registry of your own",
            )
        if self.credentials:
            yield Violation(
                "credentials",
                sorted(self.credentials),
                "must be empty where there is a mirror",
                "nothing is cached then, so nobody would read the secrets",
                "leave them out, or write mirror: null",
            )
