"""What the tests of the offline cloud share."""

from pathlib import Path

import pytest

from offline.engine import OfflineEngine
from tests.offline.sample import Sample, sample_in


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """A project with an empty program."""
    return sample_in(tmp_path / "project")


@pytest.fixture
def engine(sample: Sample, tmp_path: Path) -> OfflineEngine:
    """An engine for it, with a state of its own."""
    return OfflineEngine(sample.root, tmp_path / "home")
