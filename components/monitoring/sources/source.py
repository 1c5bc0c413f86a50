"""What a metric source is: its families, how many series each has, and what they grow with."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["cluster", "node", "core", "pod", "container", "driver", "executor"]
UNITS: tuple[Unit, ...] = ("cluster", "node", "core", "pod", "container", "driver", "executor")


@dataclass(frozen=True)
class Family:
    """Metrics that share labels and grow with the same thing.

    Args:
        names: metric names, several after one another; a histogram or summary is told by its `_bucket`, `_sum` and
            `_count`.
        unit: what the number of series grows with.
        series: series of each name for each unit, after the collectors' relabelling.
        labels: labels besides those that the scrape job adds.
    """

    names: str
    unit: Unit
    series: float = 1
    labels: str = ""


@dataclass(frozen=True)
class Source:
    """A program and what it tells, as far as the collectors keep it.

    Args:
        job: the scrape job, or the jobs of the programs that tell the same.
        program: name and version.
        reference: where names and counts come from.
        counted: how the counts came about: `run` on the program itself, `documented`, or `estimated`.
        labels: labels that the scrape job adds to every series.
        families: what is kept.
    """

    job: str
    program: str
    reference: str
    counted: Literal["run", "documented", "estimated"]
    labels: str
    families: tuple[Family, ...]

    def series_a(self, unit: Unit) -> float:
        """Series for each node, pod and so on."""
        return sum(each.series * len(each.names.split()) for each in self.families if each.unit == unit)
