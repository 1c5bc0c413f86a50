"""What is laid out while an image is built: Spark where its own image has it, and the SDK without most services."""

import os
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from images.spark.parts import JVM, PYTHON, keep_services, name_in_home, unpack_spark

SERVICES = "software/amazon/awssdk/services"


@pytest.mark.parametrize(
    ("packed", "place"),
    [
        ("pyspark-4.1.2/deps/jars/spark-core.jar", "jars/spark-core.jar"),
        ("pyspark-4.1.2/deps/examples/pi.py", "examples/src/main/python/pi.py"),
        ("pyspark-4.1.2/pyspark/sql/types.py", "python/pyspark/sql/types.py"),
        ("pyspark-4.1.2/setup.py", None),
    ],
)
def test_files_of_the_package_go_where_sparks_own_image_has_them(packed: str, place: str | None) -> None:
    assert name_in_home(packed, JVM | PYTHON) == place


def test_what_the_jvm_runs_and_what_python_runs_go_into_layers_of_their_own(tmp_path: Path) -> None:
    archive = tmp_path / "pyspark.tar.gz"
    with tarfile.open(archive, "w:gz") as package:
        for name in ("deps/bin/spark-submit", "deps/jars/core.jar", "pyspark/sql/types.py", "setup.py"):
            entry = tarfile.TarInfo(f"pyspark-4.1.2/{name}")
            entry.size = len(name)
            package.addfile(entry, BytesIO(name.encode()))
    jvm, python = tmp_path / "jvm", tmp_path / "python"
    unpack_spark(archive, jvm, python)
    assert {str(each.relative_to(jvm)) for each in jvm.rglob("*") if each.is_file()} == {
        "bin/spark-submit",
        "jars/core.jar",
    }
    assert [str(each.relative_to(python)) for each in python.rglob("*.py")] == ["python/pyspark/sql/types.py"]
    assert os.access(jvm / "bin" / "spark-submit", os.X_OK)
    assert (jvm / "jars" / "core.jar").read_text() == "deps/jars/core.jar"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle of two services."""
    path = tmp_path / "bundle.jar"
    with zipfile.ZipFile(path, "w") as files:
        for name in ("META-INF/MANIFEST.MF", f"{SERVICES}/s3/S3Client.class", f"{SERVICES}/glue/GlueClient.class"):
            files.writestr(name, name)
        files.writestr("software/amazon/awssdk/core/Core.class", "core")
        files.writestr("software/amazon/awssdk/enhanced/dynamodb/Table.class", "table")
    return path


def test_only_the_services_that_are_named_stay_and_all_that_is_no_service(bundle: Path, tmp_path: Path) -> None:
    keep_services(bundle, tmp_path / "kept.jar", {"s3"})
    with zipfile.ZipFile(tmp_path / "kept.jar") as kept:
        assert kept.namelist() == [
            "META-INF/MANIFEST.MF",
            f"{SERVICES}/s3/S3Client.class",
            "software/amazon/awssdk/core/Core.class",
        ]
        assert kept.read(f"{SERVICES}/s3/S3Client.class") == f"{SERVICES}/s3/S3Client.class".encode()


def test_the_same_bundle_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    for name in ("one.jar", "two.jar"):
        keep_services(bundle, tmp_path / name, {"s3"})
    assert (tmp_path / "one.jar").read_bytes() == (tmp_path / "two.jar").read_bytes()


def test_a_service_that_the_bundle_lacks_is_refused_with_those_that_it_has(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no service s4; it has dynamodb, glue, s3"):
        keep_services(bundle, tmp_path / "kept.jar", {"s3", "s4"})
