"""Planted mistakes in policy documents, and in the names of AWS's managed policies."""

import json
from collections.abc import Callable
from typing import Any

from tests.checks.planted import Inputs, Planted, put

_IAM = "iam"

_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_KEY = "aws:kms/key:Key"
_ROLE = "aws:iam/role:Role"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_AWS = "arn:aws:iam::aws:policy/"
_TRUST = "assumeRolePolicy"


def statement(index: int, place: str = "policy", **changes: Any) -> Callable[[Inputs], None]:
    """A change of one statement's elements; None takes an element away."""

    def change(inputs: Inputs) -> None:
        document = json.loads(inputs[place])
        for element, value in changes.items():
            document["Statement"][index].pop(element)
            if value is not None:
                document["Statement"][index][element] = value
        inputs[place] = json.dumps(document)

    return change


def text(old: str, new: str, place: str = "policy") -> Callable[[Inputs], None]:
    """A change of the document's text."""

    def change(inputs: Inputs) -> None:
        assert old in inputs[place]
        inputs[place] = inputs[place].replace(old, new)

    return change


def join(change: Callable[[Inputs], None], says: str, *, alone: bool = True) -> Planted:
    return Planted(_ROLE_POLICY, "nodes-join", change, _IAM, "policy", says, alone)


def bucket(change: Callable[[Inputs], None], says: str, *, alone: bool = True) -> Planted:
    return Planted(_BUCKET_POLICY, "access-logs", change, _IAM, "policy", says, alone)


def trust(change: Callable[[Inputs], None], says: str, *, alone: bool = True) -> Planted:
    return Planted(_ROLE, "fluent-bit-pod", change, _IAM, "assumeRolePolicy", says, alone)


def jobs(change: Callable[[Inputs], None], says: str) -> Planted:
    """A mistake in a policy that names a bucket's key, whose ARN nobody knows in a first preview."""
    return Planted(_ROLE_POLICY, "spark-analytics-spark-pod", change, _IAM, "policy", says)


def managed(arn: str, *, alone: bool = True) -> Planted:
    name = "nodes-AmazonEKSWorkerNodeMinimalPolicy"
    return Planted(_ATTACHMENT, name, put("policyArn", arn), _IAM, "policyArn", "that AWS publishes", alone)


