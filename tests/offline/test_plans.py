"""Why deployments take no saved plan: the engine refuses its own for what components hand out."""

from pathlib import Path

import pytest

from offline.engine import OfflineEngine
from offline.errors import OfflineError
from tests.offline.sample import Sample

FLAT = """
key = aws.kms.Key("logs", description="logs", opts=on_aws)
aws.cloudwatch.LogGroup("logs", name="logs", kms_key_id=key.arn, retention_in_days=7, opts=on_aws)
"""
COMPONENT = """
group = pulumi.ComponentResource("sample:index:Alerts", "alerts")
topic = aws.sns.Topic("alerts", opts=pulumi.ResourceOptions(parent=group, provider=provider))
group.register_outputs({"topic": topic})
"""


def follow_own_plan(engine: OfflineEngine, plan: Path) -> None:
    """Plan what the program makes, and do no more than that."""
    engine.pulumi("dev", ["preview", "--stack", "dev", "--save-plan", str(plan)])
    engine.pulumi("dev", ["up", "--stack", "dev", "--yes", "--skip-preview", "--plan", str(plan)])


def test_a_plan_is_followed_where_whole_properties_become_known(
    sample: Sample, engine: OfflineEngine, tmp_path: Path
) -> None:
    sample.program(FLAT)
    follow_own_plan(engine, tmp_path / "plan")
    assert not engine.preview("dev").has_changes


# As pulumi-eks does with its roles. Once this fails, the engine has learned it, and docs/deployments.md can have plans.
def test_a_plan_is_refused_where_a_component_hands_out_what_it_makes(
    sample: Sample, engine: OfflineEngine, tmp_path: Path
) -> None:
    sample.program(COMPONENT)
    with pytest.raises(OfflineError, match=r"violates plan: properties changed: \S*topic"):
        follow_own_plan(engine, tmp_path / "plan")
