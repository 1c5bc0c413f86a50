"""The production stack's resources, as the judges see them in a preview."""

import pytest

from components.settings import STACKS
from offline.engine import OfflineEngine
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Resource
from tests.checks.installed import installed_stack
from tests.checks.listener import Listener
from tests.components.spark_ui.ui_environment import written
from tests.stack_files import settings_tree
from tests.stacks.project_copy import copy_of_project, set_settings


@pytest.fixture(scope="session")
def production(tmp_path_factory: pytest.TempPathFactory) -> tuple[Resource, ...]:
    """Every resource that a first preview of production shows the judges."""
    listener = Listener()
    home = tmp_path_factory.mktemp("checks")
    OfflineEngine(STACKS.parent, home, judges=lambda: (listener,)).preview("production")
    return listener.resources


@pytest.fixture(scope="session")
def installed() -> tuple[Resource, ...]:
    """A small stack with releases, and with custom resources of the kinds that these bring."""
    return installed_stack()


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Resource, ...]:
    """The same at the end of an update."""
    listener = Listener()
    home = tmp_path_factory.mktemp("deployed")
    OfflineEngine(STACKS.parent, home, judges=lambda: (listener,)).up("production")
    return listener.resources


@pytest.fixture(scope="session")
def up_with_live_ui(tmp_path_factory: pytest.TempPathFactory) -> tuple[OfflineEngine, Listener]:
    """The test stack, up with what no stack file switches on, and who listened."""
    directory, listener = tmp_path_factory.mktemp("standing"), Listener()
    project = copy_of_project(directory / "project")
    set_settings(project, "test", {"spark/live_ui": written(settings_tree("test")["account_id"])})
    engine = OfflineEngine(project, directory / "home", judges=lambda: (listener,))
    engine.up("test")
    return engine, listener


@pytest.fixture(scope="session")
def with_live_ui(up_with_live_ui: tuple[OfflineEngine, Listener]) -> tuple[Resource, ...]:
    """Every resource of the test stack with the live Spark UI, at the end of an update."""
    return up_with_live_ui[1].resources


@pytest.fixture(scope="session")
def standing(up_with_live_ui: tuple[OfflineEngine, Listener]) -> tuple[Resource, ...]:
    """Every AWS resource of the same."""
    nothing = Resource(urn="urn:pulumi:test::moka::none::none", inputs={})
    return Inventory.of(up_with_live_ui[0].export("test")).others(nothing)
