"""The production stack's resources, as the judges see them in a preview."""

import pytest

from components.settings import STACKS
from offline.engine import OfflineEngine
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Resource
from tests.checks.installed import installed_stack
from tests.checks.listener import Listener


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
def standing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Resource, ...]:
    """Every AWS resource of the test stack."""
    engine = OfflineEngine(STACKS.parent, tmp_path_factory.mktemp("standing"), judges=lambda: ())
    engine.up("test")
    nothing = Resource(urn="urn:pulumi:test::moka::none::none", inputs={})
    return Inventory.of(engine.export("test")).others(nothing)