IAM_MISTAKES: tuple[Planted, ...] = (
    # Actions and resources.
    join(text("ec2:DescribeInstances", "ec2:DescribeInstanses"), "no action of service ec2"),
    join(text("ec2:DescribeInstances", "ec3:DescribeInstances"), "no service has prefix 'ec3'"),
    join(statement(0, Action="s3:Fly*", Resource="*"), "names s3:Fly*"),
    join(statement(0, Action="s3:GetObject", Resource="arn:aws:s3:::bucket"), "on none of what it acts on"),
    join(statement(0, Action="s3:ListBucket", Resource="arn:aws:s3:::bucket/*"), "on none of what it acts on"),
    join(
        statement(
            0, Action="s3:GetObject", Resource=["arn:aws:s3:::bucket/*", "arn:aws:sqs:us-east-1:444444444444:jobs"]
        ),
        "none of the statement's actions acts",
    ),
    join(statement(0, Resource="arn:aws:ec2:us-east-1:444444444444:instance/*"), "* alone"),
    join(statement(0, Action="s3:GetObject", Resource="bucket/*"), "is no ARN"),
    join(statement(0, Action="s3:GetObject", Resource="arn:aws-cn:s3:::bucket/*"), "in partition aws"),
    # Conditions.
    bucket(text('"Bool"', '"Boolean"'), "no such condition operator as Boolean"),
    bucket(text("StringNotEquals", "StringNotEqual"), "no such condition operator as StringNotEqual"),
    bucket(text("aws:SecureTransport", "aws:SecureTransports"), "aws:SecureTransports, a condition key that none"),
    bucket(text("aws:PrincipalAccount", "aws:PrincipalAcount"), "aws:PrincipalAcount, a condition key"),
    bucket(text('"Bool": {"aws:SecureTransport"', '"StringEquals": {"aws:SecureTransport"'), "holds a bool value"),
    bucket(text('"aws:SecureTransport": "false"', '"aws:SecureTransport": "no"'), "takes true or false"),
    join(
        text('"Resource"', '"Condition": {"StringLike": {"s3:prefix": "a/"}}, "Resource"'),
        "s3:prefix, a condition key that none",
    ),
    # Grammar.
    join(text('"Allow"', '"Permit"'), "Effect Allow or Deny", alone=False),
    join(statement(0, Resource=None), "must have Resource", alone=False),
    join(statement(0, Action=None), "must have Action", alone=False),
    join(text('"Action"', '"NotAction": "s3:*", "Action"'), "Action or NotAction, not both", alone=False),
    join(text('"Sid": "LookUpOwnName"', '"Sid": "look up"'), "only letters and digits", alone=False),
    join(text('"Sid": "LookUpOwnName"', '"Principal": "*"'), "must name no Principal", alone=False),
    join(text('"Effect"', '"Efect"'), "'Efect' that no statement has", alone=False),
    join(text('"2012-10-17"', '"2012-10-18"'), "must have Version 2012-10-17", alone=False),
    join(text("{", "", place="policy"), "is no JSON", alone=False),
    bucket(statement(0, Principal=None), "must have Principal", alone=False),
    trust(text('"Sid"', '"Resource": "*", "Sid"', "assumeRolePolicy"), "must name no Resource", alone=False),
    trust(text("pods.eks.amazonaws.com", "pods.eks", "assumeRolePolicy"), "no service", alone=False),
    trust(text("sts:TagSession", "sts:TagSessions", "assumeRolePolicy"), "no action of service sts", alone=False),
    trust(text("aws:SourceAccount", "aws:SourceAcount", "assumeRolePolicy"), "aws:SourceAcount"),
    Planted(_KEY, "cluster-key", text("kms:Decrypt", "kms:Decript"), _IAM, "policy", "no action of service kms"),
    Planted(_ENDPOINT, "network-s3", text("s3:ListAllMyBuckets", "s3:ListMyBuckets"), _IAM, "policy", "service s3"),
    # Documents that a first preview knows only from a rehearsal.
    jobs(text("s3:PutObject", "s3:PutObjects"), "statement WriteAndReadEventLogs, has 's3:PutObjects'"),
    jobs(text("StringEquals", "StringEqual"), "statement EncryptEventLogs, has 'StringEqual'"),
    jobs(
        text('"s3:ListBucket"], "Resource": ["', '"s3:ListBucket"], "Resource": ["arn:aws:s3:::bucket/*", "'),
        "names arn:aws:s3:::bucket/*, on which none of the statement's actions acts",
    ),
    jobs(statement(1, Sid=None, Action="s3:PutObjects"), "Statement[1], has 's3:PutObjects'"),
    Planted(
        _BUCKET_POLICY,
        "spark-logs",
        text("server-side-encryption-aws-kms-key-id", "server-side-encryption-aws-kms-key"),
        _IAM,
        "policy",
        "statement DenyOtherKeys, has 's3:x-amz-server-side-encryption-aws-kms-key'",
    ),
    Planted(
        _BUCKET_POLICY, "spark-events", text("aws:PrincipalArn", "aws:PrincipalArns"), _IAM, "policy", "DenyDeletionBy"
    ),
    # Values of conditions.
    jobs(text("s3.us-east-1.amazonaws.com", "s3.us-esat-1.amazonaws.com"), "names us-esat-1, no Region"),
    jobs(text("s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"), "names eu-west-1, another Region than"),
    jobs(text("s3.us-east-1.amazonaws.com", "s4.us-east-1.amazonaws.com"), "no service with an endpoint: s4"),
    jobs(text("s3.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com.cn"), "partition's amazonaws.com"),
    jobs(text('"kms:ViaService": "s3', '"aws:CalledVia": "s4'), "is no service's principal"),
    jobs(text('"kms:ViaService": "s3.us-east-1.amazonaws.com', '"aws:RequestedRegion": "us-esat-1'), "is no Region of"),
    trust(text('"aws:SourceAccount": "444444444444"', '"aws:SourceAccount": "4444"', _TRUST), "of 12 digits"),
    trust(text("arn:aws:eks:us-east-1", "arn:aws:eks:us-esat-1", _TRUST), "names us-esat-1, no Region"),
    trust(text("arn:aws:eks:us-east-1", "arn:aws-cn:eks:us-east-1", _TRUST), "is in partition aws-cn"),
    bucket(text("arn:aws:s3:::moka-production-spark-logs-444444444444-us-east-1", "moka"), "is no ARN"),
    # Names that nothing looks at before they are compared.
    Planted(
        _KEY,
        "cluster-key",
        text("kms:EncryptionContext:aws:logs:arn", "kms:EncryptionContext:aws:log:arn"),
        _IAM,
        "policy",
        "no service encrypts with a context aws:log:arn",
    ),
    jobs(text("eventlog_v2_*", "${aws:usrname}/*"), "the variable aws:usrname"),
    Planted(_ENDPOINT, "network-s3", text("s3:ListAllMyBuckets", "s3:ListMyBuckets"), _IAM, "policy", "service s3"),
    # Managed policies.
    managed(f"{_AWS}AmazonEKSWorkerNodeMinimumPolicy"),
    managed(f"{_AWS}AmazonEBSCSIDriverPolicy"),
    managed("arn:aws-us-gov:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy"),
)
