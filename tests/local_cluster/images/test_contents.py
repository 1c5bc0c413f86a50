"""What images are made of: the jars that the Dockerfile names, Spark where its own image has it, and libraries."""

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from local_cluster.images import spark
from local_cluster.images.debian_layer import merged
from local_cluster.images.program_layer import libraries_in

LISTING = """\
\tlinux-vdso.so.1 (0x00007ff40585f000)
\tlibssl.so.3 => /lib/x86_64-linux-gnu/libssl.so.3 (0x00007ff40496c000)
\tlibgone.so.1 => not found
\t/lib64/ld-linux-x86-64.so.2 (0x00007ff405861000)
"""


def test_the_jars_are_those_of_the_projects_own_image() -> None:
    names = {PurePosixPath(url).name for url in spark.added_jars()}
    assert names == {
        "hadoop-aws-3.4.2.jar",
        "bundle-2.29.52.jar",
        "analyticsaccelerator-s3-1.3.0.jar",
        "spark-hadoop-cloud_2.13-4.1.2.jar",
    }
    assert all(len(checksum) == 64 for checksum in spark.added_jars().values())


def test_spark_has_the_version_that_the_jars_and_the_base_image_have() -> None:
    assert f"FROM docker.io/apache/spark:{spark.PYSPARK}-" in spark.DOCKERFILE.read_text()
    assert f"spark-hadoop-cloud_2.13-{spark.PYSPARK}.jar" in " ".join(spark.added_jars())


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
    assert spark.in_home(packed) == place


@pytest.mark.parametrize(
    ("packed", "place"),
    [("./bin/sh", "usr/bin/sh"), ("./usr/bin/env", "usr/bin/env"), ("./lib", "lib"), ("./etc/passwd", "etc/passwd")],
)
def test_files_of_packages_go_below_usr(packed: str, place: str) -> None:
    assert merged(packed) == place


def test_libraries_are_found_where_loaders_look_at_last_and_the_loader_where_programs_name_it() -> None:
    assert dict(libraries_in(LISTING)) == {
        "usr/lib/libssl.so.3": Path("/lib/x86_64-linux-gnu/libssl.so.3"),
        "lib64/ld-linux-x86-64.so.2": Path("/lib64/ld-linux-x86-64.so.2"),
    }


def test_the_entry_point_is_a_script_that_a_shell_can_read() -> None:
    subprocess.run(["bash", "-n", str(spark.ENTRYPOINT)], check=True)
