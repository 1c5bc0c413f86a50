"""A namespace as every part of the platform gets it."""

import pulumi
import pytest

from components.workloads.namespace import namespace
from components.workloads.security import Level
from tests.recorder import record


@pytest.mark.parametrize("level", ["privileged", "baseline", "restricted"])
def test_a_namespace_enforces_its_level_and_its_default_account_has_no_token(level: Level) -> None:
    def build() -> None:
        owner = pulumi.ComponentResource("moka:index:Owner", "owner")
        namespace("logging", level, opts=pulumi.ResourceOptions(parent=owner))

    recorded = record(build)
    space = recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]
    assert space["name"] == "logging"
    assert {space["labels"][f"pod-security.kubernetes.io/{each}"] for each in ("enforce", "warn", "audit")} == {level}
    account = recorded.only("kubernetes:core/v1:ServiceAccountPatch")
    assert account.inputs["automountServiceAccountToken"] is False
    assert account.inputs["metadata"] == {"name": "default", "namespace": "logging"}
    assert any("Namespace" in waits for waits in account.depends_on)
    assert account.deleted_with == "kubernetes:core/v1:Namespace::logging-namespace"
