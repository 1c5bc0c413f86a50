"""Who writes, reads and deletes logs: every role of every stack against every log bucket, action by action."""

import pytest

from components.buckets.writers import WRITERS
from components.teams.identities import identities_of
from components.teams.names import namespace_of
from offline.checks.iam.evaluation import Request, decide
from tests.components.logs.stack_policies import StackPolicies, policies_of
from tests.stack_files import ENVIRONMENTS, settings

CLUSTER_KEYS = {
    "spark-logs": (
        "spark/spark-analytics/spark-1/driver/etl-driver/20261120T100000-main-1.log.gz",
        "spark-unlabelled/spark-analytics/etl-driver/20261120T100000-main-1.log.gz",
    ),
    "system-logs": (
        "system/moka-{}/2026/11/20/coredns/100000-1.log.gz",
        "yunikorn-usage/moka-{}/dt=2026-11-20/1.json.gz",
        "node/moka-{}/2026/11/20/n1/100000-1.json.gz",
        "events/moka-{}/dt=2026-11-20/100000-1.json.gz",
    ),
    "spark-events": (
        "teams/spark-analytics/eventlog_v2_spark-1/events_1_spark-1",
        "teams/spark-analytics/eventlog_v2_spark-1/appstatus_spark-1.inprogress",
        "eventlog_v2_spark-1/events_1_spark-1",
        "eventlog_v2_spark-1/appstatus_spark-1.inprogress",
        "fragments/spark-1/events_1/20261120T100000-1.jsonl.gz",
    ),
    "access-logs": ("spark-logs/2026-11-20-10-00-00-1",),
}
TEAM = "analytics"
READ = "s3:GetObject"
WRITE = "s3:PutObject"
DELETE = "s3:DeleteObject"
DELETE_VERSION = "s3:DeleteObjectVersion"
ADMINISTRATOR = [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]


@pytest.fixture(params=ENVIRONMENTS)
def stack(request: pytest.FixtureRequest) -> StackPolicies:
    return policies_of(request.param)


def objects(stack: StackPolicies) -> list[tuple[str, str]]:
    """Purpose of a bucket and key of an object, one of each kind."""
    return [(purpose, key.format(stack.environment)) for purpose, keys in CLUSTER_KEYS.items() for key in keys]


def roles_of(stack: StackPolicies, team: str) -> set[str]:
    """Roles of a team's service accounts."""
    teams = settings(stack.environment).teams
    return {f"moka-{stack.environment}-{each}-pod" for each in identities_of({team: teams[team]})}


def application_roles(stack: StackPolicies) -> set[str]:
    """Roles of the team whose keys stand above, without the prefix of every name."""
    return {each.removeprefix(f"moka-{stack.environment}-") for each in roles_of(stack, TEAM)}


def allowed(stack: StackPolicies, action: str) -> set[tuple[str, str]]:
    """Role without the prefix of every name, and the object's kind, of each request that AWS allows."""
    return {
        (role.removeprefix(f"moka-{stack.environment}-"), f"{purpose}:{key.partition('/')[0]}")
        for role in stack.identity
        for purpose, key in objects(stack)
        if stack.decide(role, action, purpose, key) == "allowed"
    }


def test_the_agent_and_spark_write_and_nobody_else(stack: StackPolicies) -> None:
    written = allowed(stack, WRITE)
    assert {
        ("fluent-bit-pod", "spark-logs:spark"),
        ("fluent-bit-pod", "spark-logs:spark-unlabelled"),
        ("fluent-bit-pod", "system-logs:system"),
        ("fluent-bit-pod", "system-logs:yunikorn-usage"),
        ("fluent-bit-pod", "system-logs:node"),
        ("fluent-bit-pod", "spark-events:fragments"),
        ("cluster-events-pod", "system-logs:events"),
    } | {(role, "spark-events:teams") for role in application_roles(stack)} == written


