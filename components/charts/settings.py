"""Where one environment gets its charts from."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Field

from components.change import OnChange, in_place
from components.charts.chart import OCI
from components.model import Model, Violation

# Configuration of a run that names a mirror where the stack's settings name none, such as that of a runner which holds
# the charts itself.
MIRROR_KEY = "chart-mirror"


class ChartsSettings(Model):
    """Where charts come from."""

    mirror: Annotated[
        Annotated[str, Field(min_length=2, max_length=500)] | None,
        OnChange(in_place("each release is upgraded to the same chart, from there")),
    ] = None
    """Prefix of an OCI registry, such as oci://222222222222.dkr.ecr.us-east-1.amazonaws.com/charts, or a directory with
    a `<name>-<version>.tgz` or a `<name>/` for each chart; null for the projects' own registries."""

    def rules(self) -> Iterable[Violation]:
        """A mirror is a registry or a directory that is the same from everywhere."""
        mirror = self.mirror
        if mirror is None or (mirror.startswith(OCI) and mirror != OCI) or Path(mirror).is_absolute():
            return
        yield Violation(
            "mirror",
            mirror,
            f"must begin with {OCI}, or be the absolute path of a directory",
            "Helm takes charts from there on the machine that runs Pulumi, whatever directory it runs in",
            "for example oci://registry.internal/charts, or /srv/charts",
        )


def with_mirror(document: str, mirror: str | None) -> str:
    """A stack's settings with the run's own mirror, where they name none.

    Args:
        document: the settings as JSON.
        mirror: what the run's configuration names.
    """
    if mirror is None:
        return document
    try:
        tree: object = json.loads(document)
    except ValueError:
        # Whoever loads the settings says so.
        return document
    if not isinstance(tree, dict):
        return document
    settings = cast(dict[str, Any], tree)
    charts: object = settings.get("charts") or {}
    if not isinstance(charts, dict) or cast(dict[str, Any], charts).get("mirror") is not None:
        return document
    return json.dumps({**settings, "charts": {**cast(dict[str, Any], charts), "mirror": mirror}})
