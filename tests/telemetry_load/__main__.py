"""Measure Prometheus at 100,000, 400,000 and 1,000,000 series: `python -m tests.telemetry_load`, about 45 minutes.

The figures go into components/monitoring/cardinality.py by hand, with their date and version.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.telemetry_load.measure import measure

# Targets of 1,000 series, scrapes of each, seconds between them: as fast as two cores take them. A chunk holds up to
# 120 samples, so that fewer scrapes would not show the memory that full ones take.
SIZES = ((100, 150, 3), (400, 130, 6), (1000, 125, 12))


def main(programs: list[str]) -> int:
    """Print a row for each size and program."""
    for program in programs:
        version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
        print((version.stdout or version.stderr).splitlines()[0])
        print(
            "series     samples   resident/series  heap/series  chunk/sample  index/series  WAL/sample  CPU us/sample"
        )
        for targets, scrapes, interval_seconds in SIZES:
            with tempfile.TemporaryDirectory() as directory:
                it = measure(
                    program, Path(directory), targets=targets, scrapes=scrapes, interval_seconds=interval_seconds
                )
            print(
                f"{it.series:9,} {it.samples:11,} {it.resident_bytes_a_series:12,.0f} B "
                f"{it.heap_bytes / it.series:12,.0f} B {it.chunk_bytes_a_sample:10.2f} B "
                f"{it.index_bytes_a_series:10.0f} B {it.write_ahead_log_bytes / it.samples:8.2f} B "
                f"{it.cpu_seconds / it.samples * 1e6:10.2f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    found = sys.argv[1:] or [each for each in (shutil.which("prometheus"),) if each]
    if not found:
        sys.exit("prometheus is not on PATH: install Debian's package, or name its path as an argument")
    sys.exit(main(found))
