"""The roles by which teams read logs: their own lines and queries, and nothing of another team or of the platform."""

import json
from collections.abc import Iterator, Mapping

import pytest

from components.catalog.tables import workgroup_name
from components.teams.names import namespace_of
from offline.checks.iam.evaluation import Decision, Policy, Request, decide
from tests.components.logs.test_access import ADMINISTRATOR
from tests.components.logs.test_readers import ACCOUNT, ADA, ROLE, build
from tests.recorder import ACCOUNT_ID, REGION, Recorder

BOB = f"arn:aws:iam::{ACCOUNT_ID}:role/bob"
# One team's name begins as another's; the third has nobody who may read.
TEAMS = {"ads": (ADA,), "ads-batch": (BOB,), "empty": ()}
LOG_KEY, RESULTS_KEY = (f"arn:aws:kms:us-east-1:222222222222:key/{number}" for number in (1, 2))
SPARK, EVENTS, SYSTEM = (f"arn:aws:s3:::{purpose}" for purpose in ("spark-logs", "spark-events", "system-logs"))
OWN = "spark/spark-ads/spark-1/driver/etl-driver/20261120T100000-main-1.log.gz"
# IAM user guide, "IAM and AWS STS quotas": characters of a role's name, and of its inline policies together.
LONGEST_ROLE_NAME = 64
LONGEST_INLINE_POLICIES = 10_240
# The longest name that a team may have, in the environment of the longest name.
LONGEST_TEAM = "t" * 20

GetObject = pytest.mark.parametrize("action", ["s3:GetObject", "s3:GetObjectVersion"])
OTHERS = {
    f"{SPARK}/{OWN.replace('spark-ads', 'spark-ads-batch')}": "of a team whose name begins the same",
    f"{SPARK}/{OWN.replace('spark-ads', 'spark-sales')}": "of another team",
    f"{SPARK}/{OWN.replace('spark-ads/', '')}": "of no namespace",
    f"{SPARK}/spark/spark-ads": "a key that is the prefix without its slash",
    f"{SPARK}/spark-unlabelled/spark-sales/etl-driver/20261120T100000-main-1.log.gz": "of another team without labels",
    f"{SPARK}/other/spark/spark-ads/x": "a key with the prefix in its middle",
    f"{EVENTS}/teams/spark-ads-batch/eventlog_v2_spark-1/events_1_spark-1": "an event log of a team with a like name",
    f"{EVENTS}/teams/spark-sales/eventlog_v2_spark-1/events_1_spark-1": "an event log of another team",
    f"{EVENTS}/eventlog_v2_spark-1/events_1_spark-1": "an event log at the root, whose key names no team",
    f"{EVENTS}/fragments/spark-1/block/20261120T100000-1.jsonl.gz": "a fragment of one",
    f"{SYSTEM}/yunikorn-usage/moka-dev/dt=2026-11-20/1.json.gz": "resource use of all teams",
    f"{SYSTEM}/system/moka-dev/2026/11/20/coredns/spark/spark-ads/x": "of the system",
    "arn:aws:s3:::data/spark/spark-ads/x": "of a bucket that holds no logs",
}


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build(TEAMS, platform=(ADA,))


def documents(recorded: Recorder, team: str) -> Iterator[Policy]:
    for each in recorded.of("aws:iam/rolePolicy:RolePolicy"):
        if each.name.rpartition("-")[0] == f"log-readers-{team}":
            yield json.loads(each.inputs["policy"])


def decision(
    recorded: Recorder, action: str, resource: str, *also: Policy, context: Mapping[str, str] | None = None
) -> Decision:
    """What AWS decides for team ads, whose requests come through Amazon S3 where keys are used."""
    via = {"kms:ViaService": f"s3.{REGION}.amazonaws.com", **(context or {})}
    request = Request(f"arn:aws:iam::{ACCOUNT_ID}:role/moka-dev-ads-log-reader", action, resource, via)
    return decide(request, [*documents(recorded, "ads"), *also], owner=ACCOUNT_ID)


def test_a_team_has_a_role_that_its_owners_take_and_nobody_else(recorded: Recorder) -> None:
    made = {each.inputs["name"]: each.inputs for each in recorded.of(ROLE)}
    assert made.keys() == {f"moka-dev-{each}-log-reader" for each in ("platform", "ads", "ads-batch")}
    for name, owner in (("ads", ADA), ("ads-batch", BOB)):
        (trust,) = json.loads(made[f"moka-dev-{name}-log-reader"]["assumeRolePolicy"])["Statement"]
        assert (trust["Principal"], trust["Action"]) == ({"AWS": [owner]}, ["sts:AssumeRole"])


def test_each_role_has_its_policies(recorded: Recorder) -> None:
    assert [len(list(documents(recorded, team))) for team in ("platform", "ads", "ads-batch")] == [2, 3, 3]


@pytest.mark.parametrize("key", [OWN, "spark-unlabelled/spark-ads/etl-driver/20261120T100000-main-1.log.gz"])
def test_a_team_reads_its_own_lines(recorded: Recorder, key: str) -> None:
    assert decision(recorded, "s3:GetObject", f"{SPARK}/{key}") == "allowed"