@pytest.mark.parametrize(
    ("purpose", "key"),
    [
        ("spark-logs", "other/x"),
        ("spark-logs", "x"),
        ("system-logs", "system/moka-elsewhere/2026/11/20/coredns/1.log.gz"),
        ("system-logs", "yunikorn-usage/moka-elsewhere/dt=2026-11-20/1.json.gz"),
        ("spark-events", "eventlog_v2_spark-1/events_1_spark-1"),
        ("access-logs", "spark-logs/1"),
    ],
)
def test_the_agent_writes_under_its_own_prefixes_and_its_own_cluster_only(
    stack: StackPolicies, purpose: str, key: str
) -> None:
    assert stack.decide(f"moka-{stack.environment}-fluent-bit-pod", WRITE, purpose, key) != "allowed"


def test_nothing_that_is_complete_is_deleted_by_anybody_of_the_platform(stack: StackPolicies) -> None:
    assert allowed(stack, DELETE_VERSION) == set()
    deleted = {
        (role, key)
        for role in stack.identity
        for purpose, key in objects(stack)
        if stack.decide(role, DELETE, purpose, key) == "allowed"
    }
    assert deleted == {
        (f"moka-{stack.environment}-{role}", CLUSTER_KEYS["spark-events"][1]) for role in application_roles(stack)
    }


def test_of_the_workloads_only_spark_and_its_history_server_read_and_event_logs_alone(stack: StackPolicies) -> None:
    assert {each for each in allowed(stack, READ) if not each[0].endswith("-log-reader")} == {
        (role, "spark-events:teams") for role in {*application_roles(stack), "history-server-pod"}
    } | {("history-server-pod", "spark-events:eventlog_v2_spark-1")}


def test_no_team_reads_or_writes_or_finishes_an_event_log_of_another(stack: StackPolicies) -> None:
    """With the bucket's policy too; another is also one whose name begins the same, and the root, where all were."""
    teams = settings(stack.environment).teams
    files = {READ: "events_1_spark-1", WRITE: "events_1_spark-1", DELETE: "appstatus_spark-1.inprogress"}
    for team, role in ((each, role) for each in teams for role in roles_of(stack, each)):
        own = f"teams/{namespace_of(team)}/"
        others = {f"teams/{namespace_of(other)}/" for other in (*teams, f"{team}-2")} - {own} | {""}
        for action, file in files.items():
            key = f"eventlog_v2_spark-1/{file}"
            assert stack.decide(role, action, "spark-events", own + key) == "allowed", (role, action)
            for place in others:
                assert stack.decide(role, action, "spark-events", place + key) != "allowed", (role, action, place)


def test_whoever_deploys_makes_directories_of_event_logs_and_no_team_does(stack: StackPolicies) -> None:
    mark = f"teams/{namespace_of(TEAM)}/.directory"
    assert stack.decide("deployer", WRITE, "spark-events", mark, also=ADMINISTRATOR) == "allowed"
    for purpose in ("spark-logs", "system-logs"):
        assert stack.decide("deployer", WRITE, purpose, mark, also=ADMINISTRATOR) == "denied"
    for role in stack.identity:
        assert stack.decide(role, WRITE, "spark-events", mark) != "allowed", role
        assert stack.decide(role, DELETE, "spark-events", mark) != "allowed", role


def test_platform_readers_read_every_log_and_change_none(stack: StackPolicies) -> None:
    reader = f"moka-{stack.environment}-platform-log-reader"
    for purpose, key in objects(stack):
        expected = "not allowed" if purpose == "access-logs" else "allowed"
        assert stack.decide(reader, READ, purpose, key) == expected, key
        for action in (WRITE, DELETE, DELETE_VERSION):
            assert stack.decide(reader, action, purpose, key) != "allowed", (action, key)


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_spark_readers_read_what_belongs_to_applications_and_nothing_of_the_system(environment: str) -> None:
    stack = policies_of(environment)
    reader = f"moka-{environment}-spark-log-reader"
    readable = {kind for role, kind in allowed(stack, READ) if role == "spark-log-reader"}
    assert readable == {
        "spark-logs:spark",
        "spark-logs:spark-unlabelled",
        "spark-events:teams",
        "spark-events:eventlog_v2_spark-1",
        "spark-events:fragments",
        "system-logs:yunikorn-usage",
    }
    prefix = f"moka-{environment}/2026/"
    assert stack.decide(reader, "s3:ListBucket", "system-logs", context={"s3:prefix": f"system/{prefix}"}) == "denied"
    assert stack.decide(reader, "s3:ListBucket", "system-logs") == "denied"
    assert (
        stack.decide(reader, "s3:ListBucket", "system-logs", context={"s3:prefix": f"yunikorn-usage/{prefix}"})
        == "allowed"
    )
    assert stack.decide(reader, "s3:ListBucket", "spark-logs", context={"s3:prefix": "spark/"}) == "allowed"


