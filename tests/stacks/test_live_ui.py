"""The live Spark UI, switched on and off in a stack that is up, on the real engine."""

import pytest

from offline.engine import OfflineEngine
from offline.summary import Summary
from tests.components.spark_ui.ui_environment import written
from tests.recorder import ACCOUNT_ID
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import name_of, type_of
from tests.stacks.project_copy import copy_of_project, set_settings

STACK = "dev"
ON = {"spark/live_ui": written(ACCOUNT_ID)}


class Switched:
    """Dev with the page, from a copy of the state in which it is up without.

    Args:
        engine: on the copy.
        summary: of the `up` that made it.
    """

    def __init__(self, engine: OfflineEngine, summary: Summary) -> None:
        self.engine, self.summary = engine, summary


@pytest.fixture(scope="module")
def switched(stacks: StacksThatAreUp, tmp_path_factory: pytest.TempPathFactory) -> Switched:
    directory = tmp_path_factory.mktemp("live-ui")
    project = copy_of_project(directory / "project")
    engine = stacks.copied(STACK, directory / "home", project)
    set_settings(project, STACK, ON)
    return Switched(engine, engine.up(STACK))


def test_switching_it_on_makes_it_and_touches_nothing_else(switched: Switched) -> None:
    assert {each.operation for each in switched.summary.changed} == {"create"}
    made = {(type_of(each.urn), name_of(each.urn)) for each in switched.summary.changed}
    assert {
        ("aws:lb/loadBalancer:LoadBalancer", "live-ui-entrance"),
        ("aws:autoscaling/attachment:Attachment", "live-ui-entrance-system"),
        ("kubernetes:apps/v1:Deployment", "live-ui-analytics"),
    } <= made
