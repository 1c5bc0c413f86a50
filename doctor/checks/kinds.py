"""The kinds of things whose names are an account's, and how each is asked which of its names are taken."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from doctor.aws import CallError
from doctor.plan import CLUSTER
from doctor.surroundings import Surroundings


@dataclass(frozen=True)
class Kind:
    """A kind of thing whose names are the account's.

    Args:
        words: what it is called.
        planned: type token in the plan.
        field: input that holds its name.
        delete: command that takes one away, with a place for its name.
        taken: which names are taken, of those that the stack gives at least.
        made: type token in the state; the plan's unless given.
        identifier: id in the state, with places for account and name.
    """

    words: str
    planned: str
    field: str
    delete: str
    taken: Callable[[Surroundings, list[str]], Iterable[str]]
    made: str | None = None
    identifier: str = "{name}"


def _log_groups(here: Surroundings, names: list[str]) -> Iterable[str]:
    for name in names:
        for each in here.aws.pages("logs:DescribeLogGroups", "logGroups", logGroupNamePrefix=name):
            yield each["logGroupName"]


def _roles(here: Surroundings, names: list[str]) -> Iterable[str]:
    for name in names:
        try:
            yield here.aws.ask("iam:GetRole", RoleName=name)["Role"]["RoleName"]
        except CallError as error:
            if error.code != "NoSuchEntity":
                raise


def _work_groups(here: Surroundings, names: list[str]) -> Iterable[str]:
    for name in names:
        try:
            yield here.aws.ask("athena:GetWorkGroup", WorkGroup=name)["WorkGroup"]["Name"]
        except CallError as error:
            # Amazon Athena has no error of its own for what is not there.
            if error.code != "InvalidRequestException":
                raise


def _listed(call: str, key: str, field: str = "") -> Callable[[Surroundings, list[str]], Iterable[str]]:
    """All names that there are, of services that list them; in a call's answers without a field they are alone."""
    return lambda here, _: (each[field] if field else each for each in here.aws.pages(call, key))


# Name of the check to the call that answers it, and the kind.
KINDS: Mapping[str, tuple[str, Kind]] = {
    "cluster-name": (
        "eks:ListClusters",
        Kind(
            "cluster",
            CLUSTER,
            "name",
            "aws eks delete-cluster --name {}",
            _listed("eks:ListClusters", "clusters"),
            "aws:eks/cluster:Cluster",
        ),
    ),
    "log-group-names": (
        "logs:DescribeLogGroups",
        Kind(
            "log group",
            "aws:cloudwatch/logGroup:LogGroup",
            "name",
            "aws logs delete-log-group --log-group-name {}",
            _log_groups,
        ),
    ),
    "role-names": (
        "iam:GetRole",
        Kind(
            "role",
            "aws:iam/role:Role",
            "name",
            "detach its policies, and aws iam delete-role --role-name {}",
            _roles,
        ),
    ),
    "key-aliases": (
        "kms:ListAliases",
        Kind(
            "alias",
            "aws:kms/alias:Alias",
            "name",
            "aws kms delete-alias --alias-name {}",
            _listed("kms:ListAliases", "Aliases", "AliasName"),
        ),
    ),
    "repository-names": (
        "ecr:DescribeRepositories",
        Kind(
            "repository",
            "aws:ecr/repository:Repository",
            "name",
            "aws ecr delete-repository --force --repository-name {}",
            _listed("ecr:DescribeRepositories", "repositories", "repositoryName"),
        ),
    ),
    "cache-rules": (
        "ecr:DescribePullThroughCacheRules",
        Kind(
            "cache rule",
            "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
            "ecrRepositoryPrefix",
            "aws ecr delete-pull-through-cache-rule --ecr-repository-prefix {}",
            _listed("ecr:DescribePullThroughCacheRules", "pullThroughCacheRules", "ecrRepositoryPrefix"),
        ),
    ),
    "cache-templates": (
        "ecr:DescribeRepositoryCreationTemplates",
        Kind(
            "creation template",
            "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
            "prefix",
            "aws ecr delete-repository-creation-template --prefix {}",
            _listed("ecr:DescribeRepositoryCreationTemplates", "repositoryCreationTemplates", "prefix"),
        ),
    ),
    "work-group-names": (
        "athena:GetWorkGroup",
        Kind(
            "work group",
            "aws:athena/workgroup:Workgroup",
            "name",
            "aws athena delete-work-group --recursive-delete-option --work-group {}",
            _work_groups,
        ),
    ),
    "database-name": (
        "glue:GetDatabases",
        Kind(
            "database",
            "aws:glue/catalogDatabase:CatalogDatabase",
            "name",
            "aws glue delete-database --name {}",
            _listed("glue:GetDatabases", "DatabaseList", "Name"),
            identifier="{account}:{name}",
        ),
    ),
}
