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


def stack(action: str, *further: Resource) -> Picture:
    """A stack with an agent whose role has an action on a bucket."""
    statement = {"Action": [action], "Resource": ["arn:aws:s3:::events/a/*"]}
    return data_flow(
        [
            resource("aws:eks/cluster:Cluster", "cluster", {"name": "moka-dev"}),
            resource("aws:s3/bucket:Bucket", "events", {"bucket": "events"}, arn="arn:aws:s3:::events"),
            resource(
                "aws:iam/rolePolicy:RolePolicy", "p", {"role": "r", "policy": json.dumps({"Statement": [statement]})}
            ),
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


def test_a_bucket_that_nobody_may_reach_is_not_shown() -> None:
    assert "events" not in [each.title for each in boxes_of(stack("s3:ListBucket").members)]


def test_whoever_names_a_service_calls_what_stands_behind_it() -> None:
    store = workload("store-0", "store")
    service = kubernetes("Service", "store", spec={"selector": {"app": "store-0"}})
    assert ("monitoring/agent", "monitoring/store") in arrows(stack("s3:PutObject", store, service))
    other = kubernetes("Service", "restore", spec={"selector": {"app": "store-0"}})
    assert ("monitoring/agent", "monitoring/store") not in arrows(stack("s3:PutObject", store, other))


def test_a_bucket_of_somebody_else_stands_outside_of_the_environments_stores() -> None:
    statement = {"Action": ["s3:PutObject"], "Resource": ["arn:aws:s3:::of-a-team/*"]}
    foreign = resource(
        "aws:iam/rolePolicy:RolePolicy", "q", {"role": "r", "policy": json.dumps({"Statement": [statement]})}
    )
    picture = stack("s3:PutObject", foreign)
    assert ("monitoring/agent", "arn:aws:s3:::of-a-team") in arrows(picture)
    assert "of-a-team" in [each.title for each in picture.members if not hasattr(each, "members")]
