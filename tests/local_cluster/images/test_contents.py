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


def test_jars_package_and_services_are_those_of_the_projects_own_image() -> None:
    jars, package = spark.added(".jar"), spark.added(".tar.gz")
    assert {PurePosixPath(url).name for url in jars} == {
        "hadoop-aws-3.4.2.jar",
        "bundle-2.29.52.jar",
        "analyticsaccelerator-s3-1.3.0.jar",
        "spark-hadoop-cloud_2.13-4.1.2.jar",
    }
    assert [PurePosixPath(url).name for url in package] == ["pyspark-4.1.2.tar.gz"]
    assert all(url.startswith("https://") and len(checksum) == 64 for url, checksum in (jars | package).items())
    assert {"s3", "sts", "kms"} <= spark.kept_services()


def test_the_history_servers_are_those_of_its_own_stage() -> None:
    stage = spark.HISTORY_PARTS
    assert [PurePosixPath(url).name for url in spark.added(".tar.gz", stage)] == ["pyspark-4.2.1.tar.gz"]
    assert {PurePosixPath(url).name for url in spark.added(".jar", stage)} == {
        "hadoop-aws-3.5.0.jar",
        "bundle-2.35.4.jar",
        "analyticsaccelerator-s3-1.3.1.jar",
    }
    assert spark.kept_services(stage) == spark.kept_services()


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
