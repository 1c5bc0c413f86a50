"""Amazon ECR: repositories, and caches of other registries."""

from offline.providers.aws.row import AwsType, arn, call

_REPOSITORY = "AWS::ECR::Repository"

TYPES: dict[str, AwsType] = {
    "aws:ecr/repository:Repository": AwsType(
        cloudformation=_REPOSITORY,
        calls=(
            call(
                "ecr",
                "CreateRepository",
                {"name": "repositoryName", "encryptionConfigurations": "encryptionConfiguration"},
            ),
        ),
        provider_only=frozenset({"forceDelete"}),
        identifier="{name}",
        arn=arn("ecr", "repository/{name}"),
        name="name",
        name_limit=256,
        outputs={"registryId": "{account}", "repositoryUrl": "{account}.dkr.ecr.{region}.{suffix}/{name}"},
        renamed={"name": "RepositoryName", "encryptionConfigurations": "EncryptionConfiguration"},
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": AwsType(
        part_of=_REPOSITORY,
        calls=(call("ecr", "PutLifecyclePolicy", {"repository": "repositoryName", "policy": "lifecyclePolicyText"}),),
        identifier="{repository}",
        outputs={"registryId": "{account}"},
        renamed={"repository": "RepositoryName", "policy": "LifecyclePolicy.LifecyclePolicyText"},
        replaces=frozenset({"repository"}),
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": AwsType(
        part_of=_REPOSITORY,
        calls=(call("ecr", "SetRepositoryPolicy", {"repository": "repositoryName", "policy": "policyText"}),),
        identifier="{repository}",
        outputs={"registryId": "{account}"},
        renamed={"repository": "RepositoryName", "policy": "RepositoryPolicyText"},
        replaces=frozenset({"repository"}),
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": AwsType(
        cloudformation="AWS::ECR::PullThroughCacheRule",
        calls=(call("ecr", "CreatePullThroughCacheRule"),),
        identifier="{ecrRepositoryPrefix}",
        outputs={"registryId": "{account}"},
        # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecr/pull_through_cache_rule.go
        updates=frozenset({"CredentialArn", "CustomRoleArn"}),
    ),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": AwsType(
        cloudformation="AWS::ECR::RepositoryCreationTemplate",
        calls=(
            call(
                "ecr",
                "CreateRepositoryCreationTemplate",
                {"appliedFors": "appliedFor", "encryptionConfigurations": "encryptionConfiguration"},
                # A mapping here, a list of keys and values there.
                ignored=frozenset({"resourceTags"}),
            ),
        ),
        identifier="{prefix}",
        outputs={"registryId": "{account}"},
        ignored=frozenset({"resourceTags"}),
        renamed={"appliedFors": "AppliedFor", "encryptionConfigurations": "EncryptionConfiguration"},
        taggable=False,
    ),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": AwsType(
        cloudformation="AWS::ECR::RegistryScanningConfiguration",
        calls=(call("ecr", "PutRegistryScanningConfiguration"),),
        identifier="{account}",
        outputs={"registryId": "{account}"},
    ),
}
