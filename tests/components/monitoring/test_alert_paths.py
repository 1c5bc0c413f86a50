"""What carries alerts out of the environment: identities, topics, heartbeats, and the managed workspace's part."""

import json
from typing import Any

import pytest
import yaml

from components.alerts.receiver import AlertReceiver
from components.alerts.settings import AlertsSettings
from components.monitoring.alert_routing import NO_TEAMS, cluster_routing, managed_definition, managed_routing
from components.monitoring.rules import ADDRESS_PLAN, RULE_FILES, address_plan, rule_documents
from tests.components.monitoring.environment import (
    ACCOUNT,
    KEY_ARN,
    SMALL,
    TOPIC,
    TOPIC_ARN,
    WORKSPACE,
    ZONES,
    build,
    replicas,
    topic_arn,
)
from tests.components.workloads.pods import CONFIG_MAP, containers, pod
from tests.recorder import Recorder

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
RULES = "aws:amp/ruleGroupNamespace:RuleGroupNamespace"
DEFINITION = "aws:amp/alertManagerDefinition:AlertManagerDefinition"
POLICY = "aws:iam/rolePolicy:RolePolicy"
RECEIVERS = AlertsSettings(
    receivers={
        "pager": AlertReceiver(kind="pagerduty", secret="pager-key"),
        "chat": AlertReceiver(kind="webhook", secret="chat-url", severities=("warning",)),
    },
    heartbeat_secret="dead-mans-switch",
)
TEAM_RECEIVERS = {"spark-ads": ("chat",), "spark-sales": ()}


@pytest.fixture(scope="module")
def with_receivers() -> Recorder:
    return build(SMALL, RECEIVERS, team_receivers=TEAM_RECEIVERS)


def routing_file(recorded: Recorder) -> dict[str, Any]:
    (config_map,) = [each for each in recorded.of(CONFIG_MAP) if each.name == "alertmanager-files"]
    assert set(config_map.inputs["data"]) == {"alertmanager.yaml", "messages.tmpl"}
    return yaml.safe_load(config_map.inputs["data"]["alertmanager.yaml"])


def test_alertmanager_publishes_to_its_two_topics_and_may_do_nothing_else(any_shape: Recorder) -> None:
    policy = any_shape.named(POLICY, "alertmanager-pod").inputs["policy"]
    publish, encrypt, heartbeat = json.loads(policy)["Statement"]
    assert (publish["Action"], publish["Resource"]) == (["sns:Publish"], [TOPIC_ARN])
    assert (heartbeat["Action"], heartbeat["Resource"]) == (["sns:Publish"], [topic_arn("heartbeat")])
    assert (set(encrypt["Action"]), encrypt["Resource"]) == ({"kms:GenerateDataKey", "kms:Decrypt"}, [KEY_ARN])
    assert encrypt["Condition"] == {"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com"}}


def test_alertmanager_reads_the_routing_of_its_environment(any_shape: Recorder, with_receivers: Recorder) -> None:
    arns = {"topic_arn": TOPIC_ARN, "heartbeat_arn": topic_arn("heartbeat")}
    assert routing_file(any_shape) == cluster_routing(AlertsSettings(), ACCOUNT, team_receivers=NO_TEAMS, **arns)
    assert routing_file(with_receivers) == cluster_routing(RECEIVERS, ACCOUNT, team_receivers=TEAM_RECEIVERS, **arns)


def test_secrets_of_receivers_lie_where_the_routing_reads_them_and_none_keeps_the_pod_from_starting(
    with_receivers: Recorder,
) -> None:
    workload = replicas(with_receivers, "alertmanager")[0]
    volumes = {each["name"]: each["secret"] for each in pod(workload)["volumes"] if "secret" in each}
    mounts = {each["name"]: each for each in containers(workload)[0]["volumeMounts"]}
    placed = {mounts[name]["mountPath"]: secret["secretName"] for name, secret in volumes.items()}
    assert placed == {
        "/etc/alertmanager-secrets/pager": "pager-key",
        "/etc/alertmanager-secrets/chat": "chat-url",
        "/etc/alertmanager-secrets/heartbeat": "dead-mans-switch",
    }
    assert all(secret["optional"] is True for secret in volumes.values())
    assert all(mounts[name]["readOnly"] is True for name in volumes)
    text = json.dumps(routing_file(with_receivers))
    assert all(f"{path}/" in text for path in placed)


def test_an_environment_without_receivers_mounts_no_secret(any_shape: Recorder) -> None:
    assert not [each for each in pod(replicas(any_shape, "alertmanager")[0])["volumes"] if "secret" in each]


