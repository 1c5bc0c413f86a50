"""The pod that ships Kubernetes events: one a cluster, with no more rights than that takes."""

import json
from typing import Any

import pulumi
import pytest
import yaml

from components.logs.cluster_events import FILE, ClusterEvents
from components.logs.fluent_bit import FILES
from components.logs.settings import LogsSettings
from tests.components.logs.agent import ACCOUNT, KEY
from tests.components.workloads.pods import (
    CONFIG_MAP,
    NETWORK_POLICY,
    mebibytes,
    pod,
    recorder,
    referenced_variables,
    variables,
    violations_of_restricted,
)
from tests.recorder import Recorder, record

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
CONFIG: dict[str, Any] = yaml.safe_load((FILES / FILE).read_text())
(INPUT,) = CONFIG["pipeline"]["inputs"]
(OUTPUT,) = CONFIG["pipeline"]["outputs"]


def build(settings: LogsSettings | None = None) -> Recorder:
    return record(
        lambda: ClusterEvents(
            "cluster-events",
            settings or LogsSettings(),
            ACCOUNT,
            namespace=pulumi.Output.from_input("logging"),
            system_bucket=pulumi.Output.from_input("systems"),
        ),
        recorder(),
    )


@pytest.fixture(scope="module")
def events() -> Recorder:
    return build()


def test_one_pod_ships_and_the_next_one_waits_until_it_is_gone(events: Recorder) -> None:
    spec = events.only(DEPLOYMENT).inputs["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"] == {"type": "Recreate"}


def test_the_pod_is_one_that_the_restricted_level_admits(events: Recorder) -> None:
    assert violations_of_restricted(events.only(DEPLOYMENT)) == []


def test_it_runs_on_system_nodes_ahead_of_spark(events: Recorder) -> None:
    spec = pod(events.only(DEPLOYMENT))
    assert spec["nodeSelector"] == {"moka/workload": "system"}
    assert spec["priorityClassName"] == "moka-platform"


def test_it_depends_on_no_volume_of_one_zone(events: Recorder) -> None:
    kinds = {key for volume in pod(events.only(DEPLOYMENT))["volumes"] for key in volume if key != "name"}
    assert kinds == {"configMap", "emptyDir"}


def test_it_may_read_events_and_nothing_else_of_the_cluster(events: Recorder) -> None:
    role = events.only("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole").inputs
    assert role["rules"] == [{"apiGroups": [""], "resources": ["events"], "verbs": ["get", "list", "watch"]}]
    binding = events.only("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").inputs
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "kubernetes-events", "namespace": "logging"}]
    assert pod(events.only(DEPLOYMENT))["serviceAccountName"] == "kubernetes-events"


def test_it_may_put_under_its_own_prefix_and_nothing_else_in_aws(identities: Recorder) -> None:
    document = json.loads(identities.named("aws:iam/rolePolicy:RolePolicy", "cluster-events-pod").inputs["policy"])
    assert document["Statement"] == [
        {
            "Sid": "WriteKubernetesEvents",
            "Effect": "Allow",
            "Action": ["s3:PutObject"],
            "Resource": ["arn:aws:s3:::systems/events/moka-dev/*"],
        },
        {
            "Sid": "EncryptLogs",
            "Effect": "Allow",
            "Action": ["kms:GenerateDataKey"],
            "Resource": [KEY],
            "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
        },
    ]
    assert OUTPUT["s3_key_format"] == "/events/${CLUSTER_NAME}/dt=%Y-%m-%d/%H%M%S-$UUID.json.gz"
    assert OUTPUT["bucket"] == "${SYSTEM_BUCKET}"


def test_pods_start_after_their_rights_exist(events: Recorder) -> None:
    waits = events.only(DEPLOYMENT).depends_on
    assert "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding::cluster-events" in waits


def test_only_collectors_reach_its_metrics(events: Recorder) -> None:
    (policy,) = events.of(NETWORK_POLICY)
    (rule,) = policy.inputs["spec"]["ingress"]
    assert [each["port"] for each in rule["ports"]] == [2020]
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]


def test_every_variable_of_the_file_is_set_and_no_other(events: Recorder) -> None:
    container = pod(events.only(DEPLOYMENT))["containers"][0]
    assert referenced_variables([FILES / FILE]) == set(variables(container))
    assert container["command"] == ["/fluent-bit/bin/fluent-bit", "-c", f"/fluent-bit/etc/{FILE}"]
    assert set(events.only(CONFIG_MAP).inputs["data"]) == {FILE}


def test_settings_reach_it() -> None:
    settings = LogsSettings(system_upload_interval_minutes=10, agent_log_level="debug")
    values = variables(pod(build(settings).only(DEPLOYMENT))["containers"][0])
    assert values["SYSTEM_UPLOAD_TIMEOUT"] == "10m"
    assert values["LOG_LEVEL"] == "debug"


def test_the_pod_outlives_its_own_grace_period(events: Recorder) -> None:
    assert pod(events.only(DEPLOYMENT))["terminationGracePeriodSeconds"] >= 2 * CONFIG["service"]["grace"]


def test_an_event_whose_count_rises_is_shipped_again() -> None:
    assert "db" not in INPUT, "its database takes a uid that it knows for an event that it has shipped"
    assert INPUT["name"] == "kubernetes_events"
    assert INPUT["storage.type"] == "filesystem"


def test_the_output_never_gives_up_or_overwrites() -> None:
    assert OUTPUT["retry_limit"] == 1000000
    assert OUTPUT["send_content_md5"] is True
    assert OUTPUT["static_file_path"] is True
    assert "$UUID" in OUTPUT["s3_key_format"]
    assert "store_dir_limit_size" not in OUTPUT
    assert "log_key" not in OUTPUT, "events are stored whole, as JSON"


def test_its_memory_is_limited(events: Recorder) -> None:
    limits = pod(events.only(DEPLOYMENT))["containers"][0]["resources"]["limits"]
    assert mebibytes(limits["memory"]) <= 512
