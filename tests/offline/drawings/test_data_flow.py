"""Arrows of data follow from rights and configuration: change one, and the arrow is another."""

import json
from typing import Any

import pytest

from offline.drawings.data_flow import data_flow
from offline.drawings.picture import Picture, boxes_of
from offline.providers.resource import Resource

EVENTS = "aws:s3/bucket:Bucket events"


def resource(type_: str, name: str, inputs: dict[str, Any], **outputs: Any) -> Resource:
    return Resource(f"urn:pulumi:dev::moka::{type_}::{name}", inputs, identifier=name, outputs=outputs)


def kubernetes(kind: str, name: str, **content: Any) -> Resource:
    whole = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "monitoring"}, **content}
    return resource(f"kubernetes:core/v1:{kind}", name, whole)


def workload(name: str, account: str, *texts: str) -> Resource:
    spec = {"serviceAccountName": account, "containers": [{"name": "a", "args": list(texts)}]}
    return kubernetes("Deployment", name, spec={"template": {"metadata": {"labels": {"app": name}}, "spec": spec}})


def policy(action: str, arn: str) -> Resource:
    """A policy of the agent's role."""
    document = json.dumps({"Statement": [{"Action": [action], "Resource": [arn]}]})
    return resource("aws:iam/rolePolicy:RolePolicy", f"{action} {arn}", {"role": "r", "policy": document})


def stack(action: str, *further: Resource) -> Picture:
    """A stack with an agent whose role has an action on a bucket."""
    return data_flow(
        [
            resource("aws:eks/cluster:Cluster", "cluster", {"name": "moka-dev"}),
            resource("aws:s3/bucket:Bucket", "events", {"bucket": "events"}, arn="arn:aws:s3:::events"),
            policy(action, "arn:aws:s3:::events/a/*"),
            resource(
                "aws:eks/podIdentityAssociation:PodIdentityAssociation",
                "i",
                {"namespace": "monitoring", "serviceAccount": "agent", "roleArn": "arn:aws:iam::1:role/r"},
            ),
            workload("agent", "agent", "--to=http://store.monitoring:9090"),
            *further,
        ]
    )


def arrows(picture: Picture) -> set[tuple[str, str]]:
    return {(each.source, each.target) for each in picture.arrows}


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("s3:PutObject", {("monitoring/agent", EVENTS)}),
        ("s3:GetObject", {(EVENTS, "monitoring/agent")}),
        ("s3:ListBucket", set()),
    ],
)
def test_an_arrow_leads_where_a_right_lets_data_go(action: str, expected: set[tuple[str, str]]) -> None:
    assert arrows(stack(action)) == expected


def test_who_writes_and_reads_back_has_one_arrow() -> None:
    assert arrows(stack("s3:PutObject", policy("s3:GetObject", "arn:aws:s3:::events/*"))) == {
        ("monitoring/agent", EVENTS)
    }


def test_an_agent_that_mounts_the_directory_of_logs_reads_the_files_of_nodes() -> None:
    spec = {"volumes": [{"name": "logs", "hostPath": {"path": "/var/log"}}], "containers": []}
    reader = kubernetes("DaemonSet", "reader", spec={"template": {"metadata": {}, "spec": spec}})
    assert ("node logs", "monitoring/reader") in arrows(stack("s3:PutObject", reader))


def test_services_of_aws_write_to_what_they_are_told_to() -> None:
    rule = {"rule": "r", "arn": "arn:aws:sqs:us-east-1:1:notices"}
    picture = stack(
        "s3:PutObject",
        resource("aws:sqs/queue:Queue", "notices", {}, arn="arn:aws:sqs:us-east-1:1:notices"),
        resource("aws:cloudwatch/eventTarget:EventTarget", "t", rule),
        resource("aws:cloudwatch/logGroup:LogGroup", "g", {"name": "/aws/eks/moka-dev/cluster"}, arn="g"),
        resource("aws:cloudwatch/logGroup:LogGroup", "h", {"name": "/aws/eks-other"}, arn="h"),
    )
    assert ("events", "aws:sqs/queue:Queue notices") in arrows(picture)
    assert ("control plane", "aws:cloudwatch/logGroup:LogGroup g") in arrows(picture)
    assert "/aws/eks-other" not in [each.title for each in boxes_of(picture.members)]


def test_a_bucket_that_nobody_may_reach_is_not_shown() -> None:
    assert "events" not in [each.title for each in boxes_of(stack("s3:ListBucket").members)]


def test_whoever_names_a_service_calls_what_stands_behind_it() -> None:
    store = workload("store-0", "store")
    service = kubernetes("Service", "store", spec={"selector": {"app": "store-0"}})
    assert ("monitoring/agent", "monitoring/store") in arrows(stack("s3:PutObject", store, service))
    other = kubernetes("Service", "tore", spec={"selector": {"app": "store-0"}})
    assert ("monitoring/agent", "monitoring/store") not in arrows(stack("s3:PutObject", store, other))


def test_a_bucket_of_somebody_else_stands_outside_of_the_environments_stores() -> None:
    picture = stack("s3:PutObject", policy("s3:PutObject", "arn:aws:s3:::of-a-team/*"))
    assert ("monitoring/agent", "arn:aws:s3:::of-a-team") in arrows(picture)
    assert "of-a-team" in [each.title for each in picture.members if not hasattr(each, "members")]
