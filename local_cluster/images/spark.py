"""Spark's image, and the one that the History Server runs in, from registries of packages.

Spark itself is PyPI's `pyspark`, which holds the whole of it but the scripts of an image; Java, Python and a shell are
Debian's; the jars beside Spark's own are those that images/spark/Dockerfile names, with its checksums. Both images hold
the same layers. Leaves out R, and what Stackable adds to its image (a metrics exporter, further file systems).

Source: apache/spark-docker, 4.1.2/scala2.13-java17-python3-ubuntu/Dockerfile; stackabletech/docker-images, spark-k8s.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from local_cluster.images.debian_layer import debian_layer
from local_cluster.images.layer import Layer, LayerWriter, cached_layer
from local_cluster.images.oci import Defaults, OciImage, image
from local_cluster.images.program_layer import program_layer
from local_cluster.images.programs.spark_operator import PROGRAM as OPERATOR
from local_cluster.images.programs.spark_operator import SPARK_OPERATOR
from local_cluster.programs.project import find
from offline.errors import MissingToolError
from offline.progress import Say
from offline.release_download import download_file

DOCKERFILE = Path(__file__).resolve().parent.parent.parent / "images" / "spark" / "Dockerfile"
ENTRYPOINT = Path(__file__).resolve().parent / "files" / "entrypoint.sh"

PACKAGES = ("openjdk-17-jre-headless", "python3", "tini", "ca-certificates", "procps")
# renovate: datasource=pypi depName=pyspark
PYSPARK = "4.1.2"
PYSPARK_SHA256 = "fa5d6159f700d0990a07f4f62df1b7449401dccee9cd7d5d6df8957530841602"

USER = 185
HOME = "opt/spark"
# Where Stackable's image keeps Spark.
STACKABLE_HOME = "stackable/spark"

# Directory in the package, by the one in Spark's home.
_DIRECTORIES = {
    "bin": "deps/bin",
    "sbin": "deps/sbin",
    "jars": "deps/jars",
    "data": "deps/data",
    "examples/src/main/python": "deps/examples",
    "python/lib": "lib",
    "python/pyspark": "pyspark",
}
_ADDED = re.compile(r"^ADD .*--checksum=sha256:(?P<checksum>[0-9a-f]{64}) \\\n\s+(?P<url>\S+) \\\n", re.MULTILINE)
_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
}


def spark_image(reference: str, report: Say) -> OciImage:
    """An image for drivers and executors, as Apache's are.

    Args:
        reference: the name that it gets.
        report: where signs of life go.

    Raises:
        MissingToolError: when a part can't be downloaded.
    """
    environment = _ENVIRONMENT | {"SPARK_HOME": f"/{HOME}"}
    defaults = Defaults(
        entrypoint=["/opt/entrypoint.sh"],
        environment=environment,
        user=str(USER),
        directory=f"/{HOME}/work-dir",
    )
    return image(reference, spark_layers(report), defaults)


def operator_image(reference: str, report: Say) -> OciImage:
    """The Spark Operator's image: Spark's, whose spark-submit the operator runs, with the operator on top.

    Args:
        reference: the name that it gets.
        report: where signs of life go.

    Raises:
        MissingToolError: when a part can't be downloaded or built.

    Source: kubeflow/spark-operator, Dockerfile and entrypoint.sh.
    """
    program = find([SPARK_OPERATOR], report)[OPERATOR]
    layer = program_layer(OPERATOR, {f"usr/bin/{OPERATOR}": program}, report, directories={"home/spark": USER})
    defaults = Defaults(
        entrypoint=["/usr/bin/tini", "-s", "--", f"/usr/bin/{OPERATOR}"],
        environment=_ENVIRONMENT | {"SPARK_HOME": f"/{HOME}"},
        user=str(USER),
        directory=f"/{HOME}/work-dir",
    )
    return image(reference, [*spark_layers(report), layer], defaults)


def history_image(reference: str, report: Say) -> OciImage:
    """An image with Spark where Stackable's has it, for its user.

    Args:
        reference: the name that it gets.
        report: where signs of life go.

    Raises:
        MissingToolError: when a part can't be downloaded.
    """
    environment = _ENVIRONMENT | {"SPARK_HOME": f"/{STACKABLE_HOME}"}
    return image(
        reference, spark_layers(report), Defaults(environment=environment, user="1000", directory="/stackable")
    )


def added_jars() -> dict[str, str]:
    """URL of each jar that the Dockerfile adds, to its SHA-256."""
    return {match["url"]: match["checksum"] for match in _ADDED.finditer(DOCKERFILE.read_text())}


def spark_layers(report: Say) -> tuple[Layer, ...]:
    """Debian, Spark, the jars beside its own, and the entry point: what changes most often last."""
    jars = added_jars()
    entrypoint = hashlib.sha256(ENTRYPOINT.read_bytes()).hexdigest()
    return (
        debian_layer("debian-java", PACKAGES, report),
        pyspark_layer(report),
        cached_layer("spark-jars", repr(jars), lambda layer, place: _write_jars(layer, jars, place, report), report),
        cached_layer("spark-entrypoint", f"1 {entrypoint}", lambda layer, _: _write_entrypoint(layer), report),
    )


def pyspark_layer(report: Say) -> Layer:
    """Spark itself, in its home."""
    return cached_layer("pyspark", f"2 {PYSPARK_SHA256}", _write_spark, report)


def _write_spark(layer: LayerWriter, place: Path) -> None:
    with tarfile.open(_package(place), mode="r|gz") as package:
        for entry in package:
            name = in_home(entry.name)
            if name is not None and (entry.isreg() or entry.isdir()):
                entry.name = f"{HOME}/{name}"
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                entry.mode = 0o755 if entry.isdir() or name.startswith(("bin/", "sbin/")) else 0o644
                layer.entry(entry, package.extractfile(entry) if entry.isreg() else None)


def in_home(name: str) -> str | None:
    """Where a file of the package belongs in Spark's home."""
    path = PurePosixPath(*PurePosixPath(name).parts[1:])
    for ours, theirs in _DIRECTORIES.items():
        if path.is_relative_to(theirs):
            return str(PurePosixPath(ours) / path.relative_to(theirs))
    return None


def _package(place: Path) -> Path:
    """PyPI's package of Spark: sources, which pip checks against the checksum and would build for minutes."""
    requirements = place / "requirements.txt"
    requirements.write_text(f"pyspark=={PYSPARK} --hash=sha256:{PYSPARK_SHA256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    options = ["--no-binary", ":all:", "--require-hashes", "--dest", str(place), "--requirement", str(requirements)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    found = sorted(place.glob("pyspark-*.tar.gz"))
    if done.returncode != 0 or not found:
        raise MissingToolError(f"PyPI's pyspark {PYSPARK} could not be downloaded:\n{done.stderr.strip()[-1000:]}")
    return found[0]


def _write_jars(layer: LayerWriter, jars: dict[str, str], place: Path, report: Say) -> None:
    for file in _downloaded(jars, place, report):
        layer.file(f"{HOME}/jars/{file.name}", file)


def _downloaded(jars: dict[str, str], place: Path, report: Say) -> Iterator[Path]:
    for url, checksum in jars.items():
        file = place / url.rpartition("/")[2]
        download_file(url, checksum, file, report)
        yield file


def _write_entrypoint(layer: LayerWriter) -> None:
    layer.file("opt/entrypoint.sh", ENTRYPOINT, 0o755)
    layer.directory(f"{HOME}/conf")
    layer.directory(f"{HOME}/work-dir", 0o775, user=USER)
    layer.link(STACKABLE_HOME, f"/{HOME}")
