"""What `python -m tests.telemetry_load` showed, for the model to be held against.

Prometheus 2.42.0 as Debian builds it, amd64, two cores that others kept busy, 2026-11-23.
"""

from tests.telemetry_load.measure import Measurement

MEASURED = (
    Measurement(
        series=100_500,
        samples=15_002_640,
        resident_bytes=468_732_000,
        heap_bytes=362_905_500,
        chunk_bytes=53_709_451,
        index_bytes=10_351_500,
        write_ahead_log_bytes=117_170_618,
        cpu_seconds=29.4,
    ),
    Measurement(
        series=402_000,
        samples=52_027_855,
        resident_bytes=1_727_983_616,
        heap_bytes=1_564_442_624,
        chunk_bytes=220_972_500,
        index_bytes=36_089_436,
        write_ahead_log_bytes=427_629_985,
        cpu_seconds=113.21,
    ),
)

# Series, samples and resident bytes at the third size. Five scrapes in a hundred failed there on a busy machine, which
# the measurement refuses to report; memory was read all the same, and nothing was written to disk.
LARGEST = (1_005_000, 122_767_490, 4_664_451_072)


def row(measured: Measurement) -> str:
    """A measurement as a row of the table in docs/metrics-cost.md."""
    cells = (
        f"{measured.series:,}",
        f"{measured.samples / measured.series:,.0f}",
        f"{measured.resident_bytes_a_series:,.0f} B",
        f"{measured.chunk_bytes_a_sample:.2f} B",
        f"{measured.index_bytes_a_series:.0f} B",
        f"{measured.write_ahead_log_bytes / measured.samples:.1f} B",
        f"{measured.cpu_seconds / measured.samples * 1e6:.1f} us",
    )
    return f"| {' | '.join(cells)} |"