@pytest.mark.parametrize("name", ["heartbeat", "managed-alerts-heartbeat"])
def test_an_alarm_tells_people_when_no_heartbeat_comes(large: Recorder, name: str) -> None:
    alarm = large.named(ALARM, name).inputs
    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/SNS", "NumberOfMessagesPublished")
    assert (alarm["statistic"], alarm["comparisonOperator"], alarm["threshold"]) == ("Sum", "LessThanThreshold", 1)
    assert alarm["treatMissingData"] == "breaching", "a topic without messages has no data"
    assert alarm["period"] * alarm["evaluationPeriods"] == 900
    assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC_ARN]
    assert alarm["dimensions"] == {"TopicName": name}
    assert large.named(TOPIC, name).inputs["kmsMasterKeyId"] == KEY_ARN


def test_heartbeats_are_let_into_their_topics(large: Recorder) -> None:
    for name in ("heartbeat", "managed-alerts-heartbeat"):
        policy = json.loads(large.named("aws:sns/topicPolicy:TopicPolicy", name).inputs["policy"])
        services = {each["Principal"]["Service"] for each in policy["Statement"] if each["Effect"] == "Allow"}
        assert "aps.amazonaws.com" in services
        assert {resource for each in policy["Statement"] for resource in each["Resource"]} == {topic_arn(name)}


def test_each_path_has_a_heartbeat_of_its_own_so_that_one_never_hides_the_others_death(large: Recorder) -> None:
    (definition,) = large.of(DEFINITION)
    managed = yaml.safe_load(yaml.safe_load(definition.inputs["definition"])["alertmanager_config"])
    published = [
        next(each for each in config["receivers"] if each["name"] == "heartbeat")["sns_configs"][0]["topic_arn"]
        for config in (routing_file(large), managed)
    ]
    assert published == [topic_arn("heartbeat"), topic_arn("managed-alerts-heartbeat")]


def test_in_cluster_storage_has_one_path(small: Recorder) -> None:
    assert not small.of(RULES) + small.of(DEFINITION)
    assert [each.name for each in small.of(ALARM)] == ["heartbeat"]


def test_the_workspace_evaluates_the_rules_that_prometheus_in_the_cluster_does(large: Recorder) -> None:
    (config_map,) = [each for each in large.of(CONFIG_MAP) if each.name == "prometheus-files"]
    in_cluster = {name: text for name, text in config_map.inputs["data"].items() if name != "prometheus.yaml"}
    managed = {f"{each.inputs['name']}.yaml": each.inputs["data"] for each in large.of(RULES)}
    assert managed == in_cluster == rule_documents(ZONES)
    assert set(managed) == {*(file.name for file in RULE_FILES), ADDRESS_PLAN}
    workspace = f"{large.only(WORKSPACE).name}-id"
    assert {each.inputs["workspaceId"] for each in [*large.of(RULES), *large.of(DEFINITION)]} == {workspace}


def test_the_workspace_gets_its_definition_before_its_rules(large: Recorder) -> None:
    (definition,) = large.of(DEFINITION)
    expected = managed_routing(ACCOUNT, topic_arn=TOPIC_ARN, heartbeat_arn=topic_arn("managed-alerts-heartbeat"))
    assert definition.inputs["definition"] == managed_definition(expected)
    assert all(f"{DEFINITION}::managed-alerts" in each.depends_on for each in large.of(RULES))


def test_rules_keep_to_the_quotas_of_the_workspace() -> None:
    documents = rule_documents(ZONES)
    groups = [group for text in documents.values() for group in yaml.safe_load(text)["groups"]]
    assert len(documents) <= 10
    assert len(groups) <= 100
    assert max(len(group["rules"]) for group in groups) <= 20
    assert max(len(text.encode()) for text in documents.values()) < 1_000_000
    assert all("interval" not in group for group in groups), "the service evaluates every minute, or at 30 s at most"


def test_the_address_plan_is_recorded_as_the_subnets_can_hand_it_out() -> None:
    (group,) = address_plan(ZONES)["groups"]
    # A /16 has 4096 blocks of sixteen, a /20 has 256; AWS keeps addresses of the first and the last.
    assert group["rules"] == [
        {"record": "moka_zone_address_blocks", "expr": "vector(4094)", "labels": {"zone": "us-east-1a"}},
        {"record": "moka_zone_address_blocks", "expr": "vector(254)", "labels": {"zone": "us-east-1b"}},
    ]
