"""No garbage is collected while a run lasts, nor right after it, but before it grows without end."""

import gc
import weakref

import pytest

from offline import garbage
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from offline.garbage import uncollected
from tests.offline.sample import Sample

PROGRAM = """
import gc

pulumi.export("collects", gc.isenabled())
"""


class Cycle:
    """An object that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often everything was looked through, from a beginning at which nothing is left over."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    monkeypatch.setattr(garbage, "_aside", garbage._Aside(in_use=gc.get_freeze_count()))
    looked: list[int] = []
    collect = gc.collect

    def counted() -> int:
        looked.append(collect())
        return looked[-1]

    # The interpreter looks through everything at times of its own, which does not count.
    monkeypatch.setattr(gc, "collect", counted)
    return looked


def test_a_program_runs_without_the_collector_which_goes_on_afterwards(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(PROGRAM)
    assert engine.up("dev").outputs == {"collects": False}
    assert gc.isenabled()
    sample.program("raise ValueError('no')")
    with pytest.raises(OfflineError):
        engine.up("dev")
    assert gc.isenabled()


def test_what_a_run_leaves_is_looked_through_once_several_runs_have_left_some(
    looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "MOST_OBJECTS", 25_000)
    left: list[weakref.ref[Cycle]] = []
    for run in range(1, 7):
        with uncollected():
            cycles = [Cycle() for _ in range(10_000)]
            left.append(weakref.ref(cycles[0]))
            del cycles
        # The third and the sixth come to more than is left alone.
        assert len(looks) == run // 3
        assert [each() is None for each in left] == [number < run // 3 * 3 for number in range(run)]


def test_a_process_that_holds_much_looks_no_more_often(looks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "MOST_OBJECTS", 25_000)
    held: list[list[Cycle]] = []
    for _ in range(6):
        with uncollected():
            held.append([Cycle() for _ in range(10_000)])
    assert len(looks) == 2


def test_who_collects_no_garbage_anyway_is_left_alone(looks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "MOST_OBJECTS", 0)
    gc.disable()
    try:
        with uncollected():
            Cycle()
        assert not gc.isenabled()
    finally:
        gc.enable()
    assert looks == []
