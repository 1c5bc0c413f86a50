"""Until when Amazon EKS supports each minor version of Kubernetes at the standard price.

Source: Amazon EKS user guide, "Kubernetes release calendar", end of standard support, read in November 2026.
Leaves out extended support, which this platform does not buy.
"""

from datetime import date

END_OF_STANDARD_SUPPORT = {
    "1.33": date(2026, 7, 29),
    "1.34": date(2026, 12, 2),
    "1.35": date(2027, 3, 27),
}


def standard_support_problem(version: str, today: date) -> str | None:
    """Why a version should not be run today, or None when it is in standard support.

    Args:
        version: minor version such as 1.35.
        today: the date to judge by.
    """
    end = END_OF_STANDARD_SUPPORT.get(version)
    if end is None:
        return f"Kubernetes {version} is not in the support calendar"
    if today > end:
        return f"standard support of Kubernetes {version} ended on {end.isoformat()}"
    return None


def is_newer_than_calendar(version: str) -> bool:
    """Whether a minor version came after the last one that the calendar has."""
    return minor_version(version) > max(map(minor_version, END_OF_STANDARD_SUPPORT))


def minor_version(text: str) -> int:
    """The minor version in 1.35 or 1.35.7-20260827."""
    return int(text.split(".")[1])
