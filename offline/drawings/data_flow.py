"""The ways of data: who writes to and reads from which store, and who calls whom in the cluster.

Drawn from rights and configuration: a pod's role says which bucket, workspace, topic and queue it may write to, and
which it may read; what its files and variables name says which Service it calls. Leaves out whether a call is let
through, which `offline.reachability` says, and keys.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from offline.drawings.callers import Caller, callers, calls
from offline.drawings.picture import Arrow, Box, Group, Picture
from offline.drawings.resources import of_type
from offline.providers.resource import Resource

# Actions that say that data go that way; all others, such as those on keys and listings, are needed beside them.
_WRITES = re.compile(r"s3:PutObject|aps:RemoteWrite|sns:Publish|sqs:SendMessage")
_READS = re.compile(r"s3:GetObject|sqs:ReceiveMessage|aps:QueryMetrics")
_STORES = (
    ("aws:s3/bucket:Bucket", "S3 bucket"),
    ("aws:amp/workspace:Workspace", "Amazon Managed Prometheus"),
    ("aws:cloudwatch/logGroup:LogGroup", "log group"),
    ("aws:sns/topic:Topic", "SNS topic"),
    ("aws:sqs/queue:Queue", "SQS queue"),
)
_ATHENA, _CONTROL_PLANE, _EVENTS, _FLOW_LOGS, _NODE_LOGS = "athena", "control plane", "events", "flow logs", "node logs"
_LOG_DIRECTORY = "/var/log"


def data_flow(resources: Sequence[Resource]) -> Picture:
    """The picture of the ways that a stack's data take.

    Args:
        resources: of the stack, with what its Helm releases bring.
    """
    found = callers(resources)
    (made,) = of_type(resources, "aws:eks/cluster:Cluster")
    stores = {_name(each): (each, kind) for type_, kind in _STORES for each in of_type(resources, type_)}
    arrows = sorted(
        {*_by_rights(resources, found), *_by_log_files(found), *calls(resources, found), *_inside_aws(resources)},
        key=lambda each: (each.source, each.target),
    )
    reached = {name for each in arrows for name in (each.source, each.target)}
    foreign = sorted(name for name in reached if name.startswith("arn:"))
    return Picture(
        f"Ways of data in {made.inputs['name']}",
        "Arrows lead from who writes or calls to what is written to or called, and from a store to who reads it: logs "
        "and events of Spark applications, samples and alerts, notices of interruptions, shuffles and teams' data.",
        (
            *(_namespace(each, found, reached) for each in sorted({each.namespace for each in found})),
            Box(_NODE_LOGS, "Files of nodes", "nodes", (f"{_LOG_DIRECTORY}: output of containers, journal",)),
            Group(
                "stores",
                "Stores of the environment",
                "aws",
                tuple(
                    Box(name, _title(each), "store", (kind,))
                    for name, (each, kind) in stores.items()
                    if name in reached
                ),
            ),
            *(Box(each, each.rpartition(":")[2], "outside", ("S3 bucket of a team's data",)) for each in foreign),
            *(
                each
                for each in (
                    Box(_CONTROL_PLANE, "Control plane", "outside", ("of Amazon EKS",)),
                    Box(_EVENTS, "Amazon EventBridge", "outside", ("interruptions of nodes, findings",)),
                    Box(_FLOW_LOGS, "VPC flow logs", "outside"),
                    Box(_ATHENA, "Amazon Athena", "outside", _tables(resources)),
                )
                if each.name in reached
            ),
        ),
        tuple(arrows),
        "LR",
    )


def _name(store: Resource) -> str:
    """What arrows know a store by; stores of two types may share a logical name."""
    return f"{store.type} {store.name}"


def _title(store: Resource) -> str:
    """The name that people know a store by: that of a log group, else the logical one."""
    return str(store.inputs["name"]) if store.type.endswith(":LogGroup") else store.name


def _namespace(namespace: str, found: Sequence[Caller], reached: set[str]) -> Group:
    here = [each for each in found if each.namespace == namespace and each.name in reached]
    return Group(f"namespace {namespace}", f"namespace {namespace}", "kubernetes", tuple(map(_box, here)))


def _box(caller: Caller) -> Box:
    jobs = caller.scraped_jobs
    lines = ["scrapes", *(", ".join(jobs[at : at + 3]) for at in range(0, len(jobs), 3))] if jobs else []
    return Box(caller.name, caller.title, "workload", tuple(lines))


def _by_rights(resources: Sequence[Resource], found: Sequence[Caller]) -> Iterator[Arrow]:
    """An arrow for each store that a caller's role may write to or read."""
    policies: dict[str, list[Any]] = {}
    for each in of_type(resources, "aws:iam/rolePolicy:RolePolicy"):
        policies.setdefault(str(each.inputs["role"]), []).extend(json.loads(str(each.inputs["policy"]))["Statement"])
    stores = _arns(resources)
    for association in of_type(resources, "aws:eks/podIdentityAssociation:PodIdentityAssociation"):
        inputs = association.inputs
        statements = policies.get(str(inputs["roleArn"]).rpartition("/")[2], [])
        written, read = _reached(statements, _WRITES, stores), _reached(statements, _READS, stores)
        for caller in found:
            if (caller.namespace, caller.service_account) == (inputs["namespace"], inputs["serviceAccount"]):
                yield from (Arrow(caller.name, store) for store in written)
                # Who writes and reads back, as Spark does its data, has one arrow.
                yield from (Arrow(store, caller.name) for store in read - written)


