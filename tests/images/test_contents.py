"""What is in an image, and what it was built from, stands beside it in the registry."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from components.images.image import ARCHITECTURES
from components.images.table import SPARK
from local_cluster.programs.project import Programs
from tests.images.attestations import CONTENTS, PROVENANCE, attested
from tests.images.build import ROOT
from tests.images.conftest import Built
from tests.images.container import Unpacked

pytestmark = pytest.mark.images


def listed(programs: Programs, reference: str, architecture: str) -> dict[str, set[str]]:
    """Names of what the list has, by the kind of package."""
    packages = attested(programs, reference, architecture)[CONTENTS]["packages"]
    urls = [each["referenceLocator"] for package in packages for each in package.get("externalRefs", ())]
    found: dict[str, set[str]] = {}
    for url in urls:
        if match := re.match(r"pkg:(\w+)/(?:.*/)?([^/@]+)@", url):
            found.setdefault(match[1], set()).add(unquote(match[2]))
    return found


def installed(root: Path) -> set[str]:
    """Debian packages of an image's files."""
    return set(re.findall(r"^Package: (\S+)$", (root / "var/lib/dpkg/status").read_text(), re.MULTILINE))


@pytest.mark.parametrize("image", ["spark", "history_server"])
def test_every_package_of_debian_is_listed(
    image: str, built: Built, architecture: str, spark: Unpacked, history_server: Unpacked
) -> None:
    unpacked = {"spark": spark, "history_server": history_server}[image]
    packages = listed(built.builder.programs, getattr(built, image), architecture)["deb"]
    assert {"openjdk-21-jre-headless", "tini", "libc6"} <= packages
    assert installed(unpacked.root) <= packages


def test_java_and_python_are_of_the_images_architecture(spark: Unpacked, architecture: str) -> None:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}[architecture]
    done = spark.run(["python3", "-c", "import platform; print(platform.machine())"])
    assert done.stdout.strip() == machine, done.stderr
    done = spark.run(["java", "-XshowSettings:properties", "-version"])
    assert f"os.arch = {machine.replace('x86_64', 'amd64')}" in done.stderr
    # Which loads Spark's classes.
    done = spark.run(["/opt/spark/bin/spark-submit", "--version"])
    assert f"version {SPARK.tag.partition('-')[0]}" in done.stderr, done.stderr


def test_the_jars_that_are_added_to_sparks_are_listed(built: Built, programs: Programs, architecture: str) -> None:
    dockerfile = (ROOT / "images" / "spark" / "Dockerfile").read_text()
    added = set(re.findall(r"\$\{MAVEN\}/org/apache/\S+/([^/]+)/3\.4\.2/", dockerfile))
    assert added == {"hadoop-aws"}
    packages = listed(programs, built.spark, architecture)["maven"]
    assert packages > {*added, "spark-core_2.13", "hadoop-client-api"}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_what_was_built_from_what_is_said_by_the_images_provenance(
    built: Built, programs: Programs, architecture: str
) -> None:
    provenance = attested(programs, built.spark, architecture)[PROVENANCE]
    materials = provenance["buildDefinition"]["resolvedDependencies"]
    named = {each["uri"].partition("?")[0]: each["digest"].get("sha256") for each in materials}
    jars = [uri for uri in named if uri.endswith((".jar", ".tar.gz"))]
    assert len(jars) == 5, "of Spark for applications"
    dockerfile = (ROOT / "images" / "spark" / "Dockerfile").read_text()
    assert all(named[uri] in dockerfile for uri in jars)
