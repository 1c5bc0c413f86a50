"""Production's resources, and a control plane that has its nodes."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from offline.providers.resource import Resource
from tests.checks.conftest import production
from tests.local_cluster.comparison.control_plane import real_kubernetes
from tests.local_cluster.comparison.real_kubernetes import RealKubernetes

__all__ = ["kubernetes", "production"]


@pytest.fixture(scope="session")
def kubernetes(production: tuple[Resource, ...]) -> Iterator[RealKubernetes]:
    """One control plane for all comparisons."""
    directory = Path(tempfile.mkdtemp(prefix="moka-"))
    try:
        with real_kubernetes(production, directory) as asked:
            yield asked
    finally:
        shutil.rmtree(directory, ignore_errors=True)
