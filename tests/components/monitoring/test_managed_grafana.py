"""Amazon Managed Grafana in place of the one in the cluster."""

import json

import pytest
from pydantic import ValidationError

from components.monitoring.managed_grafana import CONFIGURATION
from components.monitoring.settings import MonitoringSettings
from tests.components.monitoring.environment import ACCOUNT, build, replicas
from tests.recorder import Recorder

GRAFANA = "aws:grafana/workspace:Workspace"
ROLE = "aws:iam/role:Role"
MANAGED = MonitoringSettings(grafana="amazon-managed")


@pytest.fixture(scope="module")
def managed() -> Recorder:
    return build(MANAGED)


def test_there_is_one_grafana_wherever_it_is(managed: Recorder) -> None:
    assert len(managed.of(GRAFANA)) == 1
    assert not replicas(managed, "grafana")
    in_cluster = build(MonitoringSettings())
    assert not in_cluster.of(GRAFANA)
    assert len(replicas(in_cluster, "grafana")) == 1


def test_people_log_in_with_identity_center_and_nothing_has_a_password(managed: Recorder) -> None:
    workspace = managed.only(GRAFANA)
    assert workspace.inputs["authenticationProviders"] == ["AWS_SSO"]
    assert workspace.inputs["accountAccessType"] == "CURRENT_ACCOUNT"
    assert json.loads(workspace.inputs["configuration"]) == CONFIGURATION
    assert CONFIGURATION["plugins"] == {"pluginAdminEnabled": False}


def test_it_may_read_one_workspace_of_metrics_and_nothing_else(managed: Recorder) -> None:
    (policy,) = [each for each in managed.of("aws:iam/rolePolicy:RolePolicy") if each.name == "managed-grafana"]
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert all(action.startswith("aps:") and "Write" not in action for action in statement["Action"])
    assert "aps:QueryMetrics" in statement["Action"]
    assert len(statement["Resource"]) == 1
    assert "*" not in statement["Resource"]
    assert managed.only(GRAFANA).inputs["permissionType"] == "CUSTOMER_MANAGED"


def test_only_grafana_of_this_account_takes_its_role(managed: Recorder) -> None:
    trust = json.loads(managed.named(ROLE, "managed-grafana").inputs["assumeRolePolicy"])
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "grafana.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT.id}}


def test_it_is_protected_as_what_holds_data(managed: Recorder) -> None:
    assert managed.only(GRAFANA).protect
    assert not build(MANAGED, protect=False).only(GRAFANA).protect


def test_it_needs_a_managed_store() -> None:
    with pytest.raises(ValidationError, match="broken rules"):
        MonitoringSettings(grafana="amazon-managed", storage="in-cluster")
