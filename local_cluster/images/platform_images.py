"""Images of the platform's own programs, each laid out as the one that it stands in for.

Sources: the Dockerfiles of prometheus/prometheus, prometheus/alertmanager,
open-telemetry/opentelemetry-collector-releases, open-telemetry/opentelemetry-operator (cmd/otel-allocator),
apache/yunikorn-k8shim (docker) and aws/aws-for-fluent-bit.
"""

from pathlib import Path

from components.images.table import YUNIKORN_ADMISSION, YUNIKORN_SCHEDULER
from components.monitoring.workloads import NOBODY
from components.scheduler.workloads import USER as YUNIKORN_USER
from local_cluster.images.oci import Defaults, OciImage, image
from local_cluster.images.program_layer import program_layer
from local_cluster.images.programs.alertmanager import ALERTMANAGER
from local_cluster.images.programs.collector import COLLECTOR, PROGRAM
from local_cluster.images.programs.prometheus import DEPLOYED_PROMETHEUS
from local_cluster.images.programs.target_allocator import PROGRAM as ALLOCATOR
from local_cluster.images.programs.target_allocator import TARGET_ALLOCATOR
from local_cluster.images.programs.yunikorn import PROGRAMS as YUNIKORN_PROGRAMS
from local_cluster.images.programs.yunikorn import YUNIKORN
from local_cluster.programs.project import find
from offline.errors import MissingToolError
from offline.progress import Say

_COLLECTOR_USER = 10001
_ALLOCATOR_USER = 65532
_FLUENT_BIT = "fluent-bit/bin/fluent-bit"


def prometheus_image(reference: str, report: Say) -> OciImage:
    """Prometheus with promtool."""
    found = find([DEPLOYED_PROMETHEUS], report)
    files = {f"bin/{name}": path for name, path in found.items()}
    layer = program_layer("prometheus", files, report, directories={"prometheus": NOBODY})
    defaults = Defaults(
        entrypoint=["/bin/prometheus"],
        command=["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
        user=str(NOBODY),
        directory="/prometheus",
    )
    return image(reference, [layer], defaults)


def alertmanager_image(reference: str, report: Say) -> OciImage:
    """Alertmanager with amtool."""
    found = find([ALERTMANAGER], report)
    files = {f"bin/{name}": path for name, path in found.items()}
    layer = program_layer("alertmanager", files, report, directories={"alertmanager": NOBODY})
    defaults = Defaults(
        entrypoint=["/bin/alertmanager"],
        command=["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"],
        user=str(NOBODY),
        directory="/alertmanager",
    )
    return image(reference, [layer], defaults)


def collector_image(reference: str, report: Say) -> OciImage:
    """The collector, with the components that the project's files name if it was built here."""
    layer = program_layer("collector", {PROGRAM: find([COLLECTOR], report)[PROGRAM]}, report)
    defaults = Defaults(
        entrypoint=[f"/{PROGRAM}"],
        command=["--config", "/etc/otelcol-contrib/config.yaml"],
        user=str(_COLLECTOR_USER),
    )
    return image(reference, [layer], defaults)


def target_allocator_image(reference: str, report: Say) -> OciImage:
    """The target allocator, of the version whose sources can be had."""
    layer = program_layer("target-allocator", {"main": find([TARGET_ALLOCATOR], report)[ALLOCATOR]}, report)
    return image(reference, [layer], Defaults(entrypoint=["/main"], user=str(_ALLOCATOR_USER)))


def yunikorn_image(reference: str, report: Say) -> OciImage:
    """The scheduler or the admission controller, as the tag or the digest says.

    Raises:
        MissingToolError: when it says neither, or the programs can't be built.
    """
    kinds = [
        each.tag.partition("-")[0]
        for each in (YUNIKORN_SCHEDULER, YUNIKORN_ADMISSION)
        if reference.endswith((f":{each.tag}", f"@{each.digest}"))
    ]
    if not kinds:
        raise MissingToolError(f"{reference} has no tag or digest that says which of YuniKorn's programs it is")
    program, _ = YUNIKORN_PROGRAMS[kinds[0]]
    layer = program_layer(program, {program: find([YUNIKORN], report)[program]}, report)
    return image(reference, [layer], Defaults(entrypoint=[f"/{program}"], user=str(YUNIKORN_USER)))


def fluent_bit_image(reference: str, program: Path, report: Say) -> OciImage:
    """The agent, from a program that the user gives.

    Args:
        reference: the name that the image gets.
        program: a `fluent-bit` that runs on this machine.
        report: where signs of life go.
    """
    layer = program_layer("fluent-bit", {_FLUENT_BIT: program.resolve()}, report)
    return image(reference, [layer], Defaults(entrypoint=[f"/{_FLUENT_BIT}"]))
