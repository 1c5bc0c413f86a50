"""How large policy documents may be, counted as AWS counts them.

Source: IAM user guide, "IAM and AWS STS quotas": white space does not count; the quotas of the other services.
"""

import json
from collections.abc import Iterator
from typing import Any

from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_IAM = "IAM user guide, IAM and AWS STS quotas"
INLINE_TOTAL = 10_240
MANAGED_POLICIES = 10

# Type -> property, most characters, source.
_LIMITS: dict[str, tuple[str, int, str]] = {
    "aws:iam/policy:Policy": ("policy", 6_144, _IAM),
    ROLE: ("assumeRolePolicy", 2_048, _IAM),
    "aws:s3/bucketPolicy:BucketPolicy": ("policy", 20_480, "Amazon S3 user guide, Bucket policies: 20 KB"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("policy", 20_480, "AWS PrivateLink guide, AWS PrivateLink quotas"),
    "aws:kms/key:Key": ("policy", 32_768, "AWS KMS developer guide, Resource quotas"),
    "aws:sns/topicPolicy:TopicPolicy": ("policy", 30_720, "Amazon SNS developer guide, API permissions: policy quotas"),
    "aws:sqs/queuePolicy:QueuePolicy": ("policy", 8_192, "Amazon SQS developer guide, Amazon SQS policy quotas"),
    # The shape that botocore carries of SetRepositoryPolicy; Amazon ECR's guide gives no other figure.
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ("policy", 10_240, "Amazon ECR API reference, SetRepositoryPolicy"),
}


def a_document_is_small_enough(subject: Subject) -> Iterator[Finding]:
    """One document against the limit of its kind."""
    place, limit, source = _LIMITS[subject.type]
    document = subject.get(place)
    size = 0 if document is None else counted(document, without_space=subject.type.startswith("aws:iam/"))
    if size > limit:
        rule = f"has {size} characters, more than {limit}"
        fix = "Merge statements, use wildcards, or split the policy"
        # The document itself would say nothing.
        yield subject.finding(place, rule, source, fix, f"{size} characters")


def inline_policies_of_a_role_are_small_enough_together(stack: Stack) -> Iterator[Finding]:
    """All inline policies of one role share one quota."""
    for role in stack.of(ROLE):
        name = role.get("name")
        mine = [each for each in stack.of(ROLE_POLICY) if name is not None and each.get("role") == name]
        total = sum(counted(each.get("policy")) for each in mine if each.get("policy") is not None)
        total += sum(counted(each["policy"]) for each in role.items("inlinePolicies") if each.get("policy"))
        if total > INLINE_TOTAL:
            subject, place = (max(mine, key=_size), "policy") if mine else (role, "inlinePolicies")
            rule = f"brings the inline policies of role {name} to {total} characters, more than {INLINE_TOTAL}"
            fix = "Move statements into a managed policy"
            yield subject.finding(place, rule, _IAM, fix, f"{total} characters")


def a_role_has_few_enough_managed_policies(stack: Stack) -> Iterator[Finding]:
    """Ten managed policies are attached to a role, unless AWS raised the quota."""
    for role in stack.of(ROLE):
        name = role.get("name")
        mine = [each for each in stack.of(_ATTACHMENT) if name is not None and each.get("role") == name]
        if len(mine) > MANAGED_POLICIES:
            rule = f"is one of {len(mine)} attachments of role {name}, more than {MANAGED_POLICIES}"
            yield mine[-1].finding("role", rule, _IAM, "Merge policies, or raise the quota")


def counted(document: Any, without_space: bool = True) -> int:
    """Size of a policy document as AWS counts it."""
    text = document if isinstance(document, str) else json.dumps(document)
    return len("".join(text.split())) if without_space else len(text.encode())


def _size(policy: Subject) -> int:
    return counted(policy.get("policy") or "")


RULES = dict.fromkeys(_LIMITS, (a_document_is_small_enough,))
RULES_TOGETHER = (
    inline_policies_of_a_role_are_small_enough_together,
    a_role_has_few_enough_managed_policies,
)