def test_a_teams_people_read_its_own_lines_and_event_logs_and_nothing_else(stack: StackPolicies) -> None:
    teams = settings(stack.environment).teams
    kinds = {
        "spark-logs": "spark/{}/spark-1/driver/etl-driver/20261120T100000-1.log.gz",
        "spark-events": "teams/{}/eventlog_v2_spark-1/events_1_spark-1",
    }
    for team in teams:
        reader = f"moka-{stack.environment}-{team}-log-reader"
        for purpose, other in ((purpose, other) for purpose in kinds for other in (*teams, "another")):
            decision = stack.decide(reader, READ, purpose, kinds[purpose].format(namespace_of(other)))
            assert (decision == "allowed") == (other == team), (other, decision)
            for action in (WRITE, DELETE):
                assert stack.decide(reader, action, purpose, kinds[purpose].format(namespace_of(other))) != "allowed"
        for purpose, key in objects(stack):
            if key.split("/")[:2][-1] != namespace_of(team):
                assert stack.decide(reader, READ, purpose, key) != "allowed", key


def test_even_an_administrator_neither_forges_nor_removes_logs_but_administers_the_bucket(stack: StackPolicies) -> None:
    for purpose, key in objects(stack):
        for action in (WRITE, DELETE_VERSION):
            assert stack.decide("deployer", action, purpose, key, also=ADMINISTRATOR) == "denied", (action, key)
        assert stack.decide("deployer", DELETE, purpose, key, also=ADMINISTRATOR) == "denied", key
        assert stack.decide("deployer", READ, purpose, key, also=ADMINISTRATOR) == "allowed"
    for purpose in CLUSTER_KEYS:
        for action in (
            "s3:PutBucketPolicy",
            "s3:DeleteBucketPolicy",
            "s3:PutLifecycleConfiguration",
            "s3:DeleteBucket",
        ):
            assert stack.decide("deployer", action, purpose, also=ADMINISTRATOR) == "allowed", action


def test_who_deploys_empties_the_buckets_of_the_throw_away_environment_alone(stack: StackPolicies) -> None:
    expected = "allowed" if stack.environment == "test" else "denied"
    for deployer in ("moka-deploy", "moka-platform" if stack.environment == "test" else "moka-break-glass"):
        for purpose, key in objects(stack):
            for action in (DELETE, DELETE_VERSION, "s3:BypassGovernanceRetention"):
                assert stack.decide(deployer, action, purpose, key, also=ADMINISTRATOR) == expected, (action, key)
            assert stack.decide(deployer, WRITE, purpose, key, also=ADMINISTRATOR) == "denied", key


def test_a_writer_that_is_granted_too_much_still_deletes_only_what_is_unfinished(stack: StackPolicies) -> None:
    for purpose, writers in WRITERS.items():
        teams = identities_of(settings(stack.environment).teams) if purpose == "spark-events" else ()
        for identity in (*writers.identities, *teams):
            who = f"moka-{stack.environment}-{identity}-pod"
            for key in CLUSTER_KEYS[purpose]:
                decision = stack.decide(who, DELETE, purpose, key, also=ADMINISTRATOR)
                assert decision == ("allowed" if key.endswith(".inprogress") else "denied"), (who, key)
                assert stack.decide(who, DELETE_VERSION, purpose, key, also=ADMINISTRATOR) == "denied"


