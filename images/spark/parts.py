"""Lays out in the image what is downloaded whole; runs while it is built, with Python alone.

    parts.py spark <pyspark sdist> <home> <home of its Python half>
    parts.py sdk <bundle jar> <directory> <service>...

Spark is PyPI's `pyspark`, which holds the whole of it but the scripts of an image. The bundle of the AWS SDK holds
clients of some 400 services in 640 MB, of which S3A uses six: the rest is left out, and all that is no service stays.
Source: apache/spark-docker, 4.1.2/scala2.13-java21-python3-ubuntu/Dockerfile, for where things lie.
"""

import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

# Directory of the package, by the one in Spark's home.
JVM = {"bin": "deps/bin", "sbin": "deps/sbin", "jars": "deps/jars"}
PYTHON = {
    "data": "deps/data",
    "examples/src/main/python": "deps/examples",
    "python/lib": "lib",
    "python/pyspark": "pyspark",
}
_SDK = PurePosixPath("software/amazon/awssdk")
_SERVICES = _SDK / "services"
# What stands outside and is of no use without the client of one.
_ABOVE = {_SDK / "enhanced" / "dynamodb": "dynamodb", _SDK / "metrics" / "publishers" / "cloudwatch": "cloudwatch"}


def unpack_spark(package: Path, jvm: Path, python: Path) -> None:
    """Put Spark's files where its own image has them: what the JVM runs into one directory, the rest into another."""
    with tarfile.open(package, mode="r|gz") as files:
        for file in files:
            for home, directories in ((jvm, JVM), (python, PYTHON)):
                name = name_in_home(file.name, directories)
                content = files.extractfile(file) if name and file.isreg() else None
                if name and content:
                    target = home / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content.read())
                    target.chmod(0o755 if name.startswith(("bin/", "sbin/")) else 0o644)
    (jvm / "conf").mkdir()


def name_in_home(name: str, directories: dict[str, str]) -> str | None:
    """Where a file of the package belongs in Spark's home; None if it is in none of the directories."""
    path = PurePosixPath(*PurePosixPath(name).parts[1:])
    for ours, theirs in directories.items():
        if path.is_relative_to(theirs):
            return str(PurePosixPath(ours) / path.relative_to(theirs))
    return None


def keep_services(bundle: Path, target: Path, services: set[str]) -> None:
    """Copy a bundle of the AWS SDK without the clients of other services.

    Raises:
        SystemExit: when it has no client of that name.
    """
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as kept:
        known = {service for name in source.namelist() if (service := service_of(name))}
        if unknown := services - known:
            sys.exit(
                f"the AWS SDK's bundle has no service {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}"
            )
        for entry in source.infolist():
            service = service_of(entry.filename)
            if service is None or service in services:
                kept.writestr(entry, source.read(entry))
    target.chmod(0o644)


def service_of(name: str) -> str | None:
    """Which service's client a file of the bundle belongs to, or builds upon; None if to none."""
    path = PurePosixPath(name)
    if above := next((service for place, service in _ABOVE.items() if path.is_relative_to(place)), None):
        return above
    parts = path.relative_to(_SERVICES).parts if path.is_relative_to(_SERVICES) else ()
    return parts[0] if parts else None


if __name__ == "__main__":
    what, downloaded, target, *more = sys.argv[1:]
    if what == "spark":
        unpack_spark(Path(downloaded), Path(target), Path(*more))
    else:
        keep_services(Path(downloaded), Path(target) / Path(downloaded).name, set(more))
