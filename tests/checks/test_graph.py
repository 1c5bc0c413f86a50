"""What waits for what: told before anything is made, the same afterwards, and through everything in between."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from offline.checks.finding import Finding
from offline.checks.graph import Graph
from offline.engine import OfflineEngine
from offline.providers.names import urn_name
from offline.providers.resource import Resource
from tests.offline.sample import Sample, sample_in

# A topic in a component that waits for a bucket, a queue that waits for the topic and reads a role's ARN.
PROGRAM = """
bucket = aws.s3.Bucket("bucket", bucket="moka-bucket", opts=on_aws)
alone = aws.s3.Bucket("alone", bucket="moka-alone", opts=on_aws)
area = pulumi.ComponentResource("moka:index:Area", "area", None, pulumi.ResourceOptions(depends_on=[bucket]))
inside = pulumi.ResourceOptions(parent=area, provider=provider)
topic = aws.sns.Topic("topic", name="moka", opts=inside)
trust = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sqs.amazonaws.com"}, '
role = aws.iam.Role("role", assume_role_policy=trust + '"Action": "sts:AssumeRole"}]}', opts=on_aws)
aws.sqs.Queue(
    "queue", name="moka", tags={"role": role.arn}, opts=pulumi.ResourceOptions(provider=provider, depends_on=[topic])
)
"""
BEFORE_THE_QUEUE = {"topic", "area", "bucket", "role", "aws", "sample-dev"}


class Reader:
    """A judge that finds nothing and remembers what each resource waits for."""

    name = "reader"

    def __init__(self) -> None:
        self.waits: Mapping[str, set[str]] = {}

    def inspect(self, resource: Resource) -> Sequence[Finding]:
        del resource
        return ()

    def inspect_together(self, resources: Sequence[Resource]) -> Sequence[Finding]:
        self.waits = {each.name: {urn_name(urn) for urn in each.waits_for} for each in resources}
        return ()


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return sample_in(tmp_path / "project", PROGRAM)


@pytest.mark.parametrize("verb", [OfflineEngine.preview, OfflineEngine.up])
def test_judges_see_the_order_in_a_first_preview_and_after_an_update(
    sample: Sample, tmp_path: Path, verb: Callable[[OfflineEngine, str], object]
) -> None:
    reader = Reader()
    verb(OfflineEngine(sample.root, tmp_path / "home", judges=lambda: (reader,)), "dev")
    assert reader.waits["queue"] == BEFORE_THE_QUEUE
    assert reader.waits["topic"] == {"area", "bucket", "aws", "sample-dev"}
    assert reader.waits["alone"] == {"aws", "sample-dev"}


def test_what_is_to_be_deleted_has_no_place_in_the_order(sample: Sample, tmp_path: Path) -> None:
    reader = Reader()
    engine = OfflineEngine(sample.root, tmp_path / "home", judges=lambda: (reader,))
    engine.up("dev")
    sample.program('aws.s3.Bucket("alone", bucket="moka-alone", opts=on_aws)')
    engine.preview("dev")
    assert reader.waits == {"alone": {"aws", "sample-dev"}}


def test_the_order_of_a_state_leaves_out_what_a_replacement_is_about_to_delete() -> None:
    old = {"urn": "queue", "dependencies": ["topic"], "delete": True}
    new = {"urn": "queue", "dependencies": ["role"], "delete": False}
    assert Graph.of_deployment({"resources": [new, old]}).before("queue") == {"role"}


def test_a_remote_component_is_there_when_all_that_it_made_is() -> None:
    component = {"urn": "cluster", "custom": False}
    inside = {"urn": "addon", "custom": True, "parent": "inner"}
    resources = [component, {"urn": "inner", "custom": False, "parent": "cluster"}, inside]
    # The program's own children of a remote component can wait for it, and are none of what it made.
    resources += [{"urn": each, "custom": True, "parent": "cluster", "dependencies": ["cluster"]} for each in "ab"]
    graph = Graph.of_deployment({"resources": [*resources, {"urn": "nodes", "dependencies": ["cluster"]}]})
    assert graph.before("nodes") == {"cluster", "inner", "addon"}
    assert graph.before("a") == {"cluster", "inner", "addon"}
    assert graph.before("addon") == {"inner", "cluster"}


def test_a_resource_that_nobody_knows_waits_for_nothing() -> None:
    assert Graph({}).before("queue") == frozenset()
