"""What the bake file builds: the same bytes each time, small, without root, and whole."""

import json
import re
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from components.images.image import ARCHITECTURES
from components.images.table import SPARK
from local_cluster.programs.project import Programs
from moka_images.check import check
from moka_images.promote import ORDER, Promotion, PromotionError, promote
from moka_images.wanted import WantedImage
from tests.images.build import PLATFORM, ROOT
from tests.images.conftest import Built
from tests.images.container import Unpacked
from tests.moka_images.registry import Registry

pytestmark = pytest.mark.images

# What S3A uses, and what Dockerfile keeps for it.
SERVICES = {"s3", "s3control", "sts", "kms", "sso", "ssooidc"}
_SERVICE = re.compile(rb"software/amazon/awssdk/services/([a-z0-9]+)/")
MIB = 1 << 20
LARGEST_MIB = 640
(OTHER,) = {f"linux/{each}" for each in ARCHITECTURES} - {PLATFORM}


def manifest(programs: Programs, reference: str) -> dict[str, Any]:
    command = [str(programs["crane"]), "manifest", "--platform", PLATFORM, reference]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def test_a_second_build_without_a_cache_makes_the_same_image(built: Built, programs: Programs) -> None:
    first = [manifest(programs, each) for each in (built.spark, built.history_server)]
    again = f"{built.registry.address}/again"
    options = [f"--set={each}.tags={again}/{each}:1" for each in ("spark", "spark-history-server")]
    built.builder.bake(
        ["default"],
        built.registry.address,
        built.base,
        options=["--no-cache", *options],
    )
    assert [manifest(programs, f"{again}/{each}:1") for each in ("spark", "spark-history-server")] == first


@pytest.mark.parametrize("image", ["spark", "history_server"])
def test_layers_are_compressed_by_zstd_and_the_image_is_as_small_as_the_page_says(
    image: str, built: Built, programs: Programs
) -> None:
    layers = manifest(programs, getattr(built, image))["layers"]
    assert {layer["mediaType"] for layer in layers} == {"application/vnd.oci.image.layer.v1.tar+zstd"}
    size = sum(layer["size"] for layer in layers)
    assert size < LARGEST_MIB * MIB, [layer["size"] for layer in layers]


def test_what_was_built_from_what_is_said_by_the_images_provenance(built: Built) -> None:
    materials = built.said["spark"]["buildx.build.provenance"]["materials"]
    named = {each["uri"].partition("?")[0]: each["digest"].get("sha256") for each in materials}
    jars = [uri for uri in named if uri.endswith((".jar", ".tar.gz"))]
    assert len(jars) == 5, "of Spark for applications"
    dockerfile = (ROOT / "images" / "spark" / "Dockerfile").read_text()
    assert all(named[uri] in dockerfile for uri in jars)


@pytest.mark.parametrize("image", ["spark", "history_server"])
def test_nobody_in_it_is_root_or_may_become_it(image: str, request: pytest.FixtureRequest) -> None:
    unpacked: Unpacked = request.getfixturevalue(image)
    assert unpacked.config["User"] == "185"
    privileged = ["find", str(unpacked.root), "-xdev", "-type", "f", "-perm", "/6000"]
    own = ["find", str(unpacked.root / "opt"), "-user", "185", "-not", "-path", "*/opt/spark/work-dir"]
    for words in (privileged, own):
        assert subprocess.run(words, check=True, capture_output=True, text=True).stdout == ""


def test_the_history_server_has_no_python(history_server: Unpacked) -> None:
    assert not list((history_server.root / "usr" / "bin").glob("python*"))
    assert not (history_server.root / "opt" / "spark" / "python").exists()


