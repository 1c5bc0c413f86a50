"""What a team's service accounts may do in AWS, judged request by request."""

import json
from collections.abc import Mapping
from datetime import date

import pytest

from components.identity.policies import Document
from components.spark.policies import event_log_policy
from components.teams.policies import application_policy
from components.teams.settings import DataSettings
from offline.checks.iam.evaluation import Request, decide
from tests.components.teams.team_environment import ACCOUNT, KEY, build_identities, team

ROLE = f"arn:aws:iam::{ACCOUNT.id}:role/pod"
DATA_KEY = "arn:aws:kms:us-east-1:222222222222:key/data"
READ_KEY = "arn:aws:kms:us-east-1:222222222222:key/read"
THROUGH_S3 = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
OURS = {"aws:ResourceAccount": ACCOUNT.id}
LAKE, SALES = "arn:aws:s3:::lake", "arn:aws:s3:::sales"
DATA = {
    "read": [{"bucket": "lake", "prefix": "clean/", "key_arn": READ_KEY}],
    "write": [{"bucket": "sales", "key_arn": DATA_KEY}],
}
EVENTS = "arn:aws:s3:::events"
POLICY = application_policy(
    ACCOUNT, DataSettings.model_validate_json(json.dumps(DATA)), "events", KEY, namespace="spark-sales"
)


def allows(action: str, resource: str, context: Mapping[str, str], policy: Document = POLICY) -> bool:
    """Whether AWS would allow a pod's request by its role's policy alone."""
    return decide(Request(ROLE, action, resource, context), [policy], owner=ACCOUNT.id) == "allowed"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:ListBucket", LAKE),
        ("s3:GetObject", f"{LAKE}/clean/day=1/part-0.parquet"),
        ("s3:ListBucket", SALES),
        ("s3:ListBucketMultipartUploads", SALES),
        ("s3:GetObject", f"{SALES}/out/part-0.parquet"),
        ("s3:PutObject", f"{SALES}/out/part-0.parquet"),
        ("s3:DeleteObject", f"{SALES}/out/_temporary"),
        ("s3:AbortMultipartUpload", f"{SALES}/out/part-0.parquet"),
    ],
)
def test_applications_use_their_data_in_this_account_alone(action: str, resource: str) -> None:
    assert allows(action, resource, OURS)
    assert not allows(action, resource, {"aws:ResourceAccount": "999999999999"}), "somebody else took the name"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", f"{LAKE}/raw/part"),
        ("s3:GetObject", f"{LAKE}/cleaner"),
        ("s3:PutObject", f"{LAKE}/clean/part"),
        ("s3:DeleteObject", f"{LAKE}/clean/part"),
        ("s3:ListBucketMultipartUploads", LAKE),
        ("s3:GetObject", "arn:aws:s3:::sales-of-others/part"),
        ("s3:ListBucket", "arn:aws:s3:::sales2"),
        ("s3:DeleteObjectVersion", f"{SALES}/part"),
        ("s3:PutObjectAcl", f"{SALES}/part"),
        ("s3:PutBucketPolicy", SALES),
        ("s3:PutLifecycleConfiguration", SALES),
    ],
)
def test_applications_touch_nothing_else(action: str, resource: str) -> None:
    assert not allows(action, resource, OURS)


def test_what_is_read_is_decrypted_and_only_what_is_written_is_encrypted() -> None:
    for key, action, expected in (
        (DATA_KEY, "kms:Decrypt", True),
        (DATA_KEY, "kms:GenerateDataKey", True),
        (READ_KEY, "kms:Decrypt", True),
        (READ_KEY, "kms:GenerateDataKey", False),
    ):
        assert allows(action, key, THROUGH_S3) is expected, (key, action)
        assert not allows(action, key, {"kms:ViaService": "ec2.us-east-1.amazonaws.com"})


def test_event_logs_come_with_every_service_account() -> None:
    alone = event_log_policy(ACCOUNT, "events", KEY, namespace="spark-sales")
    assert alone["Statement"] == POLICY["Statement"][: len(alone["Statement"])]


def test_a_team_without_data_has_no_right_beside_its_event_logs() -> None:
    without = application_policy(ACCOUNT, DataSettings(), "events", KEY, namespace="spark-sales")
    assert without == event_log_policy(ACCOUNT, "events", KEY, namespace="spark-sales")


