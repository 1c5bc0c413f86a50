"""Calls of repositories, their policies, caches of other registries, and the scan of what is pushed.

Source: CloudFormation's resource provider schemas, `handlers`, as pulumi/pulumi-aws-native carries them
(aws-cloudformation-schema, read at 43eed3b); hashicorp/terraform-provider-aws, internal/service/ecr.
"""

from offline.permissions.calls import LINKS, Calls, linked_role, of

_ON = ("arn:{partition}:ecr:{region}:{account}:repository/{repository}",)
# Amazon ECR user guide, "Encryption at rest": it uses the key by grants that it makes in the caller's name.
_GRANTS = of("kms", "CreateGrant DescribeKey RetireGrant")


def _ecr(names: str) -> tuple[str, ...]:
    return of("ecr", names)


_CACHE_SERVICE, _TEMPLATE_SERVICE = "pullthroughcache.ecr.amazonaws.com", "ecr.amazonaws.com"

CALLS: dict[str, Calls] = {
    "aws:ecr/repository:Repository": Calls(
        create=(*_ecr("CreateRepository TagResource"), *_GRANTS),
        read=_ecr("DescribeRepositories ListTagsForResource"),
        update=_ecr("PutImageScanningConfiguration PutImageTagMutability TagResource UntagResource"),
        delete=(*_ecr("DeleteRepository"), "kms:RetireGrant"),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Calls(
        create=_ecr("PutLifecyclePolicy"),
        read=_ecr("GetLifecyclePolicy"),
        update=_ecr("PutLifecyclePolicy"),
        delete=_ecr("DeleteLifecyclePolicy"),
        on=_ON,
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": Calls(
        create=_ecr("SetRepositoryPolicy"),
        read=_ecr("GetRepositoryPolicy"),
        update=_ecr("SetRepositoryPolicy"),
        delete=_ecr("DeleteRepositoryPolicy"),
        on=_ON,
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Calls(
        create=(
            *_ecr("CreatePullThroughCacheRule"),
            LINKS,
            "secretsmanager:GetSecretValue",
        ),
        read=_ecr("DescribePullThroughCacheRules"),
        update=(*_ecr("UpdatePullThroughCacheRule"), "secretsmanager:GetSecretValue"),
        delete=_ecr("DeletePullThroughCacheRule"),
        only={
            LINKS: (linked_role(_CACHE_SERVICE, "AWSServiceRoleForECRPullThroughCache"),),
            # Rules for registries that anybody may read have none.
            "secretsmanager:GetSecretValue": ("{credentialArn}",),
        },
        context={LINKS: {"iam:AWSServiceName": _CACHE_SERVICE}},
    ),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": Calls(
        create=(
            *_ecr("CreateRepository CreateRepositoryCreationTemplate PutLifecyclePolicy SetRepositoryPolicy"),
            "iam:PassRole",
            "kms:DescribeKey",
        ),
        read=_ecr("DescribeRepositoryCreationTemplates"),
        update=(
            *_ecr("CreateRepository PutLifecyclePolicy SetRepositoryPolicy UpdateRepositoryCreationTemplate"),
            "iam:PassRole",
        ),
        delete=_ecr("DeleteRepositoryCreationTemplate"),
        on=("arn:{partition}:ecr:{region}:{account}:repository/{prefix}/*",),
        passes_to=(_TEMPLATE_SERVICE,),
    ),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": Calls(
        create=_ecr("PutRegistryScanningConfiguration"),
        read=_ecr("GetRegistryScanningConfiguration"),
        update=_ecr("PutRegistryScanningConfiguration"),
        delete=_ecr("PutRegistryScanningConfiguration"),
    ),
}
