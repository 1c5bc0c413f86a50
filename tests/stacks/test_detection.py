"""Detector, agent and trail, switched on and off in a stack that is up, on the real engine."""

import json
from collections import Counter
from pathlib import Path

import pytest

from components.change import OnChange, classification
from components.cluster.addon_configuration import guardduty_agent
from components.detection.settings import DetectionSettings
from offline.checks.kubernetes.addon_pods import addon_pods
from offline.checks.kubernetes.quantities import units
from offline.errors import OfflineError
from offline.providers.resource import Resource
from tests.drill.environment import gone
from tests.stack_files import settings_tree
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import classes, name_of, type_of
from tests.stacks.project_copy import set_settings
from tests.stacks.switched import Switched

STACK = "test"
ACCOUNT_ID = settings_tree(STACK)["account_id"]
ON = {"detector": "own", "runtime_agent": "add-on", "trail": {"data_events": "all"}}
ADDON = "aws:eks/addon:Addon"
DETECTOR = "aws:guardduty/detector:Detector"
FEATURE = "aws:guardduty/detectorFeature:DetectorFeature"
TRAIL = "aws:cloudtrail/trail:Trail"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"


def classification_of(field: str) -> OnChange:
    found = classification(DetectionSettings.model_fields[field].metadata)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def switched(stacks: StacksThatAreUp, tmp_path_factory: pytest.TempPathFactory) -> Switched:
    return Switched.on(stacks, STACK, {"detection": ON}, tmp_path_factory.mktemp("detection"))


def test_every_stack_has_the_alarms_and_none_has_what_an_organisation_may_have(stacks: StacksThatAreUp) -> None:
    made = Counter(type_of(each.urn) for each in stacks.up(STACK).changed)
    assert made["moka:index:EventAlarms"] == 1
    assert not made.keys() & {DETECTOR, FEATURE, TRAIL}


def test_switching_it_on_makes_it_and_only_lets_access_logs_arrive(switched: Switched) -> None:
    made = {(type_of(each.urn), name_of(each.urn)) for each in switched.summary.changed if each.operation == "create"}
    assert {
        (DETECTOR, "guardduty"),
        (TRAIL, "trail"),
        (BUCKET, "trail"),
        (KEY, "trail"),
        (ADDON, "addons-aws-guardduty-agent"),
        (ENDPOINT, "network-guardduty-data"),
    } <= made
    others = {(each.operation, name_of(each.urn)) for each in switched.summary.changed if each.operation != "create"}
    assert others == {("update", "access-logs")}


def test_a_second_preview_finds_no_change(switched: Switched) -> None:
    assert not switched.engine.preview(STACK).has_changes


def test_the_trails_bucket_is_complete_and_its_accesses_are_logged(switched: Switched) -> None:
    name = f"moka-test-trail-{ACCOUNT_ID}-us-east-1"
    assert switched.find(TRAIL, "trail")["inputs"]["s3BucketName"] == name
    for part in ("BucketPublicAccessBlock", "BucketVersioning", "BucketLifecycleConfiguration", "BucketPolicy"):
        kind = f"aws:s3/{part[0].lower()}{part[1:]}:{part}"
        assert switched.find(kind, "trail")["inputs"]["bucket"] == name
    logging = switched.find("aws:s3/bucketLogging:BucketLogging", "trail")["inputs"]
    receiving = switched.find("aws:s3/bucketPolicy:BucketPolicy", "access-logs")["inputs"]
    assert logging["targetBucket"] == receiving["bucket"]
    (delivery,) = [each for each in json.loads(receiving["policy"])["Statement"] if each["Sid"] == "AccessLogDelivery"]
    assert f"arn:aws:s3:::{name}" in delivery["Condition"]["ArnLike"]["aws:SourceArn"]


def test_the_detector_takes_what_the_agent_sees_before_the_agent_comes(switched: Switched) -> None:
    runtime = switched.find(FEATURE, "guardduty-RUNTIME_MONITORING")
    assert runtime["inputs"]["status"] == "ENABLED"
    agent = switched.find(ADDON, "addons-aws-guardduty-agent")
    assert runtime["urn"] in agent["dependencies"]
    assert json.loads(agent["inputs"]["configurationValues"]) == guardduty_agent()


def test_nodes_are_reckoned_with_the_agent(switched: Switched) -> None:
    resources = [Resource(urn=each["urn"], inputs=each.get("inputs", {})) for each in switched.resources]
    (agent,) = [each for each in addon_pods(resources, 3, 12) if each.name == "aws-guardduty-agent"]
    assert (agent.asks.cpu, agent.asks.memory) == (200, units("256Mi"))
    assert agent.replicas is None, "on every node"


def test_switching_it_off_takes_away_what_the_settings_say_and_leaves_the_rest(
    switched: Switched, stacks: StacksThatAreUp, tmp_path: Path
) -> None:
    engine = switched.copied(tmp_path)
    set_settings(engine.project.root, STACK, {"detection": {}, "accept_loss": ["detection.trail"]})
    summary = engine.up(STACK)
    said = {
        kind
        for field, value in (("runtime_agent", "none"), ("trail", None))
        for kind in classification_of(field).of(ON[field], value).replaces
    }
    assert {type_of(each.urn) for each in gone(summary)} == said == {ADDON, BUCKET, KEY}
    assert summary.resources == stacks.up(STACK).resources


def test_what_the_trail_recorded_is_not_deleted_by_the_way(switched: Switched, tmp_path: Path) -> None:
    engine = switched.copied(tmp_path)
    set_settings(engine.project.root, STACK, {"detection": {}})
    with pytest.raises(OfflineError, match=r"detection\.trail"):
        engine.preview(STACK)


def test_an_environment_with_it_is_destroyed_in_order(switched: Switched, tmp_path: Path) -> None:
    engine = switched.copied(tmp_path)
    summary = engine.destroy(STACK, buckets_are_filled=True)
    assert sum(summary.resources.values()) == 0
    order = [each.urn for each in summary.changed]
    (agent,) = [urn for urn in order if name_of(urn) == "addons-aws-guardduty-agent"]
    assert order.index(agent) < min(map(order.index, classes(order)["nodes"]))
