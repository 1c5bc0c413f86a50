"""The programs as tests ask for them; one that can't be had fails the test and says what was tried."""

from pathlib import Path

import pytest

from local_cluster.images.programs.alertmanager import ALERTMANAGER
from local_cluster.images.programs.collector import COLLECTOR, PROGRAM
from local_cluster.images.programs.prometheus import PROMETHEUS
from local_cluster.programs.project import find
from offline.progress import say
from tests.programs.log4j import Log4j, find_log4j


@pytest.fixture(scope="session")
def promtool() -> Path:
    """Prometheus' checker of configurations and rules."""
    return find([PROMETHEUS], say)["promtool"]


@pytest.fixture(scope="session")
def prometheus() -> Path:
    """The Prometheus server."""
    return find([PROMETHEUS], say)["prometheus"]


@pytest.fixture(scope="session")
def amtool() -> Path:
    """Alertmanager's checker of configurations."""
    return find([ALERTMANAGER], say)["amtool"]


@pytest.fixture(scope="session")
def alertmanager() -> Path:
    """The Alertmanager server."""
    return find([ALERTMANAGER], say)["alertmanager"]


@pytest.fixture(scope="session")
def collector() -> Path:
    """The OpenTelemetry Collector."""
    return find([COLLECTOR], say)[PROGRAM]


@pytest.fixture(scope="session")
def log4j() -> Log4j:
    """Log4j of Spark's image, and Java."""
    return find_log4j(say)
