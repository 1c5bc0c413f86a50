"""No garbage is collected while a run lasts, and again afterwards, however the run ends."""

import gc

import pytest

from offline.engine import OfflineEngine
from offline.errors import OfflineError
from tests.offline.sample import Sample

PROGRAM = """
import gc

pulumi.export("collects", gc.isenabled())
"""


def test_a_program_runs_without_the_collector_which_goes_on_afterwards(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(PROGRAM)
    assert engine.up("dev").outputs == {"collects": False}
    assert gc.isenabled()
    sample.program("raise ValueError('no')")
    with pytest.raises(OfflineError):
        engine.up("dev")
    assert gc.isenabled()
