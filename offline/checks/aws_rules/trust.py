"""Whether the service that uses a role may assume it.

The role is found by the name at the end of its ARN, so a preview judges roles that exist already, and an update all.

Source: IAM user guide, "Create a role to delegate permissions to an AWS service", and the page each row names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from offline.checks.aws_rules.cluster import CLUSTER
from offline.checks.aws_rules.node_groups import NODE_GROUP
from offline.checks.aws_rules.policies import ROLE
from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding
from offline.checks.policy_document import as_list, document_of

_ASSUME = ("sts:AssumeRole",)


@dataclass(frozen=True)
class Use:
    """Who assumes the role that a property names.

    Args:
        place: property that holds the role's ARN.
        service: the principal, without the partition's suffix.
        actions: that the trust policy must allow.
        source: page that says so.
    """

    place: str
    service: str
    source: str
    actions: tuple[str, ...] = _ASSUME


USES: dict[str, tuple[Use, ...]] = {
    CLUSTER: (Use("roleArn", "eks", "Amazon EKS user guide, Amazon EKS cluster IAM role"),),
    NODE_GROUP: (Use("nodeRoleArn", "ec2", "Amazon EKS user guide, Amazon EKS node IAM role"),),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
        Use(
            "roleArn",
            "pods.eks",
            "Amazon EKS user guide, Create IAM role with trust policy required by EKS Pod Identity",
            ("sts:AssumeRole", "sts:TagSession"),
        ),
    ),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": (
        Use("customRoleArn", "ecr", "Amazon ECR user guide, Creating an IAM role for repository creation templates"),
    ),
    "aws:ec2/flowLog:FlowLog": (
        Use(
            "iamRoleArn", "vpc-flow-logs", "Amazon VPC user guide, IAM role for publishing flow logs to CloudWatch Logs"
        ),
    ),
}


def a_role_trusts_who_uses_it(stack: Stack) -> Iterator[Finding]:
    """An Allow for the service's principal and every action it takes."""
    roles = {str(each.get("name")): each for each in stack.of(ROLE)}
    for kind, uses in USES.items():
        for subject in stack.of(kind):
            for use in uses:
                role = roles.get(str(subject.get(use.place) or "").rsplit("/", 1)[-1])
                yield from () if role is None else _judge(subject, use, role)


def _judge(subject: Subject, use: Use, role: Subject) -> Iterator[Finding]:
    document = document_of(role.get("assumeRolePolicy"))
    principals = {f"{use.service}.{suffix}" for suffix in ("amazonaws.com", subject.account.suffix)}
    allowed: set[str] = set()
    for statement in as_list(document.get("Statement")):
        principal = statement.get("Principal") if statement.get("Effect") == "Allow" else None
        services = as_list(principal.get("Service")) if isinstance(principal, dict) else []
        if principals & set(services):
            allowed |= {str(each) for each in as_list(statement.get("Action"))}
    missing = [each for each in use.actions if not allowed & {each, "sts:*", "*"}]
    if document and missing:
        rule = f"is role {role.resource.name}, which does not let {use.service}.amazonaws.com {' and '.join(missing)}"
        fix = f"Allow {' and '.join(missing)} to that service in the role's trust policy"
        yield subject.finding(use.place, rule, use.source, fix)


RULES_TOGETHER = (a_role_trusts_who_uses_it,)
