"""The load that Prometheus is measured with, the model against what was measured, and a small measurement."""

from pathlib import Path

import pytest

from components.monitoring.cardinality import (
    BASE_BYTES,
    BYTES_A_SERIES,
    CHUNK_BYTES_A_SAMPLE,
    INDEX_BYTES_A_SERIES,
    LOG_BYTES_A_SAMPLE,
)
from components.settings import STACKS
from tests.telemetry_load.measure import Measurement, measure
from tests.telemetry_load.measured import LARGEST, MEASURED, row
from tests.telemetry_load.targets import SERIES_PER_TARGET, Target

# What Prometheus adds to every target: up, and four figures on the scrape.
SYNTHETIC = 5


@pytest.mark.parametrize("measured", MEASURED, ids=lambda each: f"{each.series:,}")
def test_the_model_is_above_what_was_measured_and_not_far(measured: Measurement) -> None:
    modelled = BASE_BYTES + measured.series * BYTES_A_SERIES
    assert measured.resident_bytes <= modelled <= 1.35 * measured.resident_bytes
    assert measured.chunk_bytes_a_sample <= CHUNK_BYTES_A_SAMPLE <= 1.35 * measured.chunk_bytes_a_sample
    assert measured.index_bytes_a_series <= INDEX_BYTES_A_SERIES <= 1.35 * measured.index_bytes_a_series
    assert measured.write_ahead_log_bytes <= LOG_BYTES_A_SAMPLE * measured.samples


def test_the_model_is_above_the_memory_of_a_million_series_and_not_far() -> None:
    series, _, resident_bytes = LARGEST
    assert resident_bytes <= BASE_BYTES + series * BYTES_A_SERIES <= 1.35 * resident_bytes


def test_the_document_has_what_was_measured() -> None:
    document = (STACKS.parent / "docs" / "metrics-cost.md").read_text()
    for measured in MEASURED:
        assert row(measured) in document
    series, samples, resident_bytes = LARGEST
    assert f"| {series:,} | {samples / series:,.0f} | {resident_bytes / series:,.0f} B | | | | |" in document


def test_a_target_has_its_number_of_series_and_no_two_alike() -> None:
    lines = Target(1).exposition().decode().splitlines()
    names = [line.rpartition(" ")[0] for line in lines]
    assert len(names) == len(set(names)) == SERIES_PER_TARGET


def test_pods_of_two_targets_share_no_series() -> None:
    pods = [
        {line.rpartition(" ")[0] for line in Target(index).exposition().decode().splitlines() if "pod=" in line}
        for index in (1, 2)
    ]
    assert not pods[0] & pods[1]


def test_some_values_stay_and_others_move() -> None:
    target = Target(1)
    first, second = (target.exposition().decode().splitlines() for _ in range(2))
    moved = sum(left != right for left, right in zip(first, second, strict=True))
    assert SERIES_PER_TARGET / 2 < moved < SERIES_PER_TARGET * 3 / 4


def test_a_real_prometheus_holds_every_series_of_a_small_load(prometheus: Path, tmp_path: Path) -> None:
    measured = measure(str(prometheus), tmp_path, targets=3, scrapes=3, interval_seconds=2)
    assert measured.series == 3 * (SERIES_PER_TARGET + SYNTHETIC)
    assert measured.samples >= 3 * 3 * SERIES_PER_TARGET
    assert measured.resident_bytes > measured.series * BYTES_A_SERIES / 2
    assert measured.chunk_bytes > 0
    assert measured.index_bytes > measured.series * 10