def test_a_team_reads_its_own_event_logs(recorded: Recorder) -> None:
    assert (
        decision(recorded, "s3:GetObject", f"{EVENTS}/teams/spark-ads/eventlog_v2_spark-1/events_1_spark-1")
        == "allowed"
    )


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("teams/spark-ads/", "allowed"),
        ("teams/spark-ads/eventlog_v2_spark-1/", "allowed"),
        ("teams/", "denied"),
        ("teams/spark-ads", "denied"),
        ("teams/spark-ads-batch/", "denied"),
        ("fragments/spark-1/", "denied"),
        ("eventlog_v2_spark-1/", "denied"),
        ("", "denied"),
    ],
)
def test_a_team_lists_its_own_event_logs_and_does_not_learn_of_others(
    recorded: Recorder, prefix: str, expected: Decision
) -> None:
    asked = {"s3:prefix": prefix} if prefix else {}
    assert decision(recorded, "s3:ListBucket", EVENTS, context=asked) == expected
    assert decision(recorded, "s3:ListBucket", EVENTS, *ADMINISTRATOR, context=asked) == expected


@GetObject
@pytest.mark.parametrize("resource", OTHERS, ids=OTHERS.get)
def test_a_team_reads_nothing_else_not_even_when_its_role_is_given_more(
    recorded: Recorder, action: str, resource: str
) -> None:
    assert decision(recorded, action, resource) == "denied"
    assert decision(recorded, action, resource, *ADMINISTRATOR) == "denied"


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("spark/spark-ads/", "allowed"),
        ("spark/spark-ads/spark-1/driver/", "allowed"),
        ("spark-unlabelled/spark-ads/", "allowed"),
        ("spark/", "denied"),
        ("spark/spark-ads", "denied"),
        ("spark/spark-ads-batch/", "denied"),
        ("spark/spark-sales/spark-1/", "denied"),
        ("", "denied"),
    ],
)
def test_a_team_lists_its_own_namespace_and_does_not_learn_of_others(
    recorded: Recorder, prefix: str, expected: Decision
) -> None:
    asked = {"s3:prefix": prefix} if prefix else {}
    assert decision(recorded, "s3:ListBucket", SPARK, context=asked) == expected
    assert decision(recorded, "s3:ListBucket", SPARK, *ADMINISTRATOR, context=asked) == expected


@pytest.mark.parametrize("bucket", [SYSTEM, "arn:aws:s3:::data"])
def test_a_team_lists_no_other_bucket(recorded: Recorder, bucket: str) -> None:
    for prefix in ("spark/spark-ads/", "yunikorn-usage/moka-dev/"):
        assert decision(recorded, "s3:ListBucket", bucket, *ADMINISTRATOR, context={"s3:prefix": prefix}) == "denied"


@pytest.mark.parametrize(
    ("action", "resource", "context", "expected"),
    [
        ("s3:GetBucketLocation", SPARK, {}, "allowed"),
        ("s3:GetBucketLocation", EVENTS, {}, "allowed"),
        ("s3:GetBucketLocation", SYSTEM, {}, "not allowed"),
        ("s3:PutObject", f"{EVENTS}/teams/spark-ads/eventlog_v2_spark-1/events_1_spark-1", {}, "not allowed"),
        ("s3:PutObject", f"{SPARK}/{OWN}", {}, "not allowed"),
        ("s3:DeleteObject", f"{SPARK}/{OWN}", {}, "not allowed"),
        ("kms:Decrypt", LOG_KEY, {}, "allowed"),
        ("kms:Decrypt", LOG_KEY, {"kms:ViaService": f"sqs.{REGION}.amazonaws.com"}, "not allowed"),
        ("kms:GenerateDataKey", LOG_KEY, {}, "not allowed"),
        ("kms:Decrypt", RESULTS_KEY, {}, "allowed"),
        ("athena:StartQueryExecution", ACCOUNT.arn("athena", "workgroup/moka-dev-ads-logs"), {}, "allowed"),
        ("athena:GetQueryResults", ACCOUNT.arn("athena", "workgroup/moka-dev-logs"), {}, "not allowed"),
        ("athena:GetQueryResults", ACCOUNT.arn("athena", "workgroup/moka-dev-ads-batch-logs"), {}, "not allowed"),
    ],
)
def test_a_team_queries_in_its_own_workgroup_and_changes_nothing(
    recorded: Recorder, action: str, resource: str, context: dict[str, str], expected: Decision
) -> None:
    assert decision(recorded, action, resource, context=context) == expected


def test_names_of_roles_and_workgroups_and_policies_fit_with_the_longest_name_of_a_team() -> None:
    recorded = build({LONGEST_TEAM: (ADA,)})
    name = recorded.only(ROLE).inputs["name"].replace("dev", "production")
    assert len(name) <= LONGEST_ROLE_NAME
    texts = [json.dumps(each) for each in documents(recorded, LONGEST_TEAM)]
    assert len(texts) == 3
    # Buckets and environments have longer names than those of this test.
    assert sum(map(len, texts)) + 2_000 < LONGEST_INLINE_POLICIES
    assert len(workgroup_name(ACCOUNT, LONGEST_TEAM)) <= 128, "CreateWorkGroup, Athena API reference"
    assert any(namespace_of(LONGEST_TEAM) in each for each in texts)
