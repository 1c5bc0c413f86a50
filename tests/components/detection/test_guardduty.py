"""The detector looks at what concerns a cluster and at nothing that is billed besides."""

from typing import Any, get_args

import pytest
from botocore.loaders import create_loader
from pydantic import ValidationError

from components.detection.guardduty import GuardDuty
from components.detection.settings import DetectionSettings, RuntimeAgent, TrailSettings
from tests.recorder import Recorder, record

DETECTOR = "aws:guardduty/detector:Detector"
FEATURE = "aws:guardduty/detectorFeature:DetectorFeature"


def build(agent: RuntimeAgent) -> Recorder:
    return record(lambda: GuardDuty("guardduty", runtime_agent=agent))


def features(agent: RuntimeAgent) -> dict[str, dict[str, Any]]:
    return {each.inputs["name"]: each.inputs for each in build(agent).of(FEATURE)}


def test_a_detector_tells_within_a_quarter_of_an_hour() -> None:
    inputs = build("none").only(DETECTOR).inputs
    assert (inputs["enable"], inputs["findingPublishingFrequency"]) == (True, "FIFTEEN_MINUTES")


@pytest.mark.parametrize("agent", get_args(RuntimeAgent))
def test_the_audit_log_is_read_and_every_other_source_that_would_come_by_itself_is_off(agent: RuntimeAgent) -> None:
    found = features(agent)
    assert {each["detectorId"] for each in found.values()} == {"guardduty-id"}
    on = {name for name, each in found.items() if each["status"] == "ENABLED"}
    assert on == {"EKS_AUDIT_LOGS"} | ({"RUNTIME_MONITORING"} if agent != "none" else set())
    # What is not named is switched on with a detector, except for what reads the agent's events.
    known = create_loader().load_service_model("guardduty", "service-2")["shapes"]["DetectorFeature"]["enum"]
    later = {"AI_ANALYST", "AI_PROTECTION", "EKS_RUNTIME_MONITORING"}
    assert set(found) == set(known) - later


@pytest.mark.parametrize(("agent", "manages"), [("none", False), ("add-on", False), ("guardduty", True)])
def test_guardduty_manages_agents_of_clusters_alone_and_only_where_it_is_asked_to(
    agent: RuntimeAgent, manages: bool
) -> None:
    agents = features(agent)["RUNTIME_MONITORING"]["additionalConfigurations"]
    assert {each["name"]: each["status"] for each in agents} == {
        "EKS_ADDON_MANAGEMENT": "ENABLED" if manages else "DISABLED",
        "EC2_AGENT_MANAGEMENT": "DISABLED",
        "ECS_FARGATE_AGENT_MANAGEMENT": "DISABLED",
    }


def rules_broken(build: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        build()
    return [each.field for error in caught.value.errors() for each in error.get("ctx", {})["violations"]]


def test_only_the_owner_of_the_detector_lets_it_manage_agents() -> None:
    assert rules_broken(lambda: DetectionSettings(runtime_agent="guardduty")) == ["runtime_agent"]
    assert DetectionSettings(runtime_agent="guardduty", detector="own").endpoint_services == ()
    assert DetectionSettings(runtime_agent="add-on").endpoint_services == ("guardduty-data",)


def test_a_trail_that_records_nothing_is_none() -> None:
    assert rules_broken(lambda: TrailSettings(management_events=False, data_events="none")) == ["data_events"]


def test_nothing_is_made_that_an_organisation_may_have_already_unless_a_stack_says_so() -> None:
    settings = DetectionSettings()
    assert (settings.detector, settings.runtime_agent, settings.trail) == ("elsewhere", "none", None)
