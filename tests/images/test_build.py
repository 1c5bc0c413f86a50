"""What the bake file builds: the same bytes each time, small, without root, and whole."""

import json
import re
import subprocess
import zipfile
from itertools import pairwise
from typing import Any

import pytest

from components.images.image import ARCHITECTURES
from components.images.table import SPARK
from local_cluster.programs.project import Programs
from moka_images.check import check
from moka_images.promote import ORDER, Promotion, PromotionError, promote
from moka_images.wanted import WantedImage
from tests.images.attestations import CONTENTS, PROVENANCE, attested
from tests.images.conftest import Built
from tests.images.container import Unpacked
from tests.images.emulation import FOREIGN, NATIVE
from tests.moka_images.registry import Registry

pytestmark = pytest.mark.images

# What S3A uses, and what Dockerfile keeps for it.
SERVICES = {"s3", "s3control", "sts", "kms", "sso", "ssooidc"}
_SERVICE = re.compile(rb"software/amazon/awssdk/services/([a-z0-9]+)/")
MIB = 1 << 20
LARGEST_MIB = 640


def manifest(programs: Programs, reference: str, architecture: str) -> dict[str, Any]:
    command = [str(programs["crane"]), "manifest", "--platform", f"linux/{architecture}", reference]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def test_a_second_build_without_a_cache_makes_the_same_images(built: Built, programs: Programs) -> None:
    # For this machine's architecture: the workflow runs this on a machine of either.
    again = f"{built.registry.address}/again"
    names = {"spark": built.spark, "spark-history-server": built.history_server}
    options = [f"--set={name}.tags={again}/{name}:1" for name in names]
    options += ["--no-cache", f"--set=*.platform=linux/{NATIVE}"]
    built.builder.bake(["default"], built.registry.address, built.base, options=options)
    for name, reference in names.items():
        assert manifest(programs, f"{again}/{name}:1", NATIVE) == manifest(programs, reference, NATIVE)


@pytest.mark.parametrize("image", ["spark", "history_server"])
def test_layers_are_compressed_by_zstd_and_the_image_is_as_small_as_the_page_says(
    image: str, built: Built, programs: Programs, architecture: str
) -> None:
    layers = manifest(programs, getattr(built, image), architecture)["layers"]
    assert {layer["mediaType"] for layer in layers} == {"application/vnd.oci.image.layer.v1.tar+zstd"}
    size = sum(layer["size"] for layer in layers)
    assert size < LARGEST_MIB * MIB, [layer["size"] for layer in layers]


def test_layers_without_programs_of_a_machine_are_the_same_for_both_architectures(
    built: Built, programs: Programs
) -> None:
    intel, graviton = (manifest(programs, built.spark, each)["layers"] for each in ARCHITECTURES)
    shared = {layer["digest"] for layer in intel} & {layer["digest"] for layer in graviton}
    sizes = {layer["digest"]: layer["size"] for layer in intel}
    # Spark, its jars and its Python: most of the image.
    assert sum(sizes[each] for each in shared) > 0.7 * sum(sizes.values())


@pytest.mark.parametrize("image", ["spark", "history_server"])
def test_nobody_in_it_is_root_or_may_become_it(image: str, spark: Unpacked, history_server: Unpacked) -> None:
    unpacked = {"spark": spark, "history_server": history_server}[image]
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
    image: str, spark: Unpacked, history_server: Unpacked
) -> None:
    unpacked = {"spark": spark, "history_server": history_server}[image]
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


def test_promotion_carries_the_same_bytes_from_environment_to_environment(built: Built, programs: Programs) -> None:
    registry = built.registry
    first = promote(registry.crane, Promotion(built.spark, _in(registry, ORDER[0])))
    for source, target in pairwise(ORDER):
        promote(registry.crane, Promotion(_in(registry, source), _in(registry, target)))
    assert {registry.crane.find(_in(registry, each)).digest for each in ORDER} == {first}
    for architecture in ARCHITECTURES:
        assert attested(programs, _in(registry, ORDER[-1]), architecture).keys() == {CONTENTS, PROVENANCE}
        layers = [manifest(programs, each, architecture)["layers"] for each in (built.spark, _in(registry, ORDER[-1]))]
        assert layers[0] == layers[1]


def test_an_image_for_one_architecture_is_not_promoted(built: Built, programs: Programs) -> None:
    registry = built.registry
    half, half_of_two = f"{registry.address}/moka/half:1", f"{registry.address}/moka/half-of-two:1"
    crane = str(programs["crane"])
    for words in (
        ["copy", "--platform", f"linux/{NATIVE}", built.spark, half],
        ["index", "append", "--manifest", half, "--tag", half_of_two],
    ):
        subprocess.run([crane, *words], check=True, capture_output=True)
    for reference, said in ((half, "is no index of architectures"), (half_of_two, f"is not there for {FOREIGN}")):
        with pytest.raises(PromotionError, match=said):
            promote(registry.crane, Promotion(reference, f"{registry.address}/dev/moka/half:1"))


def test_a_tag_that_was_moved_is_said(built: Built) -> None:
    registry = built.registry
    reference = registry.push("moka/moving:1", content="first")
    meant = WantedImage(SPARK, "pushed", reference, registry.crane.find(reference).digest)
    assert check(registry.crane, meant).problem == ""
    registry.push("moka/moving:1", content="second")
    assert "its tag was moved" in check(registry.crane, meant).problem


def _in(registry: Registry, stack: str) -> str:
    return SPARK.below(f"{registry.address}/{stack}").reference
