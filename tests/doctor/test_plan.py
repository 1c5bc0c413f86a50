"""The plan: what the program makes of a stack's file, run without an engine."""

from typing import Any

import pytest
import yaml

from components.settings import STACKS
from components.settings_error import SettingsError
from doctor import surroundings
from doctor.checks import names, settings
from doctor.plan import CLUSTER, Plan, Planned, plan_of
from doctor.run import run
from doctor.storage import gp3_of_claims
from tests.doctor.patient import Patient
from tests.stack_files import stack_file


def configuration(stack: str, **more: Any) -> dict[str, Any]:
    found = yaml.safe_load(stack_file(stack).read_text())["config"]
    return {**found, "moka:example-values": "accepted", **{f"moka:{key}": value for key, value in more.items()}}


def test_a_stack_that_is_between_its_two_runs_is_planned_whole(dev: Patient) -> None:
    found = plan_of(STACKS.parent, "dev", configuration("dev", only="ground"))
    assert len(found.of(CLUSTER)) == 1
    assert len(found.resources) == len(dev.plan.resources)


def test_what_the_program_refuses_is_raised_and_the_next_stack_is_planned_all_the_same() -> None:
    wrong = configuration("dev")
    wrong["moka:settings"]["network"]["cidr"] = "10.0.0.0/20"
    with pytest.raises(SettingsError, match=r"network\.cidr"):
        plan_of(STACKS.parent, "dev", wrong)
    assert plan_of(STACKS.parent, "test", configuration("test")).of(CLUSTER)


def test_a_program_that_does_not_run_through_fails_and_what_needs_its_plan_is_skipped(
    dev: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SettingsError("stacks/Pulumi.dev.yaml: 1 error in moka:settings")

    monkeypatch.setattr(surroundings, "plan_of", refuse)
    here = dev.surroundings()
    found = {each.check.name: each for each in run((*settings.CHECKS, *names.CHECKS), here)}
    assert found["rules"].status == "ok"
    assert found["plan"].status == "fail"
    assert "1 error" in found["plan"].findings[0].detail
    assert found["bucket-names"].findings[0].detail == "not looked at, because plan failed"


def test_claims_of_the_platform_are_counted_with_their_replicas(dev: Patient, production: Patient) -> None:
    volume_gib = dev.settings.monitoring.volume_gib
    # Prometheus' volume, and Alertmanager's and Grafana's of a GiB each or more.
    assert gp3_of_claims(dev.plan) > volume_gib
    assert gp3_of_claims(production.plan) > 2 * production.settings.monitoring.volume_gib


def test_templates_of_claims_are_counted_once_a_replica() -> None:
    def claim(size: str) -> dict[str, Any]:
        return {"spec": {"resources": {"requests": {"storage": size}}}}

    stateful_set = {"spec": {"replicas": 3, "volumeClaimTemplates": [claim("10Gi")]}}
    found = Plan(
        (
            Planned("kubernetes:core/v1:PersistentVolumeClaim", "one", claim("512Mi")),
            Planned("kubernetes:core/v1:PersistentVolumeClaim", "two", claim("1Ti")),
            Planned("kubernetes:apps/v1:StatefulSet", "three", stateful_set),
            Planned("kubernetes:apps/v1:StatefulSet", "four", {"spec": {"replicas": 2}}),
        )
    )
    assert gp3_of_claims(found) == 0.5 + 1024 + 30
