"""Roles that must be there beforehand: people's, which settings name, and those by which services act themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from components.settings import Settings
from components.settings_tree import texts
from doctor.aws import CallError, DeniedError
from doctor.check import Check
from doctor.checks.identity import role_name
from doctor.finding import Finding, fail, ok, warn
from doctor.surroundings import Surroundings

_MISSING = "NoSuchEntity"
_CREATE = "iam:CreateServiceLinkedRole"


@dataclass(frozen=True)
class ServiceRole:
    """A role that belongs to a service.

    Args:
        name: of the role.
        service: host of the service, as IAM calls it.
        made_by: who makes it when it is missing; empty where nobody may, so that a person has to.
    """

    name: str
    service: str
    made_by: str = ""


# Source: the services' user guides, "Using service-linked roles"; Amazon EC2 user guide, "Service-linked role for Spot
# Instance requests", for that of spot, which Karpenter's role may not make.
EKS = ServiceRole("AWSServiceRoleForAmazonEKS", "eks.amazonaws.com", "the first cluster")
NODE_GROUPS = ServiceRole("AWSServiceRoleForAmazonEKSNodegroup", "eks-nodegroup.amazonaws.com", "the first node group")
AUTO_SCALING = ServiceRole("AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com", "the first node group")
SPOT = ServiceRole("AWSServiceRoleForEC2Spot", "spot.amazonaws.com")
IMAGE_CACHE = ServiceRole(
    "AWSServiceRoleForECRPullThroughCache", "pullthroughcache.ecr.amazonaws.com", "the first cache rule"
)
GUARD_DUTY = ServiceRole("AWSServiceRoleForAmazonGuardDuty", "guardduty.amazonaws.com", "the detector")
GRAFANA = ServiceRole("AWSServiceRoleForAmazonGrafana", "grafana.amazonaws.com", "the workspace")


def relied_on(settings: Settings) -> list[ServiceRole]:
    """The service-linked roles that a stack with these settings can't do without."""
    buys_spot = any(each.capacity == "spot" for each in settings.nodes.values())
    return [
        EKS,
        NODE_GROUPS,
        AUTO_SCALING,
        *([SPOT] if buys_spot else []),
        *([IMAGE_CACHE] if settings.images.mirror is None else []),
        *([GUARD_DUTY] if settings.detection.detector == "own" else []),
        *([GRAFANA] if settings.monitoring.grafana == "amazon-managed" else []),
    ]


def service_linked_roles(here: Surroundings) -> Iterable[Finding]:
    """Each is there, or is made by itself when whoever deploys may."""
    wanted = relied_on(here.settings)
    for each in wanted:
        if _arn(here, each.name) is not None:
            continue
        create = f"aws iam create-service-linked-role --aws-service-name {each.service}"
        if not each.made_by:
            yield fail(f"the account lacks {each.name}, and nothing in the stack may make it", create)
        elif (may := _may_create(here, each)) is None:
            yield warn(f"the account lacks {each.name}; {each.made_by} makes it where whoever deploys may", create)
        elif not may:
            yield fail(f"the account lacks {each.name}, and these credentials may not have it made", create)
        else:
            yield ok(f"{each.made_by} makes {each.name}")
    yield ok(", ".join(each.name.removeprefix("AWSServiceRoleFor") for each in wanted))


def named_roles(here: Surroundings) -> Iterable[Finding]:
    """AWS refuses an access entry, a trust policy and a bucket's policy that name a role that is not there."""
    wanted = named_in(here.settings)
    for arn, field in wanted.items():
        found = _arn(here, arn.rpartition("/")[2])
        if found is None:
            yield fail(
                f"{field} names {arn}, which is not there",
                "make the role in that account, or write another one",
            )
        elif found != arn:
            yield fail(f"{field} names {arn}, and the role of this name has another path", f"write {found}")
    yield ok(f"{len(wanted)} roles")


def named_in(settings: Settings) -> dict[str, str]:
    """ARN of every role of the account that settings name to the first field that does."""
    prefix = f"arn:{settings.account.partition}:iam::{settings.account_id}:role/"
    found: dict[str, str] = {}
    for path, text in texts(settings.model_dump(mode="json")):
        if text.startswith(prefix):
            found.setdefault(text, ".".join(path))
    return found


def _arn(here: Surroundings, name: str) -> str | None:
    try:
        return here.aws.ask("iam:GetRole", RoleName=name)["Role"]["Arn"]
    except DeniedError:
        raise
    except CallError as error:
        if error.code == _MISSING:
            return None
        raise


def _may_create(here: Surroundings, role: ServiceRole) -> bool | None:
    """Whether the caller may have a service make its role; None where nobody can say."""
    arn = str(here.caller["Arn"])
    name = role_name(arn)
    try:
        # A session's ARN lacks the path of its role.
        source = arn if name is None else _arn(here, name)
        answer = here.aws.ask(
            "iam:SimulatePrincipalPolicy",
            PolicySourceArn=source or arn,
            ActionNames=[_CREATE],
            ResourceArns=[
                f"arn:{here.account.partition}:iam::{here.account.id}:role/aws-service-role/{role.service}/{role.name}"
            ],
            ContextEntries=[
                {
                    "ContextKeyName": "iam:AWSServiceName",
                    "ContextKeyValues": [role.service],
                    "ContextKeyType": "string",
                }
            ],
        )
    except DeniedError:
        return None
    return all(each["EvalDecision"] == "allowed" for each in answer["EvaluationResults"])


CHECKS = (
    Check(
        "service-linked-roles",
        "Are the services' own roles there, or may they be made",
        service_linked_roles,
        calls=("iam:GetRole", "iam:SimulatePrincipalPolicy"),
        needs=("account",),
    ),
    Check(
        "named-roles",
        "Are the roles there that settings name",
        named_roles,
        calls=("iam:GetRole",),
        needs=("account",),
    ),
)
