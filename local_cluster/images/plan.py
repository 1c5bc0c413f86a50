"""Says for every image of a stack how a real node gets it, and which can't be had."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from components.images.image import registry_of, repository_of
from components.images.table import (
    ALERTMANAGER,
    COLLECTOR,
    FLUENT_BIT,
    HISTORY_SERVER,
    IMAGES,
    PAUSE,
    PROMETHEUS,
    PYTHON,
    SPARK,
    SPARK_OPERATOR_CONTROLLER,
    TARGET_ALLOCATOR,
    YUNIKORN_SCHEDULER,
)
from local_cluster.images import registry
from local_cluster.images.oci import OciImage
from local_cluster.images.pause import pause_image
from local_cluster.images.platform_images import (
    alertmanager_image,
    collector_image,
    fluent_bit_image,
    prometheus_image,
    target_allocator_image,
    yunikorn_image,
)
from local_cluster.images.programs.target_allocator import VERSION as ALLOCATOR_VERSION
from local_cluster.images.python_image import python_image
from local_cluster.images.spark import history_image, operator_image, spark_image
from local_cluster.nodes.real.containerd import PAUSE as SANDBOX
from offline.errors import MissingToolError
from offline.go_build import passing_cache
from offline.progress import Say

Source = Literal["present", "pulled", "built", "missing"]
Builder = Callable[[str, Say], OciImage]

_TABLE = tuple(each.repository for each in IMAGES)

# What a person who looks at what runs should know of an image that is built here.
DIFFERENCES: Mapping[str, str] = {
    COLLECTOR.repository: "with the components that the project's files name",
    TARGET_ALLOCATOR.repository: f"version {ALLOCATOR_VERSION}",
    PROMETHEUS.repository: "without its web page",
    ALERTMANAGER.repository: "without its web page",
    PYTHON.repository: "Debian's Python with the AWS SDK",
    SPARK.repository: "with this machine's Debian, Java 17",
    HISTORY_SERVER.repository: "with this machine's Debian, Java 17",
    SPARK_OPERATOR_CONTROLLER.repository: (
        f"with Spark {SPARK.tag.partition('-')[0]}, and without its entry point's user for a foreign id"
    ),
}


@dataclass(frozen=True)
class PlannedImage:
    """One image.

    Args:
        reference: as manifests say it.
        source: where it comes from.
        reason: why it can't be had, or what is different in one that is built.
        image: what is to be imported, unless it is present or missing.
    """

    reference: str
    source: Source
    reason: str = ""
    image: OciImage | None = None


def builders(*, spark: Iterable[str] = (), fluent_bit: Path | None = None) -> dict[str, Builder]:
    """What can be built here, by the name of its repository as the table of images has it.

    Args:
        spark: images of applications.
        fluent_bit: program that becomes the log agent's image.
    """
    known: dict[str, Builder] = {
        repository_of(SANDBOX): pause_image,
        COLLECTOR.repository: collector_image,
        TARGET_ALLOCATOR.repository: target_allocator_image,
        PROMETHEUS.repository: prometheus_image,
        ALERTMANAGER.repository: alertmanager_image,
        PYTHON.repository: python_image,
        SPARK.repository: spark_image,
        HISTORY_SERVER.repository: history_image,
        YUNIKORN_SCHEDULER.repository: yunikorn_image,
        PAUSE.repository: pause_image,
        SPARK_OPERATOR_CONTROLLER.repository: operator_image,
    }
    known |= {repository_of(reference): spark_image for reference in spark}
    if fluent_bit is not None:
        known[FLUENT_BIT.repository] = partial(_fluent_bit, fluent_bit)
    return known


def plan(
    references: Iterable[str],
    known: Mapping[str, Builder],
    report: Say,
    *,
    present: Iterable[str] = (),
    answers: Callable[[str], bool] = registry.answers,
    pull: Builder = registry.pull,
) -> list[PlannedImage]:
    """Pull or build what is not there yet; each registry is asked once whether it answers.

    Args:
        references: images, as manifests say them.
        known: what can be built, by repository.
        report: where signs of life go.
        present: names that a node has already.
        answers: whether a registry answers.
        pull: gets an image from a registry that does.
    """
    wanted = sorted(set(references))
    there = set(present)
    # What is built here may have changed since; what was pulled has not.
    asked = [each for each in wanted if name_on_node(each) not in there or builder_of(each, known) is not None]
    hosts = sorted({registry_of(each) for each in asked})
    with ThreadPoolExecutor() as pool:
        reachable = dict(zip(hosts, pool.map(answers, hosts), strict=True))

    def planned(reference: str) -> PlannedImage:
        builder, is_there = builder_of(reference, known), name_on_node(reference) in there
        answered = reachable.get(registry_of(reference), False)
        if is_there and (builder is None or answered):
            return PlannedImage(reference, "present")
        ways: list[tuple[Source, Builder]] = [("pulled", pull)] if answered else []
        if builder is not None:
            ways.append(("built", builder))
        return _first(reference, ways, report)

    # Programs of images have much in common, and compile it once.
    with passing_cache():
        return [planned(each) for each in wanted]


def builder_of(reference: str, known: Mapping[str, Builder]) -> Builder | None:
    """Who builds an image here, if anybody does."""
    return known.get(name_in_table(reference))


def name_in_table(reference: str) -> str:
    """An image's repository without the registry, or the mirror, that keeps it under its own name."""
    name = repository_of(reference)
    return next((each for each in _TABLE if name.endswith(f"/{each}")), name)


def name_on_node(reference: str) -> str:
    """The name that the kubelet asks containerd for: a digest goes before a tag."""
    name, at, digest = reference.partition("@")
    return f"{repository_of(name)}@{digest}" if at else name


def summary(planned: Iterable[PlannedImage]) -> list[str]:
    """One line an image, for people."""
    return [f"{each.reference}: {each.source}{f' ({each.reason})' if each.reason else ''}" for each in planned]


def _first(reference: str, ways: list[tuple[Source, Builder]], report: Say) -> PlannedImage:
    """The image by the first way that leads to it."""
    tried = [] if ways else [f"{registry_of(reference)} does not answer, and nothing here builds it"]
    for source, make in ways:
        try:
            made = make(name_on_node(reference), report)
            difference = DIFFERENCES.get(name_in_table(reference), "") if source == "built" else ""
            return PlannedImage(reference, source, difference, made)
        except MissingToolError as error:
            tried.append(str(error))
    return PlannedImage(reference, "missing", "; ".join(tried))


def _fluent_bit(program: Path, reference: str, report: Say) -> OciImage:
    return fluent_bit_image(reference, program, report)
