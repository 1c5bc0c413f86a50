"""Settings of the scheduler: gangs, and rules of a queue alone."""

import pytest
from pydantic import ValidationError

from components.model import Violation
from components.scheduler.settings import ParentQueueSettings, SchedulerSettings
from components.scheduler.spark import spark_settings
from tests.components.scheduler.queues import amount, queue


def fields_of(error: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    """Fields of the broken rules."""
    violations: tuple[Violation, ...] = error.value.errors()[0].get("ctx", {})["violations"]
    return [each.field for each in violations]


@pytest.mark.parametrize("name", ["root", "default"])
def test_names_that_yunikorn_uses_itself_are_refused(name: str) -> None:
    with pytest.raises(ValidationError) as error:
        SchedulerSettings(parents={name: ParentQueueSettings()})
    assert fields_of(error) == [f"parents.{name}"]


@pytest.mark.parametrize("guaranteed", [(101, 1), (1, 401)])
def test_a_guarantee_above_the_maximum_is_refused(guaranteed: tuple[int, int]) -> None:
    with pytest.raises(ValidationError) as error:
        queue((100, 400), guaranteed)
    assert fields_of(error) == ["guaranteed"]
    with pytest.raises(ValidationError) as error:
        ParentQueueSettings(guaranteed=amount(*guaranteed), maximum=amount(100, 400))
    assert fields_of(error) == ["guaranteed"]
    assert queue((100, 400), (100, 400)).guaranteed == amount(100, 400)


def test_a_weight_beside_a_guarantee_is_refused() -> None:
    with pytest.raises(ValidationError) as error:
        queue(guaranteed=(1, 1), weight=2)
    assert fields_of(error) == ["weight"]


def test_spark_asks_for_yunikorn_and_says_how_its_gangs_behave() -> None:
    settings = SchedulerSettings(gang_style="Hard", gang_timeout_seconds=90)
    assert spark_settings(settings) == {
        "spark.kubernetes.scheduler.name": "yunikorn",
        "spark.kubernetes.driver.annotation.yunikorn.apache.org/schedulingPolicyParameters": (
            "placeholderTimeoutInSeconds=90 gangSchedulingStyle=Hard"
        ),
    }
