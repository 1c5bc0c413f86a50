"""Settings of the scheduler: images, gangs, and rules of a queue alone."""

import pytest
from pydantic import ValidationError

from components.model import Violation
from components.scheduler.settings import ParentQueueSettings, SchedulerSettings
from components.scheduler.spark import spark_settings
from tests.components.scheduler.queues import ACCOUNT, amount, queue

DIGEST = "sha256:" + "a" * 64


def fields_of(error: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    """Fields of the broken rules."""
    violations: tuple[Violation, ...] = error.value.errors()[0].get("ctx", {})["violations"]
    return [each.field for each in violations]


def test_images_come_from_the_accounts_own_registry_where_none_is_named() -> None:
    settings = SchedulerSettings()
    home = "222222222222.dkr.ecr.us-east-1.amazonaws.com/apache/yunikorn"
    assert settings.scheduler_image(ACCOUNT).reference == f"{home}:scheduler-1.8.0"
    assert settings.admission_image(ACCOUNT).reference == f"{home}:admission-1.8.0"


def test_another_registry_and_digests_are_taken_as_they_are() -> None:
    settings = SchedulerSettings(image_repository="registry.example/yunikorn", scheduler_image_digest=DIGEST)
    assert settings.scheduler_image(ACCOUNT).reference == f"registry.example/yunikorn:scheduler-1.8.0@{DIGEST}"
    assert settings.admission_image(ACCOUNT).reference == "registry.example/yunikorn:admission-1.8.0"


@pytest.mark.parametrize("field", ["image_repository", "placeholder_image"])
def test_docker_hub_is_refused(field: str) -> None:
    with pytest.raises(ValidationError) as error:
        SchedulerSettings.model_validate({field: "docker.io/apache/yunikorn"})
    assert fields_of(error) == [field]


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
