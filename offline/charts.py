"""Charts without a registry: those that lie in the sources of their projects' Go modules, as a mirror.

The mirror is a directory with a directory for each chart, kept in the user's cache. What a project's release script
writes into a chart before it publishes it is written here too, but for the digest of an image, which only a registry
knows.

Source: aws/karpenter-provider-aws, hack/release/common.sh, functions build and publishHelmChart. The Spark Operator's
chart stands in its repository as it is published.
"""

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from offline.errors import MissingToolError
from offline.go_build import MODULES, module_source, source_digest, sources_of
from offline.progress import Say
from offline.tool_cache import alone, cache_directory

MODULE = MODULES / "charts"

_RECIPE = "1"


@dataclass(frozen=True)
class CarriedChart:
    """A chart in a module's sources.

    Args:
        name: of the chart.
        module: import path.
        directory: of the chart in the sources.
        written: by file, what a release writes into it: a pattern of whole lines to what stands there instead, with
            `{version}` for the module's.
    """

    name: str
    module: str
    directory: str
    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])


_KARPENTER = "github.com/aws/karpenter-provider-aws"
_OF_RELEASE = {r"version: \S+": "version: {version}", r"appVersion: \S+": "appVersion: {version}"}
CHARTS = (
    CarriedChart("spark-operator", "github.com/kubeflow/spark-operator/v2", "charts/spark-operator-chart"),
    CarriedChart(
        "karpenter",
        _KARPENTER,
        "charts/karpenter",
        {
            "Chart.yaml": _OF_RELEASE,
            "values.yaml": {r"    tag: \S+": "    tag: {version}", r"    digest: sha256:\w+": '    digest: ""'},
        },
    ),
    CarriedChart("karpenter-crd", _KARPENTER, "charts/karpenter-crd", {"Chart.yaml": _OF_RELEASE}),
)


def find_charts(report: Say) -> Path:
    """The mirror; made where the cache holds none.

    Args:
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no Go, or a module can't be had.
    """
    words = [word for chart in CHARTS for word in (chart.name, chart.directory, str(chart.written))]
    place = cache_directory() / f"charts-{source_digest(sources_of(MODULE), _RECIPE, *words)}"
    if not place.is_dir():
        with alone("the charts", report):
            if not place.is_dir():
                _make(place, report)
    return place


def _make(place: Path, report: Say) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        made = Path(scratch) / "made"
        for chart in CHARTS:
            source = module_source(MODULE, chart.module, place.parent, report)
            shutil.copytree(source / chart.directory, made / chart.name, copy_function=shutil.copyfile)
            for directory in (made / chart.name, *(made / chart.name).rglob("*")):
                if directory.is_dir():
                    # The module cache is read-only, and so would the copy be.
                    directory.chmod(0o755)
            for file, lines in chart.written.items():
                _write(made / chart.name / file, lines, pinned_version(chart.module))
        made.rename(place)


def pinned_version(module: str) -> str:
    """Version of a module among the pins, without its v.

    Raises:
        MissingToolError: when it is not pinned.
    """
    pin = re.search(rf"^\s*{re.escape(module)} v(\S+)$", (MODULE / "go.mod").read_text(), re.MULTILINE)
    if pin is None:
        raise MissingToolError(f"{MODULE / 'go.mod'} pins no {module}")
    return pin[1]


def _write(file: Path, lines: Mapping[str, str], version: str) -> None:
    text = file.read_text()
    for pattern, line in lines.items():
        text, count = re.subn(f"^{pattern}$", line.format(version=version), text, flags=re.MULTILINE)
        if count != 1:
            raise MissingToolError(f"{file.name} of chart {file.parent.name} holds {pattern!r} {count} times, not once")
    file.write_text(text)
