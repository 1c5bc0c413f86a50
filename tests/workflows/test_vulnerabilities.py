"""What may be vulnerable for a while says why, and until when."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

FILE = Path(__file__).parents[2] / "images" / "vulnerabilities.yaml"
LONGEST_DAYS = 90
KNOWN = {"id", "purls", "paths", "statement", "expired_at"}


def problems(entries: Iterable[Mapping[str, Any]], today: date) -> list[str]:
    """What is wrong with exceptions.

    Args:
        entries: as Trivy reads them.
        today: the day from which their time is counted.
    """
    found: list[str] = []
    for entry in entries:
        name, until = entry.get("id", entry), entry.get("expired_at")
        if unknown := set(entry) - KNOWN:
            found.append(f"{name} has {', '.join(sorted(unknown))}, which Trivy does not read")
        if not str(entry.get("statement", "")).strip():
            found.append(f"{name} has no statement: say why it can wait")
        if not isinstance(until, date) or until > today + timedelta(days=LONGEST_DAYS):
            found.append(f"{name} has expired_at {until}: name a day within {LONGEST_DAYS} days")
    return found


def test_every_exception_says_why_and_ends() -> None:
    assert problems(yaml.safe_load(FILE.read_text())["vulnerabilities"], datetime.now(UTC).date()) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"statement": "later"}, "expired_at None"),
        ({"statement": "later", "expired_at": date(2027, 6, 1)}, "within 90 days"),
        ({"expired_at": date(2026, 12, 31)}, "has no statement"),
        ({"statement": "later", "expired_at": date(2026, 12, 31), "until": "x"}, "until, which Trivy does not read"),
    ],
)
def test_an_exception_without_reason_or_end_is_refused(entry: dict[str, Any], said: str) -> None:
    (found,) = problems([{"id": "CVE-2026-00000", **entry}], date(2026, 12, 1))
    assert said in found


def test_the_example_in_the_file_is_one_that_passes() -> None:
    lines = FILE.read_text().splitlines()
    example = "\n".join(line.removeprefix("#") for line in lines if line.startswith("#  "))
    (entry,) = yaml.safe_load(example)
    assert problems([entry], date(2026, 12, 1)) == []
