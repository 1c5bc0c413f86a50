"""Which actions a request to Amazon S3 asks, on what, and with which condition keys.

Leaves out access points, directory buckets, ACL grants and tags of objects as condition keys.

Source: Amazon S3 user guide, "Required permissions for Amazon S3 API operations"; Service Authorization Reference,
"Amazon S3"; Amazon S3 user guide, "Protecting data with server-side encryption using AWS KMS keys", permissions, and
"Multipart upload API and permissions".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree

from components.regions import region_of
from local_cluster.aws.access import Access, Call, UnknownCallError, key_access
from local_cluster.aws.api_request import ApiRequest
from local_cluster.aws.buckets import Bucket, buckets_of
from local_cluster.aws.deployment import Deployment
from local_cluster.aws.s3_operations import BUCKET_ACTIONS, OBJECT_ACTIONS, SUBRESOURCES

_HOST = re.compile(r"(?:(?P<bucket>.+)\.)?s3(?:\.dualstack)?(?:[.-](?P<region>[a-z]{2}-[a-z-]+-\d))?\.amazonaws\.com")
_HEADERS = (
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-acl",
    "x-amz-storage-class",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-content-sha256",
)
_PARAMETERS = {"prefix": "s3:prefix", "delimiter": "s3:delimiter", "max-keys": "s3:max-keys"}
_LISTINGS = frozenset({"s3:ListBucket", "s3:ListBucketVersions"})


@dataclass(frozen=True)
class Target:
    """The bucket and the object that a request names; both may be empty."""

    bucket: str
    key: str


def bucket_of_host(request: ApiRequest) -> str:
    """The bucket that a request names in its host; empty where it names none there."""
    match = _HOST.fullmatch(request.host)
    return (match["bucket"] or "") if match else ""


def target_of(request: ApiRequest) -> Target:
    """What a request names, in its host or in its path."""
    path = request.path.removeprefix("/")
    if bucket := bucket_of_host(request):
        return Target(bucket, path)
    bucket, _, key = path.partition("/")
    return Target(bucket, key)


def s3_call(request: ApiRequest, deployment: Deployment) -> Call:
    """What a request asks.

    Raises:
        UnknownCallError: for an operation that is not known here.
    """
    target, query = target_of(request), request.query
    subresource = next((each for each in SUBRESOURCES if each in query), "")
    if not target.bucket:
        return Call("ListBuckets", (Access("s3:ListAllMyBuckets", "*", {}, deployment.account_id),))
    table = OBJECT_ACTIONS if target.key else BUCKET_ACTIONS
    found = table.get((request.method, subresource))
    if found is None:
        raise UnknownCallError(
            f"{request.method} of {subresource or 'a plain path'} is no request to Amazon S3 that local clusters know"
        )
    operation, action = found
    if subresource == "delete":
        return Call(operation, tuple(_deletions(request, deployment, target.bucket)))
    return Call(operation, tuple(_accesses(request, deployment, target, operation, action)))


def _accesses(
    request: ApiRequest, deployment: Deployment, target: Target, operation: str, action: str
) -> Iterator[Access]:
    headers, query = request.headers, request.query
    context = {f"s3:{name}": headers[name] for name in _HEADERS if name in headers}
    if action in _LISTINGS:
        context |= {key: query[name] for name, key in _PARAMETERS.items() if name in query}
    if "versionId" in query and action in ("s3:GetObject", "s3:DeleteObject", "s3:GetObjectTagging"):
        action, context = f"{action}Version", context | {"s3:VersionId": query["versionId"]}
    yield _access(action, target, deployment, context)
    if operation in ("PutObject", "CopyObject", "CreateMultipartUpload"):
        for header, further in _ALSO.items():
            if header in headers:
                yield _access(further, target, deployment, {})
    if headers.get("x-amz-bypass-governance-retention", "").lower() == "true":
        yield _access("s3:BypassGovernanceRetention", target, deployment, {})
    if source := headers.get("x-amz-copy-source"):
        yield from _copied(source, deployment)
    yield from _key_use(headers, deployment, target, operation)


_ALSO = {
    "x-amz-tagging": "s3:PutObjectTagging",
    "x-amz-acl": "s3:PutObjectAcl",
    "x-amz-object-lock-mode": "s3:PutObjectRetention",
    "x-amz-object-lock-legal-hold": "s3:PutObjectLegalHold",
}
_KEY_USE = {
    "PutObject": ("kms:GenerateDataKey",),
    "CopyObject": ("kms:GenerateDataKey",),
    "CreateMultipartUpload": ("kms:GenerateDataKey",),
    "UploadPart": ("kms:GenerateDataKey", "kms:Decrypt"),
    "CompleteMultipartUpload": ("kms:Decrypt",),
    "GetObject": ("kms:Decrypt",),
}


def _access(action: str, target: Target, deployment: Deployment, context: Mapping[str, str]) -> Access:
    arn = f"arn:{deployment.partition}:s3:::{target.bucket}" + (f"/{target.key}" if target.key else "")
    owner = deployment.account_id if target.bucket in buckets_of(deployment) or action == "s3:CreateBucket" else ""
    return Access(action, arn, context, owner)


def _copied(source: str, deployment: Deployment) -> Iterator[Access]:
    name, _, version = unquote(source).removeprefix("/").partition("?versionId=")
    bucket, _, key = name.partition("/")
    target = Target(bucket, key)
    yield _access("s3:GetObjectVersion" if version else "s3:GetObject", target, deployment, {})
    if (found := buckets_of(deployment).get(bucket)) and found.key_arn:
        yield _with_key("kms:Decrypt", found.key_arn, found, key, deployment)


def _key_use(headers: Mapping[str, str], deployment: Deployment, target: Target, operation: str) -> Iterator[Access]:
    bucket = buckets_of(deployment).get(target.bucket)
    encryption = headers.get("x-amz-server-side-encryption", "")
    if bucket is None or encryption == "AES256":
        return
    named = headers.get("x-amz-server-side-encryption-aws-kms-key-id", "")
    if named and not named.startswith("arn:"):
        named = f"arn:{deployment.partition}:kms:{deployment.region}:{deployment.account_id}:key/{named}"
    if key_arn := named or bucket.key_arn:
        for action in _KEY_USE.get(operation, ()):
            yield _with_key(action, key_arn, bucket, target.key, deployment)


def _with_key(action: str, key_arn: str, bucket: Bucket, key: str, deployment: Deployment) -> Access:
    suffix = f"{deployment.region}.{region_of(deployment.region).partition.dns_suffix}"
    access = key_access(action, key_arn, "s3", suffix)
    # With a bucket key the data key is the bucket's.
    arn = f"arn:{deployment.partition}:s3:::{bucket.name}" + ("" if bucket.uses_bucket_key else f"/{key}")
    context = {**access.context, "kms:EncryptionContext:aws:s3:arn": arn}
    return Access(access.action, access.resource, context, access.owner, access.through)


def _deletions(request: ApiRequest, deployment: Deployment, bucket: str) -> Iterator[Access]:
    bypass = request.headers.get("x-amz-bypass-governance-retention", "").lower() == "true"
    for key, version in deleted_keys(request.body):
        target = Target(bucket, key)
        yield _access("s3:DeleteObjectVersion" if version else "s3:DeleteObject", target, deployment, {})
        if bypass:
            yield _access("s3:BypassGovernanceRetention", target, deployment, {})


def deleted_keys(body: bytes) -> list[tuple[str, str]]:
    """Key and version of each object that a DeleteObjects names.

    Raises:
        UnknownCallError: for a body that is none.
    """
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as problem:
        raise UnknownCallError(f"the body of DeleteObjects is no XML: {problem}") from problem
    named = (_texts(each) for each in root if _name(each) == "Object")
    return [(each.get("Key", ""), each.get("VersionId", "")) for each in named]


def _texts(element: ElementTree.Element) -> dict[str, str]:
    return {_name(each): each.text or "" for each in element}


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
