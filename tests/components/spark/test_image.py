"""Files of the images for Spark: parts that belong together, each pinned by checksum or time, and no root."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from components.images.table import CELEBORN as CELEBORN_SERVER
from components.images.table import HISTORY_SERVER, IMAGES, SPARK, SPARK_WITH_CELEBORN
from moka_images.bake import TARGETS, definition
from tests.components.spark.test_defaults import published

ROOT = Path(__file__).parents[3]
DIRECTORY = ROOT / "images" / "spark"
DOCKERFILE = (DIRECTORY / "Dockerfile").read_text()
BAKE = (ROOT / "images" / "docker-bake.hcl").read_text()
ADD = re.compile(r"^ADD --checksum=sha256:([0-9a-f]{64}) \\\n +\$\{(MAVEN|PYPI)\}/(\S+) \\\n +(\S+)$", re.MULTILINE)
ADDED = ADD.findall(DOCKERFILE)
STAGES = {each.partition("\n")[0].rpartition(" AS ")[2]: each for each in DOCKERFILE.split("\nFROM ")}
# By group, artefact and version, on Maven Central. Of applications: spark-hadoop-cloud_2.13-4.1.2.pom, its compile
# dependencies. Of the History Server: spark-parent_2.13-4.2.0.pom, hadoop.version, and hadoop-project-3.5.0.pom.
BELONGING = {
    "parts": {
        "org/apache/hadoop/hadoop-aws/3.4.2",
        "software/amazon/awssdk/bundle/2.29.52",
        "software/amazon/s3/analyticsaccelerator/analyticsaccelerator-s3/1.3.0",
        "org/apache/spark/spark-hadoop-cloud_2.13/4.1.2",
    },
    "history-parts": {
        "org/apache/hadoop/hadoop-aws/3.5.0",
        "software/amazon/awssdk/bundle/2.35.4",
        "software/amazon/s3/analyticsaccelerator/analyticsaccelerator-s3/1.3.1",
    },
}
# The first series whose History Server reads several directories (SPARK-55793).
SEVERAL_DIRECTORIES = (4, 2)
CELEBORN = re.findall(
    r"^ADD --chmod=644 --checksum=sha256:\$\{CELEBORN_SHA256\} \\\n +\$\{MAVEN\}/(\S+) \\\n +(\S+)$",
    DOCKERFILE,
    re.MULTILINE,
)
JARS = [path for _, place, path, _ in ADDED if place == "MAVEN"]


def test_everything_that_is_downloaded_has_a_checksum() -> None:
    assert len(ADDED) + len(CELEBORN) == DOCKERFILE.count("\nADD ")
    assert len({checksum for checksum, *_ in ADDED}) == len(ADDED)
    assert not re.search(r"\b(curl|wget|pip install)\b", DOCKERFILE)


def test_the_base_image_is_named_by_its_digest_and_packages_by_a_day() -> None:
    (name, day) = re.findall(
        r"^ARG DEBIAN=(docker\.io/library/debian:trixie-(\d{8})-slim@sha256:[0-9a-f]{64})$", DOCKERFILE, re.MULTILINE
    )[0]
    (packages,) = set(re.findall(r"^ARG DEBIAN_\w*MIRROR=\S+/(\d{8})T000000Z$", DOCKERFILE, re.MULTILINE))
    assert packages >= day
    (epoch,) = re.findall(r'variable "SOURCE_DATE_EPOCH" \{\n  default = "(\d+)"', BAKE)
    assert f"{datetime.fromtimestamp(int(epoch), UTC):%Y%m%d%H%M%S}" == f"{packages}000000"
    assert "${DEBIAN}" in DOCKERFILE
    assert name.count(":") == 2
    stages = re.findall(r"^FROM (?:--platform=\S+ )?(\S+) AS", DOCKERFILE, re.MULTILINE)
    assert set(stages) == {"${DEBIAN}", "java", "python", "spark", "tools"}
    # Whatever runs on the machine's own platform begins from an image: a stage has that of the one that it begins from.
    own = re.findall(r"^FROM --platform=\S+ (\S+) AS", DOCKERFILE, re.MULTILINE)
    assert own == ["${DEBIAN}"]


def spark_of(stage: str) -> str:
    """Version of the Spark that a stage downloads, which it names wherever it names one."""
    (version,) = set(re.findall(r"pyspark-([\d.]+)\.tar\.gz", STAGES[stage]))
    return version


@pytest.mark.parametrize("stage", BELONGING)
def test_the_jars_are_those_that_the_spark_beside_them_was_built_with(stage: str) -> None:
    jars = [path for _, place, path, _ in ADD.findall(STAGES[stage]) if place == "MAVEN"]
    assert {path.rpartition("/")[0] for path in jars} == BELONGING[stage]
    for path in jars:
        *_, artefact, version, file = path.split("/")
        assert file == f"{artefact}-{version}.jar"


def test_package_jars_and_tags_are_one_version_of_spark() -> None:
    assert any(f"spark-hadoop-cloud_2.13/{spark_of('parts')}/" in path for path in JARS)
    assert all(each.tag.startswith(f"{spark_of('parts')}-") for each in (SPARK, SPARK_WITH_CELEBORN))
    assert HISTORY_SERVER.tag.startswith(f"{spark_of('history-parts')}-")


def test_the_history_server_is_of_a_series_that_reads_several_directories_and_all_older_logs() -> None:
    history, applications = (tuple(map(int, spark_of(stage).split("."))) for stage in ("history-parts", "parts"))
    assert history[:2] >= SEVERAL_DIRECTORIES
    assert history >= applications, "Spark reads event logs of earlier releases, not of later ones"
    assert re.findall(r"--from=([\w-]+) /j", STAGES["history-server"]) == ["history-parts", "history-parts"]


def test_the_client_of_celeborn_is_of_the_version_that_settings_run() -> None:
    ((url, directory),) = CELEBORN
    assert directory == "/opt/spark/jars/"
    assert "celeborn-client-spark-4-shaded_2.13/${CELEBORN}/celeborn-client-spark-4-shaded_2.13-${CELEBORN}.jar" in url
    (version,) = re.findall(r"^ARG CELEBORN=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert version == CELEBORN_SERVER.tag


def test_the_client_of_celeborn_is_in_one_target_alone() -> None:
    (stage,) = (each for each in DOCKERFILE.split("\nFROM ") if "celeborn-client" in each)
    assert stage.startswith("spark AS celeborn\n")


def test_the_user_is_a_number_that_kubernetes_can_tell_from_root() -> None:
    for stage in ("java AS history-server", "python AS spark"):
        (text,) = (each for each in DOCKERFILE.split("\nFROM ") if each.startswith(stage))
        assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["185"]


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
    assert any(jar in path for path in JARS)


def test_every_image_of_the_projects_own_is_built_under_its_tag_for_both_architectures() -> None:
    targets = re.findall(r'^target "([a-z-]+)" \{\n  inherits = \["_both"\]$', BAKE, re.MULTILINE)
    assert set(targets) == set(TARGETS)
    assert set(TARGETS.values()) == {each for each in IMAGES if each.upstream is None}
    assert re.findall(r"platforms = \[(.*)\]", BAKE) == ['"linux/amd64", "linux/arm64"']


def test_the_table_is_the_only_place_where_the_version_of_an_image_stands() -> None:
    asked = [each for each in IMAGES if each.upstream is None]
    for file in (DIRECTORY / "Dockerfile", ROOT / "images" / "docker-bake.hcl"):
        assert not [each.tag for each in asked if each.tag in file.read_text()]
    assert definition("registry.example/moka")["target"]["spark"]["tags"] == [
        f"registry.example/moka/{SPARK.repository}:{SPARK.tag}"
    ]