@pytest.mark.parametrize("image", ["spark", "history_server"])
def test_no_class_that_spark_may_load_names_a_service_of_the_sdk_that_is_left_out(
    image: str, request: pytest.FixtureRequest
) -> None:
    unpacked: Unpacked = request.getfixturevalue(image)
    jars = unpacked.root / "opt" / "spark" / "jars"
    (bundle,) = jars.glob("bundle-*.jar")
    assert bundle.stat().st_size < 32 * MIB
    named: dict[str, str] = {}
    for jar in (bundle, *jars.glob("hadoop-aws-*.jar"), *jars.glob("analyticsaccelerator-*.jar")):
        with zipfile.ZipFile(jar) as classes:
            for entry in classes.namelist():
                if entry.endswith(".class"):
                    for service in _SERVICE.findall(classes.read(entry)):
                        named.setdefault(service.decode(), f"{jar.name}: {entry}")
    assert {service: place for service, place in named.items() if service not in SERVICES} == {}


def test_an_image_is_signed_and_only_its_own_bytes_pass_as_signed(
    built: Built, programs: Programs, tmp_path: Path
) -> None:
    registry = built.registry
    digest = registry.crane.find(built.spark).digest
    signed = f"{built.spark.rpartition(':')[0]}@{digest}"
    environment = {"COSIGN_PASSWORD": "", "HOME": str(tmp_path), "PATH": ""}

    def cosign(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(programs["cosign"]), *words]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert cosign("generate-key-pair").returncode == 0
    # Without a transparency log, which is a service of the internet's; the workflow signs with one.
    offline = ["--allow-http-registry", "--yes"]
    done = cosign("sign", "--key", "cosign.key", "--tlog-upload=false", "--use-signing-config=false", *offline, signed)
    assert done.returncode == 0, done.stderr
    verify = ["verify", "--key", "cosign.pub", "--insecure-ignore-tlog=true", "--allow-http-registry"]
    assert cosign(*verify, signed).returncode == 0
    other = registry.push("moka/moved:1", content="other")
    assert "no signatures found" in cosign(*verify, other).stderr


def test_promotion_carries_the_same_bytes_from_environment_to_environment(built: Built, programs: Programs) -> None:
    registry = built.registry
    first = _released(registry, programs, built)
    for source, target in pairwise(ORDER):
        promote(registry.crane, Promotion(_in(registry, source), _in(registry, target)))
    assert {registry.crane.find(_in(registry, each)).digest for each in ORDER} == {first}
    layers = manifest(programs, _in(registry, ORDER[-1]))["layers"]
    assert layers == manifest(programs, built.spark)["layers"]


def test_an_image_for_one_architecture_is_not_promoted(built: Built) -> None:
    registry = built.registry
    with pytest.raises(PromotionError, match=f"is not there for {OTHER.removeprefix('linux/')}"):
        promote(registry.crane, Promotion(built.spark, f"{registry.address}/dev/moka/half:1"))


def test_a_tag_that_was_moved_is_said(built: Built) -> None:
    registry = built.registry
    reference = registry.push("moka/moving:1", content="first")
    meant = WantedImage(SPARK, "pushed", reference, registry.crane.find(reference).digest)
    assert check(registry.crane, meant).problem == ""
    registry.push("moka/moving:1", content="second")
    assert "its tag was moved" in check(registry.crane, meant).problem


def _in(registry: Registry, stack: str) -> str:
    return SPARK.below(f"{registry.address}/{stack}").reference


def _released(registry: Registry, programs: Programs, built: Built) -> str:
    """Push the index that test would have; returns its digest. This machine builds for one architecture only.

    So what stands for the other is the History Server's image under that one's name.
    """
    crane = str(programs["crane"])
    other = f"{registry.address}/moka/other:1"
    own = [crane, "--platform", PLATFORM]
    for words in (
        [*own, "mutate", "--set-platform", OTHER, "--tag", other, built.history_server],
        [*own, "index", "append", "--manifest", built.spark, "--manifest", other, "--tag", _in(registry, "test")],
    ):
        subprocess.run(words, check=True, capture_output=True)
    return registry.crane.find(_in(registry, "test")).digest
