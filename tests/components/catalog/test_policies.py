"""What a reader of logs may do through Athena, action by action, and who may use the key of results."""

import pytest

from components.account import Account
from components.catalog.policies import query_as_team, read_through_athena, results_key_policy
from components.catalog.tables import TABLES
from offline.checks.iam.evaluation import Request, decide
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
KEY, RESULTS_KEY = (f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/{name}" for name in ("logs", "results"))
SPARK, SYSTEM = "arn:aws:s3:::sparks", "arn:aws:s3:::systems"
WORKGROUP = f"arn:aws:athena:{REGION}:{ACCOUNT_ID}:workgroup/moka-dev-logs"
GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT_ID}"
POLICY = read_through_athena(
    ACCOUNT, spark_bucket="sparks", system_bucket="systems", key_arn=KEY, results_key_arn=RESULTS_KEY
)
THROUGH_S3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}


def allowed(action: str, resource: str, context: dict[str, str] | None) -> bool:
    """Whether a role with the policy may do something."""
    request = Request(f"arn:aws:iam::{ACCOUNT_ID}:role/reader", action, resource, context or {})
    return decide(request, [POLICY], owner=ACCOUNT_ID) == "allowed"


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("athena:StartQueryExecution", WORKGROUP, None),
        ("athena:GetQueryResults", WORKGROUP, None),
        ("athena:GetQueryResultsStream", WORKGROUP, None),
        ("glue:GetTable", f"{GLUE}:table/moka_dev_logs/spark_logs", None),
        ("glue:GetDatabase", f"{GLUE}:database/default", None),
        ("s3:GetObject", f"{SPARK}/spark/spark-analytics/spark-1/driver/pod/20261123T100000-u.log.gz", None),
        ("s3:GetObject", f"{SYSTEM}/system/moka-dev/2026/11/23/coredns/100000-u.log.gz", None),
        ("s3:GetObject", f"{SYSTEM}/yunikorn-usage/moka-dev/dt=2026-11-23/100000-u.json.gz", None),
        ("s3:ListBucket", SPARK, {"s3:prefix": "spark/spark-analytics/spark-1/driver/"}),
        ("s3:ListBucket", SYSTEM, {"s3:prefix": "events/moka-dev/dt=2026-11-23/"}),
        ("s3:GetBucketLocation", SYSTEM, None),
        ("kms:Decrypt", KEY, THROUGH_S3),
        ("kms:GenerateDataKey", RESULTS_KEY, None),
    ],
)
def test_a_reader_may(action: str, resource: str, context: dict[str, str] | None) -> None:
    assert allowed(action, resource, context)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("athena:StartQueryExecution", WORKGROUP.replace("moka-dev-logs", "primary"), None),
        ("athena:UpdateWorkGroup", WORKGROUP, None),
        ("athena:DeleteNamedQuery", WORKGROUP, None),
        ("glue:GetTable", f"{GLUE}:table/payroll/salaries", None),
        ("glue:UpdateTable", f"{GLUE}:table/moka_dev_logs/spark_logs", None),
        ("glue:GetTable", f"{GLUE}:table/default/any", None),
        ("s3:PutObject", f"{SPARK}/spark/spark-analytics/spark-1/driver/pod/x.log.gz", None),
        ("s3:DeleteObject", f"{SPARK}/spark/spark-analytics/spark-1/driver/pod/x.log.gz", None),
        ("s3:GetObject", f"{SPARK}/other/x", None),
        ("s3:GetObject", f"{SYSTEM}/system/moka-production/2026/11/23/coredns/x.log.gz", None),
        ("s3:ListBucket", SPARK, None),
        ("s3:ListBucket", SYSTEM, {"s3:prefix": "system/moka-production/"}),
        ("kms:Decrypt", KEY, None),
        ("kms:GenerateDataKey", KEY, THROUGH_S3),
        ("kms:CreateGrant", RESULTS_KEY, None),
    ],
)
def test_a_reader_may_not(action: str, resource: str, context: dict[str, str] | None) -> None:
    assert not allowed(action, resource, context)


