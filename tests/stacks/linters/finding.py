"""What a linter reports, and what of it is accepted."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Finding:
    """One thing that a linter reports of one object.

    Args:
        stack: where it was found.
        check: the linter, its id of the check and its own words, such as "checkov CKV_K8S_11: CPU limits should be
            set".
        place: the object as kind/namespace/name or type/logical id; a container of it by one more /name.
    """

    stack: str
    check: str
    place: str


@dataclass(frozen=True)
class Accepted:
    """Findings that stay.

    Args:
        checks: as of `Finding`; each reports each of the places in some stack.
        places: of objects, which stand for their containers too, or of containers; with wildcards.
        reason: why they stay.
        stacks: where they may be found; without any, in each.
    """

    checks: tuple[str, ...]
    places: tuple[str, ...]
    reason: str
    stacks: tuple[str, ...] = ()

    def covers(self, finding: Finding) -> bool:
        """Whether it is about a finding."""
        here = not self.stacks or finding.stack in self.stacks
        return here and finding.check in self.checks and any(_is_at(place, finding) for place in self.places)

    def stale(self, findings: Iterable[Finding]) -> list[tuple[str, str]]:
        """Its checks with the places of which none of them is reported any more."""
        found = list(findings)
        return [
            (check, place)
            for check in self.checks
            for place in self.places
            if not any(each.check == check and _is_at(place, each) for each in found)
        ]


def _is_at(place: str, finding: Finding) -> bool:
    return fnmatchcase(finding.place, place) or fnmatchcase(finding.place, f"{place}/*")
