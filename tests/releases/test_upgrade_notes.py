"""Upgrade notes say per environment what goes, what is felt, what to decide, and in which order."""

import json
import re

import pytest

from components.settings_reference import Entry
from releases.comparison import environments
from releases.disruption import CLASSES, disruption_of
from releases.setting_changes import OtherDefault, SettingChanges
from releases.upgrade_notes import markdown
from releases.version import Version
from tests.releases.comparisons import BUCKET, DEV, NODE_GROUP, PRODUCTION, TEST, document
from tests.releases.repository import PROJECT

OLD, NEW = Version(1, 0, 0), Version(1, 1, 0)
NOTHING = SettingChanges()


def notes(*compared, settings: SettingChanges = NOTHING) -> str:
    return markdown(OLD, NEW, environments(document(*compared)), settings)


def steps(text: str) -> list[str]:
    return re.findall(r"^\d+\. (.*)$", text, re.MULTILINE)


def part(text: str, environment: str) -> str:
    return text.partition(f"\n### {environment}\n")[2].partition("\n### ")[0]


def test_environments_stand_in_the_order_in_which_they_follow() -> None:
    text = notes(PRODUCTION, DEV, TEST)
    rows = re.findall(r"^\| (test|dev|production) \| (.*?) \|", text, re.MULTILINE)
    assert rows == [
        ("test", "nothing"),
        ("dev", "**can't follow as it stands**"),
        ("production", "1 delete, 1 replace, 2 update, 1 create"),
    ]
    assert "### test" not in text


def test_what_goes_is_told_one_by_one_with_the_reason() -> None:
    text = part(notes(PRODUCTION), "production")
    assert f"Deleted:\n\n- {BUCKET} old-logs\n" in text
    assert f"Replaced:\n\n- {BUCKET} spark-logs, because of bucket\n" in text
    assert f"- `Accept: production delete {BUCKET} old-logs`: logs can't be had again" in text


def test_a_refusal_stands_there_whole_and_what_bars_the_way_is_marked() -> None:
    text = part(notes(DEV), "dev")
    assert f"~~~text\n{DEV.refusal}\n~~~" in text
    assert "| `network.cidr` | `10.0.0.0/16` | `10.1.0.0/16` | **impossible: the VPC would be replaced** |" in text


def test_what_is_felt_is_told_by_class_and_what_is_new_disturbs_nothing() -> None:
    text = part(notes(PRODUCTION), "production")
    assert "| nodes of groups | 1 | are rolled" in text
    assert "| workloads of the platform | 1 | roll their pods" in text
    assert "| network |" not in text


def test_the_steps_are_only_those_that_the_release_asks_for() -> None:
    assert steps(notes(TEST)) == ["Read the changelog above, first what it says under *Before you upgrade*."]
    told = steps(notes(PRODUCTION, DEV, TEST))
    beginnings = ["Read", "Take the steps", "Save", "Decide", "Fill the registry, of production", "Check out `v1.1.0`"]
    assert [each.startswith(start) for each, start in zip(told, beginnings, strict=False)] == [True] * len(beginnings)
    assert "below of dev, with the old release still deployed" in told[1]
    assert "Save what production would lose" in told[2]
    assert "for dev, then production: " in told[5]
    assert told[-1] == "Stay until nodes of groups are through."


def test_settings_are_told_before_environments_and_ask_for_their_steps() -> None:
    def entry(path: str, default: str) -> Entry:
        return Entry(path, "one of a | b", default, "Decides it.", {}, {})

    changes = SettingChanges(
        new=(entry("cluster.owner", "required"), entry("cluster.audit", "true")),
        gone=(entry("cluster.tier", '"a"'),),
        defaults=(OtherDefault("logs.days", "400", "30", "in place; deletes lines"),),
        kinds=(("logs.kind", "string", "integer"),),
    )
    text = notes(PRODUCTION, settings=changes)
    assert text.index("### Settings") < text.index("### production")
    assert r"| `cluster.owner` | one of a \| b | required | Decides it. |" in text
    assert "| `logs.days` | `400` | `30` | in place; deletes lines |" in text
    assert "| `logs.kind` | string | integer |" in text
    told = steps(text)
    assert told[1] == "Write into every stack file: `cluster.owner`."
    assert told[2].startswith("Take out of every stack file: `cluster.tier`.")
    assert "old default" in told[3]


def test_rights_and_ways_are_counted_and_not_listed() -> None:
    stack = json.loads(document(PRODUCTION))["stacks"][0]
    stack |= {"permissions": [{"gained": True}] * 3, "connections": [{"gained": False}]}
    text = markdown(OLD, NEW, environments(json.dumps({"stacks": [stack]})), NOTHING)
    assert (
        "Also 3 permissions given and 0 taken, and 0 connections opened and 1 closed; `make diff` lists them." in text
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("aws:eks/cluster:Cluster", "control plane"),
        (NODE_GROUP, "nodes of groups"),
        ("aws:ec2/launchTemplate:LaunchTemplate", "nodes of groups"),
        ("kubernetes:karpenter.sh/v1:NodePool", "nodes of pools"),
        ("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "nodes of pools"),
        ("aws:eks/addon:Addon", "add-ons and controllers"),
        ("kubernetes:apps/v1:StatefulSet", "workloads of the platform"),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "network"),
        ("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "network"),
        ("aws:iam/rolePolicy:RolePolicy", "permissions"),
        ("aws:s3/bucketPolicy:BucketPolicy", "permissions"),
        ("aws:s3/bucket:Bucket", "everything else"),
        ("kubernetes:core/v1:ConfigMap", "everything else"),
    ],
)
def test_a_type_belongs_to_the_class_of_what_people_feel(kind: str, name: str) -> None:
    assert disruption_of(kind).name == name


def test_pages_that_classes_name_are_there() -> None:
    pages = {each.page for each in CLASSES} - {""}
    assert pages
    assert [page for page in pages if not (PROJECT / page).is_file()] == []