def test_other_accounts_plain_http_and_other_keys_are_refused(stack: StackPolicies) -> None:
    agent = f"moka-{stack.environment}-fluent-bit-pod"
    key = CLUSTER_KEYS["spark-logs"][0]
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    right = f"arn:aws:key:us-east-1:{stack.account}:key/log-buckets"
    assert stack.decide(agent, WRITE, "spark-logs", key) == "allowed"
    assert stack.decide(agent, WRITE, "spark-logs", key, {header: right}) == "allowed"
    assert stack.decide(agent, WRITE, "spark-logs", key, {header: f"{right}-2"}) == "denied"
    assert stack.decide(agent, WRITE, "spark-logs", key, {"aws:SecureTransport": "false"}) == "denied"
    foreign = "arn:aws:iam::999999999999:role/moka-dev-fluent-bit-pod"
    assert stack.decide(foreign, WRITE, "spark-logs", key, also=ADMINISTRATOR) == "denied"
    assert stack.decide(foreign, READ, "spark-logs", key, also=ADMINISTRATOR) == "denied"


def test_amazon_s3_delivers_access_logs_of_this_accounts_log_buckets_and_nothing_else(stack: StackPolicies) -> None:
    service, key = "logging.s3.amazonaws.com", CLUSTER_KEYS["access-logs"][0]
    source = {"aws:SourceAccount": stack.account, "aws:SourceArn": stack.bucket("spark-logs")}
    assert stack.decide(service, WRITE, "access-logs", key, source) == "allowed"
    assert stack.decide(service, WRITE, "access-logs", key, {**source, "aws:SourceAccount": "9" * 12}) != "allowed"
    assert stack.decide(service, WRITE, "access-logs", key, {**source, "aws:SourceArn": "arn:aws:s3:::x"}) != "allowed"
    assert stack.decide(service, WRITE, "spark-logs", key, source) != "allowed"


def test_the_key_encrypts_for_writers_and_decrypts_for_readers_through_amazon_s3_alone(stack: StackPolicies) -> None:
    via = {"kms:ViaService": "s3.us-east-1.amazonaws.com", "kms:CallerAccount": stack.account}
    key_arn = f"arn:aws:key:us-east-1:{stack.account}:key/log-buckets"

    def use(role: str, action: str, context: dict[str, str] = via, arn: str = key_arn) -> bool:
        name = f"moka-{stack.environment}-{role}"
        request = Request(stack.role(name), action, arn, context)
        return decide(request, stack.identity[name], stack.key, owner=stack.account, key=True) == "allowed"

    assert use("fluent-bit-pod", "kms:GenerateDataKey")
    assert not use("fluent-bit-pod", "kms:Decrypt")
    assert not use("fluent-bit-pod", "kms:GenerateDataKey", {})
    assert not use("fluent-bit-pod", "kms:GenerateDataKey", arn=f"{key_arn}-2")
    assert use("platform-log-reader", "kms:Decrypt")
    assert not use("platform-log-reader", "kms:GenerateDataKey")
    assert not use("platform-log-reader", "kms:Decrypt", {**via, "kms:ViaService": "sqs.us-east-1.amazonaws.com"})


def test_only_listed_roles_take_the_role_of_a_reader(stack: StackPolicies) -> None:
    listed = "moka-platform" if stack.environment in {"test", "dev"} else "moka-operator"
    name = f"moka-{stack.environment}-platform-log-reader"

    def assume(principal: str) -> str:
        request = Request(principal, "sts:AssumeRole", stack.role(name))
        return decide(request, ADMINISTRATOR, stack.trust[name], owner=stack.account, key=True)

    assert assume(stack.role(listed)) == "allowed"
    assert assume(stack.role("somebody")) == "not allowed"
    assert assume(f"arn:aws:iam::999999999999:role/{listed}") == "not allowed"


def test_roles_of_one_environment_reach_no_log_of_another() -> None:
    dev, production = policies_of("dev"), policies_of("production")
    for role, granted in dev.identity.items():
        for purpose, key in objects(production):
            for action in (READ, WRITE, DELETE, "s3:ListBucket"):
                assert production.decide(dev.role(role), action, purpose, key, also=granted) != "allowed", (
                    role,
                    action,
                )
