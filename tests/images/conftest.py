"""What is built once for all: a registry on this machine with both images in it, one of them unpacked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.images.image import ARCHITECTURES, DOCKER_HUB
from components.images.table import HISTORY_SERVER, SPARK
from local_cluster.images.registry import answers
from local_cluster.nodes.real.requirements import problems
from local_cluster.nodes.real.runtime import Runtime, find_runtime
from local_cluster.programs.buildkit import BUILDKIT
from local_cluster.programs.crane import CRANE
from local_cluster.programs.project import Programs, find
from offline.progress import say, step
from tests.images.base import push_base
from tests.images.build import Builder, building
from tests.images.container import Unpacked, unpack
from tests.images.contents_lister import push_contents_lister
from tests.images.emulation import QEMU, both_architectures
from tests.images.pipeline import Pipeline, pipeline_of
from tests.images.programs import COSIGN, FULCIO, SYFT
from tests.images.sigstore import Sigstore, signing
from tests.moka_images.registry import Registry, serving


@dataclass(frozen=True)
class Built:
    """The images as a registry has them.

    Args:
        registry: where they are.
        builder: what built them.
        runtime: what runs containers of them.
        base: what stands for Debian's image, by digest; None where the registry of that one answers.
        said: what buildx said of each target.
    """

    registry: Registry
    builder: Builder
    runtime: Runtime
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
    """What builds, asks registries, lists contents, and runs what is for the other architecture."""
    return find([BUILDKIT, CRANE, QEMU, SYFT], say)


@pytest.fixture(scope="package")
def runtime() -> Runtime:
    """What runs containers."""
    for problem in problems():
        pytest.fail(f"Containers of the images {problem}")
    return find_runtime(say)


@pytest.fixture(scope="package")
def built(programs: Programs, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Both images for both architectures, built by the bake file and pushed."""
    place = tmp_path_factory.mktemp("buildkit")
    with both_architectures(programs), serving(programs["crane"], tmp_path_factory.mktemp("registry")) as registry:
        base = lister = None
        if not answers(DOCKER_HUB):
            base = push_base(programs, registry.address, say)
            lister = push_contents_lister(programs, registry.address, base, tmp_path_factory.mktemp("lister"))
        with building(programs, runtime, place, registry.address, lister) as builder:
            with step("building the images for both architectures", say):
                said = builder.bake(["default"], registry.address, base)
            yield Built(registry, builder, runtime, base, said)


@pytest.fixture(scope="package")
def sigstore(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sigstore]:
    """A Fulcio and cosign."""
    with signing(find([COSIGN, FULCIO], say), tmp_path_factory.mktemp("sigstore")) as authority:
        yield authority


@pytest.fixture(scope="package")
def pipeline(
    built: Built, programs: Programs, sigstore: Sigstore, tmp_path_factory: pytest.TempPathFactory
) -> Pipeline:
    """The workflow's jobs, which build what was built here."""
    place, registry = tmp_path_factory.mktemp("pipeline"), built.registry.address
    return pipeline_of(place, programs, built.builder, sigstore, base=built.base, registry=registry)


@pytest.fixture(scope="package", params=ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> str:
    """Of whatever is unpacked."""
    return request.param


@pytest.fixture(scope="package")
def spark(
    built: Built, architecture: str, programs: Programs, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory
) -> Unpacked:
    """The image for drivers and executors, unpacked."""
    return unpack(programs, built.spark, architecture, tmp_path_factory.mktemp("spark"), runtime)


@pytest.fixture(scope="package")
def history_server(
    built: Built, architecture: str, programs: Programs, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory
) -> Unpacked:
    """The History Server's image, unpacked."""
    return unpack(programs, built.history_server, architecture, tmp_path_factory.mktemp("history-server"), runtime)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A directory that the image's user may write to."""
    tmp_path.chmod(0o777)
    return tmp_path
