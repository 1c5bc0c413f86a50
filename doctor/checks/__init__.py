"""Every check, in the order in which it is made: areas, and in each the checks of its module."""

from collections.abc import Mapping

from doctor.check import Check
from doctor.checks import api, backend, beforehand, identity, names, quotas, roles, settings, tools, versions, zones

AREAS: Mapping[str, tuple[Check, ...]] = {
    "settings": settings.CHECKS,
    "machine": tools.CHECKS,
    "identity": identity.CHECKS,
    "backend": backend.CHECKS,
    "zones": zones.CHECKS,
    "versions": versions.CHECKS,
    "quotas": quotas.CHECKS,
    "roles": roles.CHECKS,
    "names": names.CHECKS,
    "beforehand": beforehand.CHECKS,
    "api": api.CHECKS,
}
CHECKS: tuple[Check, ...] = tuple(each for checks in AREAS.values() for each in checks)
CALLS: tuple[str, ...] = tuple(sorted({call for each in CHECKS for call in each.calls}))
