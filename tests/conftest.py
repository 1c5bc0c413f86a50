"""The order of the tests, the programs that many of them ask for, and how patient property tests are."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.programs.fixtures"]

# A busy machine is no mistake.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest files first: each runs in one process, and none should still run alone when all others are done."""
    slow = (
        "tests/local_cluster/drills/test_real_stack.py",
        "tests/local_cluster/drills/",
        "tests/stacks/test_real_engine.py",
        "tests/stacks/",
        "tests/checks/test_planted",
        "tests/offline/",
    )
    items.sort(key=lambda item: next((rank for rank, start in enumerate(slow) if item.nodeid.startswith(start)), 9))
