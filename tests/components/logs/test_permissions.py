"""What the log agent may do in the cluster and in AWS."""

import json
from typing import Any

import yaml

from components.logs.fluent_bit import FILES
from tests.components.logs.agent import DAEMON_SET, KEY
from tests.components.workloads.pods import (
    pod,
    variables,
)
from tests.recorder import Recorder


def statements(identities: Recorder) -> dict[str, dict[str, Any]]:
    document = json.loads(identities.named("aws:iam/rolePolicy:RolePolicy", "fluent-bit-pod").inputs["policy"])
    return {each["Sid"]: each for each in document["Statement"]}


def test_pods_start_after_their_rights_exist(recorded: Recorder) -> None:
    waits = recorded.only(DAEMON_SET).depends_on
    assert "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding::fluent-bit-agent" in waits
    assert "kubernetes:core/v1:ServiceAccount::fluent-bit-agent" in waits


def test_the_agent_may_list_its_nodes_pods_and_nothing_else(recorded: Recorder) -> None:
    role = recorded.only("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole").inputs
    assert role["rules"] == [{"apiGroups": [""], "resources": ["nodes/pods"], "verbs": ["get"]}]
    binding = recorded.only("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").inputs
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "fluent-bit", "namespace": "logging"}]
    assert pod(recorded.only(DAEMON_SET))["automountServiceAccountToken"] is True


def test_the_policy_allows_put_under_exactly_the_prefixes_that_the_file_writes(
    recorded: Recorder, identities: Recorder
) -> None:
    config = yaml.safe_load((FILES / "fluent-bit.yaml").read_text())
    values = variables(pod(recorded.only(DAEMON_SET))["containers"][0])
    written = set()
    for output in config["pipeline"]["outputs"]:
        bucket = values[output["bucket"].strip("${}")]
        fixed = output["s3_key_format"].replace("${CLUSTER_NAME}", values["CLUSTER_NAME"]).lstrip("/")
        prefix = fixed.split("/$TAG")[0].split("/%")[0].split("/dt=")[0]
        written.add(f"arn:aws:s3:::{bucket}/{prefix}/*")
    granted = statements(identities)
    puts = ("WriteSparkLogs", "WriteSystemLogs", "WriteEventLogFragments")
    assert written == {resource for sid in puts for resource in granted[sid]["Resource"]}
    assert granted["WriteEventLogFragments"]["Resource"] == ["arn:aws:s3:::event-logs/fragments/*"]
    assert {action for each in granted.values() for action in each["Action"]} == {"s3:PutObject", "kms:GenerateDataKey"}


def test_the_key_is_usable_through_s3_alone(identities: Recorder) -> None:
    encrypt = statements(identities)["EncryptLogs"]
    assert encrypt["Resource"] == [KEY]
    assert encrypt["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
