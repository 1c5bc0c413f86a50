"""Says for every image of a stack how a real node gets it, and which can't be had."""

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from components.logs.versions import FLUENT_BIT, PYTHON
from components.monitoring.versions import ALERTMANAGER, COLLECTOR, PROMETHEUS, TARGET_ALLOCATOR
from components.operator.values import IMAGE as OPERATOR
from components.scheduler.settings import REPOSITORY as YUNIKORN
from components.scheduler.settings import SchedulerSettings
from components.spark.settings import HistoryServerSettings
from components.workloads.image import registry_of
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
from local_cluster.images.spark import PYSPARK, history_image, operator_image, spark_image
from local_cluster.nodes.real.containerd import PAUSE
from offline.errors import MissingToolError
from offline.go_build import passing_cache
from offline.progress import Say

Source = Literal["present", "pulled", "built", "missing"]
Builder = Callable[[str, Say], OciImage]

# A registry of an account's own, into which its people copy images; what they are called there is the rest.
_OWN_REGISTRY = re.compile(r"^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/")

# What a person who looks at what runs should know of an image that is built here.
DIFFERENCES: Mapping[str, str] = {
    COLLECTOR.repository: "with the components that the project's files name",
    TARGET_ALLOCATOR.repository: f"version {ALLOCATOR_VERSION}",
    PROMETHEUS.repository: "without its web page",
    ALERTMANAGER.repository: "without its web page",
    PYTHON.repository: "Debian's Python with the AWS SDK",
    HistoryServerSettings().image_repository: "Debian's Java with PyPI's Spark",
    OPERATOR.repository: f"with Spark {PYSPARK}, and without its entry point's user for a foreign id",
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


def builders(
    *, spark: Iterable[str] = (), history: str | None = None, fluent_bit: Path | None = None
) -> dict[str, Builder]:
    """What can be built here, by the name of its repository; in an account's own registry, without the registry.

    Args:
        spark: images of applications.
        history: image of the History Server, where it is not the default one.
        fluent_bit: program that becomes the log agent's image.
    """
    known: dict[str, Builder] = {
        repository(PAUSE): pause_image,
        COLLECTOR.repository: collector_image,
        TARGET_ALLOCATOR.repository: target_allocator_image,
        PROMETHEUS.repository: prometheus_image,
        ALERTMANAGER.repository: alertmanager_image,
        PYTHON.repository: python_image,
        HistoryServerSettings().image_repository: history_image,
        YUNIKORN: yunikorn_image,
        SchedulerSettings().placeholder_image: pause_image,
        OPERATOR.repository: operator_image,
    }
    if history is not None:
        known[repository(history)] = history_image
    known |= {repository(reference): spark_image for reference in spark}
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


def repository(reference: str) -> str:
    """An image's name without tag and digest."""
    name = reference.partition("@")[0]
    head, slash, tail = name.rpartition("/")
    return f"{head}{slash}{tail.partition(':')[0]}"


def builder_of(reference: str, known: Mapping[str, Builder]) -> Builder | None:
    """Who builds an image here, if anybody does."""
    name = repository(reference)
    return known.get(name) or known.get(_OWN_REGISTRY.sub("", name))


def name_on_node(reference: str) -> str:
    """The name that the kubelet asks containerd for: a digest goes before a tag."""
    name, at, digest = reference.partition("@")
    return f"{repository(name)}@{digest}" if at else name


def summary(planned: Iterable[PlannedImage]) -> list[str]:
    """One line an image, for people."""
    return [f"{each.reference}: {each.source}{f' ({each.reason})' if each.reason else ''}" for each in planned]


def _first(reference: str, ways: list[tuple[Source, Builder]], report: Say) -> PlannedImage:
    """The image by the first way that leads to it."""
    tried = [] if ways else [f"{registry_of(reference)} does not answer, and nothing here builds it"]
    for source, make in ways:
        try:
            made = make(name_on_node(reference), report)
            difference = DIFFERENCES.get(repository(reference), "") if source == "built" else ""
            return PlannedImage(reference, source, difference, made)
        except MissingToolError as error:
            tried.append(str(error))
    return PlannedImage(reference, "missing", "; ".join(tried))


def _fluent_bit(program: Path, reference: str, report: Say) -> OciImage:
    return fluent_bit_image(reference, program, report)
