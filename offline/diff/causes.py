"""Which of several settings a resource changes for: the program is asked again with each of them as it was.

A resource that comes out otherwise then, changes because of that setting; one that no setting moves changes because of
the program. Settings that only go together, so that one of them alone is refused, are told as one cause. Leaves out
resources that change for nothing but another resource's output, whose value the emulation does not know: none do.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from components.rules.changes import FieldChange
from offline.errors import OfflineError
from offline.project import REMOVED

# Each of them takes a run of the program.
MOST_SETTINGS = 8
PROGRAM = "the program"

Made = Mapping[str, Mapping[str, Any]]
# What the program makes with some settings as they were, by their paths.
Ask = Callable[[Mapping[str, Any]], Made]


def causes_of(
    settings: Sequence[FieldChange], before: Mapping[str, Any], made: Made, *, program_differs: bool, ask: Ask
) -> dict[str, tuple[str, ...]]:
    """Paths of settings, or `PROGRAM`, by the URN of each resource that changes for them; empty where too many differ.

    Args:
        settings: those that differ.
        before: all of them as they were.
        made: what the program makes with all of them as they will be.
        program_differs: whether anything else than settings does.
        ask: runs the program.
    """
    if len(settings) > MOST_SETTINGS:
        return {}
    if len(settings) + program_differs < 2:
        cause = (settings[0].path if settings else PROGRAM,)
        return dict.fromkeys(made, cause)
    found: dict[str, tuple[str, ...]] = {}
    together: list[str] = []
    for each in settings:
        try:
            without = ask({each.path.replace(".", "/"): _as_it_was(before, each.path)})
        except OfflineError:
            together.append(each.path)
            continue
        for urn in moved(made, without):
            found[urn] = (*found.get(urn, ()), each.path)
    left = tuple(together) or ((PROGRAM,) if program_differs else ())
    return {urn: found.get(urn, left) for urn in {*made, *found}}


def moved(made: Made, without: Made) -> set[str]:
    """URNs of resources that are in one of two results alone, or come out otherwise."""
    return {
        urn
        for urn in {*made, *without}
        if urn not in made or urn not in without or made[urn].get("inputs") != without[urn].get("inputs")
    }


def _as_it_was(before: Mapping[str, Any], path: str) -> Any:
    value: Any = before
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return REMOVED
        value = value[key]
    return value
