"""A chart as a Helm release.

Leaves out what a chart is given, which the component that installs it decides.

Source: Pulumi registry, kubernetes.helm.v3.Release; Helm documentation, "helm upgrade" and "Use OCI-based registries".
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.charts.chart import OCI, Chart
from components.charts.settings import ChartsSettings

# Images of some hundred MiB, on nodes that may have to come first. Pulumi's default is five minutes.
TIMEOUT_SECONDS = 900
# Each revision is a Secret with the whole chart in it. Without a limit they stay for ever.
REVISIONS = 5

Helm = kubernetes.helm.v3


def release(
    name: str,
    chart: Chart,
    settings: ChartsSettings,
    *,
    namespace: pulumi.Input[str],
    values: Mapping[str, Any],
    opts: pulumi.ResourceOptions,
) -> kubernetes.helm.v3.Release:
    """A release of the chart's own name, which counts as made when everything in it is ready.

    What fails is undone: an installation is taken away and an upgrade rolled back, with what it had made, so that the
    next `up` begins where it was before. Definitions in the chart's directory `crds` come with the first installation.

    Args:
        name: logical name.
        chart: what is installed.
        settings: where it comes from.
        namespace: of the release; as an output of it, the release waits for it.
        values: what the chart is given.
        opts: options of the component that owns it.
    """
    place, repository = chart_place(chart, settings)
    return Helm.Release(
        name,
        name=chart.name,
        chart=place,
        version=chart.version,
        repository_opts=None if repository is None else Helm.RepositoryOptsArgs(repo=repository),
        namespace=namespace,
        values=values,
        atomic=True,
        cleanup_on_fail=True,
        # Else an upgrade that gives no values would keep those of the last one.
        reset_values=True,
        skip_await=False,
        skip_crds=False,
        timeout=TIMEOUT_SECONDS,
        max_history=REVISIONS,
        opts=opts,
    )


def chart_place(chart: Chart, settings: ChartsSettings) -> tuple[str, str | None]:
    """What Helm is told of where a chart is: a reference, path or name, and the URL of the repository of a name.

    Args:
        chart: the chart.
        settings: whether it comes from a mirror.

    Raises:
        ValueError: when a mirror that is a directory lacks the chart.
    """
    source = settings.mirror or chart.source
    if source.startswith(OCI):
        return f"{source.rstrip('/')}/{chart.name}" + (f"@{chart.digest}" if chart.digest else ""), None
    if settings.mirror is None:
        return chart.name, source
    places = [Path(source) / f"{chart.name}-{chart.version}.tgz", Path(source) / chart.name]
    found = next((each for each in places if each.exists()), None)
    if found is None:
        raise ValueError(f"charts.mirror: {source} holds neither {places[0].name} nor {places[1].name}/")
    return str(found), None
