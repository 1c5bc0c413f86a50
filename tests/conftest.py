"""The order of the tests, and the programs that many of them ask for."""

import pytest

pytest_plugins = ["tests.programs.fixtures"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest files first: each runs in one process, and none should still run alone when all others are done."""
    slow = ("tests/stacks/", "tests/offline/")
    items.sort(key=lambda item: not item.nodeid.startswith(slow))