def _reached(statements: Sequence[Any], actions: re.Pattern[str], stores: Mapping[str, str]) -> set[str]:
    """Stores that statements allow such actions on; a bucket that is not the stack's by its ARN."""
    arns = {
        resource.partition("/")[0] if ":s3:::" in resource else resource
        for each in statements
        if any(map(actions.fullmatch, each["Action"]))
        for resource in each["Resource"]
    }
    return {stores.get(arn, arn) for arn in arns}


def _arns(resources: Sequence[Resource]) -> dict[str, str]:
    """ARN of each store to what arrows know it by."""
    return {str(each.outputs["arn"]): _name(each) for type_, _ in _STORES for each in of_type(resources, type_)}


def _by_log_files(found: Sequence[Caller]) -> Iterator[Arrow]:
    for each in found:
        if _LOG_DIRECTORY in each.host_paths:
            yield Arrow(_NODE_LOGS, each.name)
        elif each.title == "Spark applications":
            yield Arrow(each.name, _NODE_LOGS)


def _inside_aws(resources: Sequence[Resource]) -> Iterator[Arrow]:
    """What services of AWS write and read by themselves."""
    stores = _arns(resources)
    buckets = {str(each.inputs["bucket"]): _name(each) for each in of_type(resources, "aws:s3/bucket:Bucket")}
    for target in of_type(resources, "aws:cloudwatch/eventTarget:EventTarget"):
        yield Arrow(_EVENTS, stores[str(target.inputs["arn"])])
    for flow_log in of_type(resources, "aws:ec2/flowLog:FlowLog"):
        yield Arrow(_FLOW_LOGS, stores[str(flow_log.inputs["logDestination"])])
    for group in of_type(resources, "aws:cloudwatch/logGroup:LogGroup"):
        # Amazon EKS writes to the group of this name, and to no other.
        if re.fullmatch(r"/aws/eks/[^/]+/cluster", str(group.inputs["name"])):
            yield Arrow(_CONTROL_PLANE, _name(group))
    for table in of_type(resources, "aws:glue/catalogTable:CatalogTable"):
        location = str(table.inputs["storageDescriptor"]["location"])
        yield Arrow(buckets[location.removeprefix("s3://").partition("/")[0]], _ATHENA)
    for logging in of_type(resources, "aws:s3/bucketLogging:BucketLogging"):
        yield Arrow(buckets[str(logging.inputs["bucket"])], buckets[str(logging.inputs["targetBucket"])])
    for alerts in of_type(resources, "aws:amp/alertManagerDefinition:AlertManagerDefinition"):
        for workspace in of_type(resources, "aws:amp/workspace:Workspace"):
            for topic in of_type(resources, "aws:sns/topic:Topic"):
                if str(topic.outputs["arn"]) in str(alerts.inputs["definition"]):
                    yield Arrow(_name(workspace), _name(topic))


def _tables(resources: Sequence[Resource]) -> tuple[str, ...]:
    return tuple(f"table {each.inputs['name']}" for each in of_type(resources, "aws:glue/catalogTable:CatalogTable"))
