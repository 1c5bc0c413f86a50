"""What is built once for all: a registry on this machine with both images in it, one of them unpacked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.images.image import DOCKER_HUB
from components.images.table import HISTORY_SERVER, SPARK
from local_cluster.images.registry import answers
from local_cluster.nodes.real.requirements import problems
from local_cluster.nodes.real.runtime import Runtime, find_runtime
from local_cluster.programs.buildkit import BUILDKIT
from local_cluster.programs.crane import CRANE
from local_cluster.programs.project import Programs, find
from offline.progress import say
from tests.images.base import push_base
from tests.images.build import Builder, building
from tests.images.container import Unpacked, unpack
from tests.images.programs import COSIGN
from tests.moka_images.registry import Registry, serving


@dataclass(frozen=True)
class Built:
    """The images as a registry has them.

    Args:
        registry: where they are.
        builder: what built them.
        base: what stands for Debian's image, by digest; None where the registry of that one answers.
        said: what buildx said of each target.
    """

    registry: Registry
    builder: Builder
    base: str | None
    said: dict[str, Any]

    @property
    def spark(self) -> str:
        """Reference of the image for drivers and executors."""
        return SPARK.below(self.registry.address).reference

    @property
    def history_server(self) -> str:
        """Reference of the History Server's."""
        return HISTORY_SERVER.below(self.registry.address).reference


@pytest.fixture(scope="package")
def programs() -> Programs:
    """What builds, asks registries and signs."""
    return find([BUILDKIT, CRANE, COSIGN], say)


@pytest.fixture(scope="package")
def runtime() -> Runtime:
    """What runs containers."""
    for problem in problems():
        pytest.fail(f"Containers of the images {problem}")
    return find_runtime(say)


@pytest.fixture(scope="package")
def built(programs: Programs, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Both images, built by the bake file and pushed."""
    place = tmp_path_factory.mktemp("buildkit")
    with (
        serving(programs["crane"], tmp_path_factory.mktemp("registry")) as registry,
        building(programs, runtime, place, registry.address) as builder,
    ):
        base = None if answers(DOCKER_HUB) else push_base(programs, registry.address, say)
        yield Built(registry, builder, base, builder.bake(["default"], registry.address, base))


@pytest.fixture(scope="package")
def spark(built: Built, programs: Programs, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    """The image for drivers and executors, unpacked."""
    return unpack(programs, built.spark, tmp_path_factory.mktemp("spark"), runtime)


@pytest.fixture(scope="package")
def history_server(
    built: Built, programs: Programs, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory
) -> Unpacked:
    """The History Server's image, unpacked."""
    return unpack(programs, built.history_server, tmp_path_factory.mktemp("history-server"), runtime)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A directory that the image's user may write to."""
    tmp_path.chmod(0o777)
    return tmp_path
