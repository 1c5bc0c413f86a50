"""The environment's part of Amazon ECR: repositories, and caches of the registries that images are published in.

Leaves out images themselves: pipelines push the project's own, caches fetch others when they are first asked for, and
`python -m moka_images` copies what no cache may fetch.
"""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.encryption import DELETION_WINDOW_DAYS, administered_by_account
from components.identity.policies import document
from components.images.policies import (
    lifecycle_policy,
    publisher_policy,
    publisher_trust,
    repository_policy,
    template_policy,
    template_trust,
)
from components.images.repositories import TeamImages, own_repositories, published_repositories, team_repository
from components.images.settings import ImagesSettings
from components.images.table import IMAGES
from components.images.upstreams import Upstream, cached_upstreams


class ImageRegistry(pulumi.ComponentResource):
    """A repository for every image of the table and of each team, caches, and the scan of whatever is pushed.

    Repositories of cached images stand before they are first asked for, so that nodes need no right to make any, and
    tags in them don't move: a cache brings a version once, and no other bytes under its name. Templates are for what
    else people fetch through a cache. Repositories go with the environment, and what they hold with them, unless it is
    protected; those that Amazon ECR made by a template stay.

    Args:
        name: logical name, such as images.
        settings: where images come from, what is kept, and who pushes.
        account: the environment's account.
        teams: team name to its images.
        protect: refuse to delete or replace repositories and their key, and keep a repository that holds images.

    Outputs:
        publisher_role_arn: ARN of the role that pushes the project's own images; None where nobody has it.

    Source: Amazon ECR user guide, "Private repositories", "Sync an upstream registry with an Amazon ECR private
    registry", "Templates to control repositories created during a pull through cache or replication action".
    """

    publisher_role_arn: pulumi.Output[str] | None

    def __init__(
        self,
        name: str,
        settings: ImagesSettings,
        account: Account,
        *,
        teams: Mapping[str, TeamImages],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:ImageRegistry", name, None, opts)
        self._name, self._settings, self._account, self._protect = name, settings, account, protect
        self._child = pulumi.ResourceOptions(parent=self)
        self._kept = pulumi.ResourceOptions(parent=self, protect=protect)
        self._key_arn = aws.kms.Key(
            name,
            description=f"Container images of Moka {account.environment}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            # Amazon ECR uses it by grants, which it makes in the name of whoever makes a repository.
            policy=json.dumps(document(administered_by_account(account))),
            opts=self._kept,
        ).arn
        aws.ecr.RegistryScanningConfiguration(
            name,
            scan_type="BASIC",
            rules=[
                aws.ecr.RegistryScanningConfigurationRuleArgs(
                    scan_frequency="SCAN_ON_PUSH",
                    repository_filters=[
                        aws.ecr.RegistryScanningConfigurationRuleRepositoryFilterArgs(
                            filter="*", filter_type="WILDCARD"
                        )
                    ],
                )
            ],
            opts=self._child,
        )
        self.publisher_role_arn = self._make_publisher()
        pushers = [] if self.publisher_role_arn is None else [self.publisher_role_arn]
        for each in own_repositories():
            self._make_pushed(each, owners=(), pushers=pushers)
        for team, images in teams.items():
            for each in images.names:
                self._make_pushed(team_repository(team, each), owners=images.owners, pushers=images.owners)
        for each in published_repositories():
            self._make_repository(each)
        if settings.mirror is None:
            self._make_caches(cached_upstreams(IMAGES, settings.credentials))
        self.register_outputs({"publisher_role_arn": self.publisher_role_arn})

    def _make_repository(self, repository: str) -> aws.ecr.Repository:
        return aws.ecr.Repository(
            f"{self._name}-{repository}",
            name=repository,
            image_tag_mutability="IMMUTABLE",
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=self._key_arn)
            ],
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            force_delete=not self._protect,
            opts=self._kept,
        )

    def _make_pushed(self, repository: str, *, owners: Sequence[str], pushers: Sequence[pulumi.Input[str]]) -> None:
        """A repository that somebody pushes to again and again."""
        made = self._make_repository(repository)
        aws.ecr.LifecyclePolicy(
            f"{self._name}-{repository}",
            repository=made.name,
            policy=lifecycle_policy(self._settings.kept_versions, self._settings.untagged_days),
            opts=self._child,
        )
        aws.ecr.RepositoryPolicy(
            f"{self._name}-{repository}",
            repository=made.name,
            policy=pulumi.Output.all(*pushers).apply(
                lambda arns: json.dumps(repository_policy(self._account, owners=owners, pushers=arns))
            ),
            opts=self._child,
        )

    def _make_publisher(self) -> pulumi.Output[str] | None:
        publisher = self._settings.publisher
        if publisher is None:
            return None
        role = aws.iam.Role(
            f"{self._name}-publisher",
            name=f"moka-{self._account.environment}-image-publisher",
            description="Pushes the container images of this project",
            assume_role_policy=json.dumps(publisher_trust(self._account, publisher.repository, publisher.environment)),
            opts=self._child,
        )
        aws.iam.RolePolicy(
            f"{self._name}-publisher",
            role=role.name,
            policy=json.dumps(publisher_policy(self._account, own_repositories())),
            opts=self._child,
        )
        return role.arn

    def _make_caches(self, upstreams: Sequence[Upstream]) -> None:
        """A rule for each registry, and a template for what it makes beside the repositories of the table."""
        role = aws.iam.Role(
            f"{self._name}-caches",
            description="Amazon ECR makes repositories of pull-through caches",
            assume_role_policy=json.dumps(template_trust(self._account)),
            opts=self._child,
        )
        grant = aws.iam.RolePolicy(
            f"{self._name}-caches",
            role=role.name,
            policy=self._key_arn.apply(
                lambda key: json.dumps(template_policy(self._account, key, [each.host for each in upstreams]))
            ),
            opts=self._child,
        )
        secrets: dict[str, str] = {**self._settings.credentials}
        for each in upstreams:
            template = aws.ecr.RepositoryCreationTemplate(
                f"{self._name}-{each.host}",
                prefix=each.host,
                description=f"Fetched from {each.host}",
                applied_fors=["PULL_THROUGH_CACHE"],
                custom_role_arn=role.arn,
                # What people fetch by themselves may be a tag that moves.
                image_tag_mutability="MUTABLE",
                encryption_configurations=[
                    aws.ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(
                        encryption_type="KMS", kms_key=self._key_arn
                    )
                ],
                lifecycle_policy=lifecycle_policy(self._settings.kept_versions, self._settings.untagged_days),
                repository_policy=json.dumps(repository_policy(self._account)),
                resource_tags={"environment": self._account.environment},
                opts=pulumi.ResourceOptions(parent=self, depends_on=[grant]),
            )
            aws.ecr.PullThroughCacheRule(
                f"{self._name}-{each.host}",
                ecr_repository_prefix=each.host,
                upstream_registry_url=each.url,
                credential_arn=secrets.get(each.host),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[template]),
            )
