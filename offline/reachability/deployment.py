"""The resources of a stack that is up, in a state or in one that is thrown away, with what its releases bring."""

from collections.abc import Mapping
from typing import Any

from offline.checks.judges import releases_judge, with_what_they_bring
from offline.progress import Say
from offline.providers.resource import Resource


def resources_of(deployment: Mapping[str, Any], report: Say) -> list[Resource]:
    """All resources of a deployment, with their ids.

    Args:
        deployment: as `pulumi stack export` has it.
        report: told where a program has to be built.
    """
    with releases_judge(report) as releases:
        return with_what_they_bring(made_in(deployment), [releases])


def made_in(deployment: Mapping[str, Any]) -> list[Resource]:
    """Resources of a deployment, with their ids, without what releases bring."""
    return [
        Resource(each["urn"], each["inputs"], identifier=str(each.get("id", "")), outputs=each.get("outputs", {}))
        for each in deployment["resources"]
        if each.get("custom") and "inputs" in each
    ]