def test_a_reader_reads_exactly_the_prefixes_that_tables_have() -> None:
    reads = next(each for each in POLICY["Statement"] if each["Action"] == ["s3:GetObject"])["Resource"]
    buckets = {"spark-logs": SPARK, "system-logs": SYSTEM}
    assert set(reads) == {f"{buckets[table.bucket]}/{table.prefix(ACCOUNT)}*" for table in TABLES}


def test_nothing_is_written_and_no_action_is_a_wildcard() -> None:
    actions = {action for statement in POLICY["Statement"] for action in statement["Action"]}
    assert not [action for action in actions if "*" in action]
    writing = ("Put", "Create", "Delete", "Update", "Batch")
    written = {action for action in actions if action.split(":")[1].startswith(writing)}
    assert written == {"athena:BatchGetNamedQuery", "athena:BatchGetQueryExecution"}


def test_athena_uses_the_results_key_for_this_workgroup_of_this_account_only() -> None:
    service = results_key_policy(ACCOUNT)["Statement"][1]
    assert service["Principal"] == {"Service": "encryption.athena.amazonaws.com"}
    assert service["Action"] == ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"]
    assert service["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:athena:arn": [WORKGROUP], "aws:SourceArn": [WORKGROUP]},
        "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
    }


def test_athena_uses_the_results_key_for_the_workgroups_of_teams_too() -> None:
    (pattern,) = {
        tuple(arns)
        for arns in results_key_policy(ACCOUNT, ("sales", "ads"))["Statement"][1]["Condition"]["ArnLike"].values()
    }
    assert pattern == (WORKGROUP, *(WORKGROUP.replace("moka-dev-logs", f"moka-dev-{each}-logs") for each in TEAMS))


TEAMS = ("ads", "sales")
OWN = WORKGROUP.replace("moka-dev-logs", "moka-dev-ads-logs")
OF_TEAM = query_as_team(ACCOUNT, "ads", RESULTS_KEY)


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("athena:StartQueryExecution", OWN, True),
        ("athena:GetQueryResults", OWN, True),
        ("athena:ListQueryExecutions", OWN, True),
        # What others asked for, and what they were told.
        ("athena:StartQueryExecution", WORKGROUP, False),
        ("athena:GetQueryResults", WORKGROUP, False),
        ("athena:GetQueryResultsStream", WORKGROUP, False),
        ("athena:ListQueryExecutions", WORKGROUP, False),
        ("athena:GetQueryResults", OWN.replace("-ads-", "-sales-"), False),
        ("athena:GetQueryResults", OWN.replace("-ads-", "-ads-batch-"), False),
        ("athena:StartQueryExecution", OWN.replace("moka-dev-ads-logs", "primary"), False),
        # The one set of saved queries.
        ("athena:GetNamedQuery", WORKGROUP, True),
        ("athena:ListNamedQueries", WORKGROUP, True),
        ("athena:DeleteNamedQuery", WORKGROUP, False),
        ("athena:UpdateWorkGroup", OWN, False),
        ("glue:GetTable", f"{GLUE}:table/moka_dev_logs/spark_logs", True),
        ("kms:Decrypt", RESULTS_KEY, True),
        # Objects are not granted here.
        ("s3:GetObject", f"{SPARK}/spark/spark-ads/spark-1/driver/pod/x.log.gz", False),
        ("kms:Decrypt", KEY, False),
    ],
)
def test_a_team_runs_queries_in_its_own_workgroup_and_reads_results_of_no_other(
    action: str, resource: str, expected: bool
) -> None:
    request = Request(f"arn:aws:iam::{ACCOUNT_ID}:role/reader", action, resource, THROUGH_S3)
    assert (decide(request, [OF_TEAM], owner=ACCOUNT_ID) == "allowed") is expected
