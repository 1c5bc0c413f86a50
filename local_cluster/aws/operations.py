"""Which actions a request to a service other than Amazon S3 asks, on what, and with which condition keys.

The operation is read as the service's protocol carries it, and must be one that botocore's model of the service has.

Source: Service Authorization Reference, the page of each service; Amazon SNS developer guide, "Encrypting Amazon SNS
data with server-side encryption", and Amazon SQS developer guide, "Key management", for keys of topics and queues;
Amazon CloudWatch Logs user guide, "CloudWatch Logs permissions reference", for ARNs.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session

from components.regions import region_of
from local_cluster.aws.access import Access, Call, UnknownCallError, key_access
from local_cluster.aws.api_request import ApiRequest
from local_cluster.aws.deployment import AwsResource, Deployment
from local_cluster.aws.services import Protocol, Service

_CBOR_PATH = re.compile(r"/service/[^/]+/operation/(?P<operation>\w+)")
_WORKSPACE_PATH = re.compile(r"/workspaces/(?P<workspace>[^/]+)/api/v1/(?P<what>[\w/]+)")
_APS = {
    "remote_write": "RemoteWrite",
    "query": "QueryMetrics",
    "query_range": "QueryMetrics",
    "series": "GetSeries",
    "labels": "GetLabels",
    "metadata": "GetMetricMetadata",
}
# Batches and their like are judged as what they are many of.
_ACTIONS = {
    ("sqs", "SendMessageBatch"): "SendMessage",
    ("sqs", "DeleteMessageBatch"): "DeleteMessage",
    ("sqs", "ChangeMessageVisibilityBatch"): "ChangeMessageVisibility",
    ("sns", "PublishBatch"): "Publish",
}
_TOPIC, _QUEUE, _KEY, _ALIAS = (
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
    "aws:kms/key:Key",
    "aws:kms/alias:Alias",
)


def protocol_of(request: ApiRequest, service: Service) -> Protocol:
    """How a request is written, and its answer."""
    content_type = request.headers.get("content-type", "")
    if service.backend == "s3":
        return "xml"
    if "smithy-protocol" in request.headers or content_type.startswith("application/cbor"):
        return "cbor"
    return "json" if "x-amz-target" in request.headers or service.backend == "amp" else "query"


def api_call(request: ApiRequest, service: Service, deployment: Deployment) -> Call:
    """What a request asks.

    Raises:
        UnknownCallError: for an operation that the service does not have.
    """
    if service.backend == "amp":
        return _aps_call(request, deployment)
    operation, parameters = _read(request, service)
    if operation not in _operations(service.model):
        raise UnknownCallError(f"{operation or request.path!r} is no operation of {service.model}")
    action = f"{service.prefix}:{_ACTIONS.get((service.backend, operation), operation)}"
    return Call(operation, tuple(_accesses(action, service, parameters, deployment)))


def _read(request: ApiRequest, service: Service) -> tuple[str, Mapping[str, Any]]:
    protocol = protocol_of(request, service)
    if protocol == "cbor":
        match = _CBOR_PATH.fullmatch(request.path)
        return (match["operation"] if match else ""), {}
    if protocol == "json":
        try:
            parameters = json.loads(request.body or b"{}")
        except ValueError as problem:
            raise UnknownCallError(f"the body is no JSON: {problem}") from problem
        return request.headers["x-amz-target"].rpartition(".")[2], parameters
    return request.form.get("Action", ""), request.form


def _aps_call(request: ApiRequest, deployment: Deployment) -> Call:
    match = _WORKSPACE_PATH.fullmatch(request.path)
    operation = _APS.get(match["what"]) if match else None
    if match is None or operation is None:
        raise UnknownCallError(f"{request.path} is no path of a workspace that local clusters know")
    arn = _arn(deployment, "aps", f"workspace/{match['workspace']}")
    return Call(operation, (Access(f"aps:{operation}", arn, {}, deployment.account_id),))


def _accesses(action: str, service: Service, parameters: Mapping[str, Any], deployment: Deployment) -> Iterator[Access]:
    owner = deployment.account_id
    if service.backend == "kms":
        yield Access(action, _key_arn(str(parameters.get("KeyId", "")), deployment), {}, owner)
    elif service.backend == "sns":
        arn = str(parameters.get("TopicArn") or parameters.get("TargetArn") or "*")
        yield Access(action, arn, {}, arn.split(":")[4] if arn.count(":") >= 5 else owner)
        if action == "sns:Publish":
            yield from _key_use("sns", deployment, _named(deployment, _TOPIC, arn))
    elif service.backend == "sqs":
        name = str(parameters.get("QueueUrl") or parameters.get("QueueName") or "").rsplit("/", 1)[-1]
        arn = _arn(deployment, "sqs", name) if name else "*"
        yield Access(action, arn, {}, owner)
        if action in ("sqs:SendMessage", "sqs:ReceiveMessage"):
            yield from _key_use("sqs", deployment, _named(deployment, _QUEUE, arn))
    elif service.backend == "logs":
        group, stream = parameters.get("logGroupName", ""), parameters.get("logStreamName", "")
        yield Access(action, _arn(deployment, "logs", f"log-group:{group}:log-stream:{stream}"), {}, owner)
    elif service.backend == "cloudwatch":
        namespace = parameters.get("Namespace")
        yield Access(action, "*", {"cloudwatch:namespace": str(namespace)} if namespace else {}, owner)
    else:
        yield Access(action, str(parameters.get("RoleArn") or "*"), {}, owner)


def _key_use(service: str, deployment: Deployment, resource: AwsResource | None) -> Iterator[Access]:
    key = resource.inputs.get("kmsMasterKeyId") if resource else None
    if key:
        suffix = f"{deployment.region}.{region_of(deployment.region).partition.dns_suffix}"
        for action in ("kms:GenerateDataKey", "kms:Decrypt"):
            yield key_access(action, _key_arn(key, deployment), service, suffix)


def _named(deployment: Deployment, kind: str, arn: str) -> AwsResource | None:
    return next((each for each in deployment.of(kind) if each.arn == arn), None)


def _key_arn(named: str, deployment: Deployment) -> str:
    """ARN of the key that a request names by id, alias or ARN; * where it names none."""
    name = named.rsplit(":", 1)[-1]
    if name.startswith("alias/"):
        aliases = (each for each in deployment.of(_ALIAS) if each.inputs.get("name") == name)
        name = next((each.inputs["targetKeyId"] for each in aliases), name)
    name = name.removeprefix("key/")
    if named.startswith("arn:") and ":key/" in named:
        return named
    keys = (each.arn for each in deployment.of(_KEY) if name in (each.identifier, each.arn))
    return next(keys, _arn(deployment, "kms", f"key/{name}") if name else "*")


def _arn(deployment: Deployment, service: str, resource: str) -> str:
    return f"arn:{deployment.partition}:{service}:{deployment.region}:{deployment.account_id}:{resource}"


@cache
def _operations(model: str) -> frozenset[str]:
    names: Any = botocore.session.get_session().get_service_model(model).operation_names
    return frozenset(names)
