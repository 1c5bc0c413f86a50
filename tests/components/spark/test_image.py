"""The image for Spark applications: jars that belong together, each pinned by its checksum, and no root."""

import re
from pathlib import Path

import pytest

from components.images.table import CELEBORN as CELEBORN_SERVER
from components.images.table import HISTORY_SERVER, IMAGES, SPARK, SPARK_WITH_CELEBORN
from tests.components.spark.test_defaults import published

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "images" / "spark" / "Dockerfile").read_text()
ADDED = re.findall(
    r"^ADD --chmod=644 --checksum=sha256:([0-9a-f]{64}) \\\n +https://repo1\.maven\.org/maven2/(\S+) \\\n +(\S+)$",
    DOCKERFILE,
    re.MULTILINE,
)
# spark-hadoop-cloud_2.13-4.1.2.pom on Maven Central: its compile dependencies, by group, artefact and version.
BELONGING = {
    "org/apache/hadoop/hadoop-aws/3.4.2",
    "software/amazon/awssdk/bundle/2.29.52",
    "software/amazon/s3/analyticsaccelerator/analyticsaccelerator-s3/1.3.0",
    "org/apache/spark/spark-hadoop-cloud_2.13/4.1.2",
}


CELEBORN = re.findall(
    r"^ADD --chmod=644 --checksum=sha256:\$\{CELEBORN_SHA256\} \\\n"
    r" +(https://repo1\.maven\.org/maven2/\S+) \\\n"
    r" +(\S+)$",
    DOCKERFILE,
    re.MULTILINE,
)


def test_every_jar_has_a_checksum_and_lies_on_sparks_class_path() -> None:
    assert len(ADDED) + len(CELEBORN) == DOCKERFILE.count("\nADD ")
    assert len(ADDED) == len(BELONGING)
    assert {directory for _, _, directory in ADDED} == {"/opt/spark/jars/"}
    assert len({checksum for checksum, _, _ in ADDED}) == len(ADDED)


def test_the_jars_are_those_that_this_spark_was_built_with() -> None:
    assert {path.rpartition("/")[0] for _, path, _ in ADDED} == BELONGING
    for _, path, _ in ADDED:
        *_, artefact, version, file = path.split("/")
        assert file == f"{artefact}-{version}.jar"


def test_base_image_jars_and_history_server_are_one_version_of_spark() -> None:
    (base,) = re.findall(r"^FROM docker\.io/apache/spark:(\S+) AS spark$", DOCKERFILE, re.MULTILINE)
    spark, scala = re.findall(r"spark-hadoop-cloud_(2\.\d+)/([\d.]+)/", DOCKERFILE)[0][::-1]
    assert base.startswith(f"{spark}-scala{scala}-")
    assert all(each.tag.startswith(f"{spark}-") for each in (SPARK, SPARK_WITH_CELEBORN, HISTORY_SERVER))


def test_the_client_of_celeborn_is_of_the_version_that_settings_run() -> None:
    ((url, directory),) = CELEBORN
    assert directory == "/opt/spark/jars/"
    assert "celeborn-client-spark-4-shaded_2.13/${CELEBORN}/celeborn-client-spark-4-shaded_2.13-${CELEBORN}.jar" in url
    (version,) = re.findall(r"^ARG CELEBORN=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert version == CELEBORN_SERVER.tag


def test_the_client_of_celeborn_is_in_one_target_and_not_in_what_is_built_by_default() -> None:
    stages = re.findall(r"^FROM (\S+)(?: AS (\S+))?$", DOCKERFILE, re.MULTILINE)
    assert stages[1:] == [("spark", "celeborn"), ("spark", "")]
    (stage,) = (each for each in DOCKERFILE.split("\nFROM ") if "celeborn-client" in each)
    assert stage.startswith("spark AS celeborn\n")


def test_the_user_is_a_number_that_kubernetes_can_tell_from_root() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["185"]


@pytest.mark.parametrize(
    ("name", "jar"),
    [
        ("software.amazon.awssdk.", "awssdk/bundle"),
        ("org.apache.hadoop.fs.s3a.commit.", "hadoop-aws"),
        ("org.apache.spark.internal.io.cloud.", "spark-hadoop-cloud"),
    ],
)
def test_each_class_that_the_defaults_name_comes_with_the_image(name: str, jar: str) -> None:
    assert any(value.startswith(name) for value in published().values())
    assert any(jar in path for _, path, _ in ADDED)


def test_every_image_of_the_projects_own_is_built_under_its_tag_for_both_architectures() -> None:
    bake = (ROOT / "images" / "docker-bake.hcl").read_text()
    tags = set(re.findall(r'tags = \["\$\{REGISTRY\}/(\S+)"\]', bake))
    assert tags == {each.reference for each in IMAGES if each.upstream is None}
    assert re.findall(r"platforms = \[(.*)\]", bake) == ['"linux/amd64", "linux/arm64"']
    assert bake.count('inherits = ["_both"]') == bake.count("tags = ")
