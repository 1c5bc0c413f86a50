"""Spark's image, and the one that the History Server runs in, from registries of packages.

Spark itself is PyPI's `pyspark`, which holds the whole of it but the scripts of an image; Java, Python and a shell are
those of this machine's Debian; everything else is what images/spark/Dockerfile names, with its checksums, and lies
where it puts it. `make verify-images` builds and runs the Dockerfile itself.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from images.spark.parts import JVM, PYTHON, keep_services, name_in_home
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

RECIPE = Path(__file__).resolve().parent.parent.parent / "images" / "spark"
ENTRYPOINT = RECIPE / "entrypoint.sh"
_DOCKERFILE = (RECIPE / "Dockerfile").read_text()
# What lays jars and packages out is part of what a layer is made from.
_LAID_OUT = hashlib.sha256((RECIPE / "parts.py").read_bytes()).hexdigest()

PACKAGES = ("openjdk-17-jre-headless", "python3", "tini", "ca-certificates", "procps")

USER = 185
HOME = "opt/spark"
# Stages of the Dockerfile that download a Spark and what belongs to it.
PARTS = "parts"
HISTORY_PARTS = "history-parts"

_ADDED = re.compile(
    r"^ADD .*--checksum=sha256:(?P<checksum>[0-9a-f]{64}) \\\n\s+\$\{(?P<place>\w+)\}/(?P<path>\S+) \\\n", re.MULTILINE
)
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
    """An image for the History Server.

    Args:
        reference: the name that it gets.
        report: where signs of life go.

    Raises:
        MissingToolError: when a part can't be downloaded.
    """
    environment = _ENVIRONMENT | {"SPARK_HOME": f"/{HOME}"}
    return image(
        reference,
        _spark(HISTORY_PARTS, report),
        Defaults(environment=environment, user=str(USER), directory=f"/{HOME}"),
    )


def argument(name: str) -> str:
    """Default of an argument of the Dockerfile."""
    (value,) = re.findall(rf"^ARG {name}=\"?([^\"\n]*)\"?$", _DOCKERFILE, re.MULTILINE)
    return value


def added(suffix: str, stage: str = PARTS) -> dict[str, str]:
    """URL of each file that a stage of the Dockerfile adds and whose name ends so, to its SHA-256."""
    found = {f"{argument(each['place'])}/{each['path']}": each["checksum"] for each in _ADDED.finditer(_text_of(stage))}
    return {url: checksum for url, checksum in found.items() if url.endswith(suffix)}


def kept_services(stage: str = PARTS) -> set[str]:
    """Services of the AWS SDK whose clients a stage of the Dockerfile keeps."""
    (words,) = re.findall(r"parts\.py sdk \S+ \S+ ([a-z0-9 ]+?) (?:\$\{AWS_SERVICES\} )?\\\n", _text_of(stage))
    return set(words.split())


def _text_of(stage: str) -> str:
    (text,) = (each for each in _DOCKERFILE.split("\nFROM ") if each.partition("\n")[0].endswith(f" AS {stage}"))
    return text


def spark_layers(report: Say) -> tuple[Layer, ...]:
    """Debian, Spark, the jars beside its own, and the entry point: what changes most often last."""
    entrypoint = hashlib.sha256(ENTRYPOINT.read_bytes()).hexdigest()
    return (
        *_spark(PARTS, report),
        cached_layer("spark-entrypoint", f"2 {entrypoint}", lambda layer, _: _write_entrypoint(layer), report),
    )


def _spark(stage: str, report: Say) -> tuple[Layer, ...]:
    """Debian, and what a stage of the Dockerfile downloads."""
    jars, services = added(".jar", stage), kept_services(stage)
    return (
        debian_layer("debian-java", PACKAGES, report),
        pyspark_layer(report, stage),
        cached_layer(
            "spark-jars",
            repr((jars, sorted(services), _LAID_OUT)),
            lambda layer, place: _write_jars(layer, jars, services, place, report),
            report,
        ),
    )


def pyspark_layer(report: Say, stage: str = PARTS) -> Layer:
    """Spark itself, in its home."""
    ((url, checksum),) = added(".tar.gz", stage).items()
    return cached_layer(
        "pyspark",
        f"4 {checksum} {_LAID_OUT}",
        lambda layer, place: _write_spark(layer, _package(url, checksum, place)),
        report,
    )


def _write_spark(layer: LayerWriter, archive: Path) -> None:
    with tarfile.open(archive, mode="r|gz") as package:
        for entry in package:
            name = name_in_home(entry.name, JVM | PYTHON)
            if name is not None and (entry.isreg() or entry.isdir()):
                entry.name = f"{HOME}/{name}"
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                entry.mode = 0o755 if entry.isdir() or name.startswith(("bin/", "sbin/")) else 0o644
                layer.entry(entry, package.extractfile(entry) if entry.isreg() else None)


def _package(url: str, checksum: str, place: Path) -> Path:
    """PyPI's package of Spark: sources, which pip checks against the checksum and would build for minutes.

    By pip rather than from the URL, because pip knows the mirror that a machine may have instead.
    """
    (version,) = re.findall(r"/pyspark-([\d.]+)\.tar\.gz$", url)
    requirements = place / "requirements.txt"
    requirements.write_text(f"pyspark=={version} --hash=sha256:{checksum}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    options = ["--require-hashes", "--no-binary", ":all:", "--dest", str(place), "--requirement", str(requirements)]
    # pip asks the package's own code for its name. In isolation it would install what that needs without a checksum.
    options.append("--no-build-isolation")
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    found = sorted(place.glob("pyspark-*.tar.gz"))
    if done.returncode != 0 or not found:
        raise MissingToolError(f"PyPI's pyspark {version} could not be downloaded:\n{done.stderr.strip()[-1000:]}")
    return found[0]


def _write_jars(layer: LayerWriter, jars: dict[str, str], services: set[str], place: Path, report: Say) -> None:
    for file in _downloaded(jars, place, report):
        written = file
        if file.name.startswith("bundle-"):
            written = place / "kept" / file.name
            written.parent.mkdir()
            keep_services(file, written, services)
        layer.file(f"{HOME}/jars/{file.name}", written)


def _downloaded(jars: dict[str, str], place: Path, report: Say) -> Iterator[Path]:
    for url, checksum in jars.items():
        file = place / url.rpartition("/")[2]
        download_file(url, checksum, file, report)
        yield file


def _write_entrypoint(layer: LayerWriter) -> None:
    layer.file("opt/entrypoint.sh", ENTRYPOINT, 0o755)
    layer.directory(f"{HOME}/conf")
    layer.directory(f"{HOME}/work-dir", 0o755, user=USER, group=USER)
