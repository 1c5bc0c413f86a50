"""One number that an environment comes to, before a change and after it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number that differs.

    Args:
        name: what it counts.
        unit: of both values; empty for a count.
        before: its value, rounded to a whole one.
        after: the same.
        note: what the number rests on; empty where it needs none.
    """

    name: str
    unit: str
    before: int
    after: int
    note: str = ""

    def __str__(self) -> str:
        unit, note = (f" {self.unit}" if self.unit else ""), (f" ({self.note})" if self.note else "")
        return f"{self.name}: {self.before:,} -> {self.after:,}{unit}, {self.after - self.before:+,}{note}"