@pytest.mark.parametrize(
    ("action", "file"),
    [
        ("s3:GetObject", "events_1_spark-1"),
        ("s3:PutObject", "events_1_spark-1"),
        ("s3:AbortMultipartUpload", "events_1_spark-1"),
        ("s3:DeleteObject", "appstatus_spark-1.inprogress"),
    ],
)
def test_a_team_neither_reads_nor_writes_nor_finishes_event_logs_of_another(action: str, file: str) -> None:
    """Sales, its namesake that begins the same, another one, and the root, where logs of all lay together."""
    places = ("teams/spark-sales/", "teams/spark-sales-eu/", "teams/spark-ads/", "")
    found = [allows(action, f"{EVENTS}/{place}eventlog_v2_spark-1/{file}", {}) for place in places]
    assert found == [True, False, False, False]


@pytest.mark.parametrize("place", ["teams/spark-sales/", "teams/spark-ads/", ""])
def test_no_team_deletes_an_event_log(place: str) -> None:
    for file in ("events_1_spark-1", "appstatus_spark-1", ""):
        assert not allows("s3:DeleteObject", f"{EVENTS}/{place}eventlog_v2_spark-1/{file}", {})
        assert not allows("s3:DeleteObjectVersion", f"{EVENTS}/{place}eventlog_v2_spark-1/{file}", {})


def test_no_team_makes_a_directory_or_unmakes_its_own() -> None:
    for action in ("s3:PutObject", "s3:DeleteObject", "s3:GetObject"):
        for place in ("spark-sales", "spark-ads"):
            assert not allows(action, f"{EVENTS}/teams/{place}/.directory", {}), (action, place)


def test_the_right_at_the_root_ends_at_the_day_that_settings_name() -> None:
    until = application_policy(
        ACCOUNT, DataSettings(), "events", KEY, namespace="spark-sales", at_root_until=date(2027, 1, 31)
    )
    last, after = ({"aws:CurrentTime": time} for time in ("2027-01-30T23:59:59Z", "2027-01-31T00:00:00Z"))
    log = f"{EVENTS}/eventlog_v2_spark-1"
    for action, file in (
        ("s3:GetObject", "events_1_spark-1"),
        ("s3:PutObject", "events_1_spark-1"),
        ("s3:DeleteObject", "appstatus_spark-1.inprogress"),
    ):
        assert allows(action, f"{log}/{file}", last, until)
        assert not allows(action, f"{log}/{file}", after, until)
        assert allows(action, f"{EVENTS}/teams/spark-sales/eventlog_v2_spark-1/{file}", after, until)
        assert not allows(action, f"{EVENTS}/teams/spark-ads/eventlog_v2_spark-1/{file}", last, until)
    assert not allows("s3:DeleteObject", f"{log}/events_1_spark-1", last, until)


def test_each_role_carries_its_policy_and_belongs_to_one_service_account() -> None:
    own = {"read": [{"bucket": "lake"}]}
    recorded = build_identities(
        {"sales": team(data=DATA, service_accounts={"spark": {}, "ingest": {"data": own}}), "ads": team()}
    )
    expected = {
        "spark-sales-spark-pod": ("spark-sales", "spark", DATA),
        "spark-sales-ingest-pod": ("spark-sales", "ingest", own),
        "spark-ads-spark-pod": ("spark-ads", "spark", {}),
    }
    assert {each.name for each in recorded.of("aws:iam/role:Role")} == set(expected)
    for name, (namespace, account, data) in expected.items():
        settings = DataSettings.model_validate_json(json.dumps(data))
        policy = json.loads(recorded.named("aws:iam/rolePolicy:RolePolicy", name).inputs["policy"])
        assert policy == application_policy(ACCOUNT, settings, "events", KEY, namespace=namespace)
        association = recorded.named("aws:eks/podIdentityAssociation:PodIdentityAssociation", name).inputs
        assert (association["namespace"], association["serviceAccount"]) == (namespace, account)


def test_the_longest_names_make_a_role_name_that_iam_takes() -> None:
    recorded = build_identities({"a" * 20: team(service_accounts={"spark": {}, "b" * 17: {}})})
    longest = max((each.inputs["name"] for each in recorded.of("aws:iam/role:Role")), key=len)
    assert len(longest.replace("moka-dev-", "moka-production-")) == 64
