"""A layer of Debian packages, put together without installing them and without any right.

apt resolves and checks the packages as for an empty machine, and their files go into the layer as they are packed. No
script of a package runs: the links, users and certificates that such scripts would make, and that programs here need,
are written by this module. Leaves out documentation and translations.
Source: Debian Policy, 9.1 and 9.2; base-files, base-passwd and ca-certificates, their postinst.
"""

import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from images.spark.truststore import java_truststore
from local_cluster.images.layer import Layer, LayerWriter, cached_layer
from offline.debian_package import download_packages
from offline.progress import Say

USERS = {"root": 0, "spark": 185, "nobody": 65534}

BUNDLE = "etc/ssl/certs/ca-certificates.crt"
TRUSTSTORE = "etc/ssl/certs/java/cacerts"

# Part of what a change here makes anew.
_RECIPE = "5"
_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_LEFT_OUT = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/share/lintian")
_AUTHORITIES = "usr/share/ca-certificates/mozilla/"
# What update-alternatives would choose, where the packages bring it.
_ALTERNATIVES = {
    "usr/bin/awk": "usr/bin/mawk",
    "usr/bin/which": "usr/bin/which.debianutils",
    "usr/bin/java": "usr/lib/jvm/java-17-openjdk-*/bin/java",
}


def debian_layer(name: str, packages: Sequence[str], report: Say) -> Layer:
    """A root file system with packages and all that they need.

    Args:
        name: for people.
        packages: names of packages, beside those that every Debian has.
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no apt here, or it can't download.
    """

    def write(layer: LayerWriter, sources: Path) -> None:
        archives = download_packages(["?essential", *packages], sources / "packages", complete=True)
        _write(layer, archives)

    return cached_layer(name, f"{_RECIPE} {sorted(packages)}", write, report)


def _write(layer: LayerWriter, archives: Iterable[Path]) -> None:
    for directory in _MERGED:
        layer.link(directory, f"usr/{directory}")
    write_users(layer)
    layer.directory("tmp", 0o1777)
    layer.directory("var/tmp", 0o1777)
    names: list[str] = []
    authorities: list[bytes] = []
    for archive in archives:
        for entry, content in _files(archive):
            names.append(entry.name)
            if entry.name.startswith(_AUTHORITIES) and content is not None:
                authorities.append(content.read())
                continue
            layer.entry(entry, content)
    for link, pattern in _ALTERNATIVES.items():
        target = next((name for name in names if PurePosixPath(name).match(pattern)), None)
        if target is not None:
            layer.link(link, f"/{target}")
    if authorities:
        layer.file(BUNDLE, b"".join(authorities))
        layer.file(TRUSTSTORE, java_truststore(b"".join(authorities).decode()))


def write_users(layer: LayerWriter) -> None:
    """Add users and groups, and where their names are looked up."""
    layer.file("etc/passwd", "".join(f"{user}:x:{id}:{id}::/tmp:/bin/sh\n" for user, id in USERS.items()).encode())
    layer.file("etc/group", "".join(f"{user}:x:{id}:\n" for user, id in USERS.items()).encode())
    layer.file("etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")


def _files(archive: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """Files of a package, where they lie on a system whose /bin is /usr/bin."""
    command = ["dpkg-deb", "--fsys-tarfile", str(archive)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as packed,
    ):
        for entry in packed:
            entry.name = merged(entry.name)
            if entry.islnk():
                entry.linkname = merged(entry.linkname)
            if not entry.name.startswith(_LEFT_OUT) and not (entry.isdir() and entry.name in _MERGED):
                yield entry, packed.extractfile(entry) if entry.isreg() else None


def merged(name: str) -> str:
    """Where a packed file lies on a system whose /bin is /usr/bin."""
    path = PurePosixPath(name)
    return str(PurePosixPath("usr") / path if len(path.parts) > 1 and path.parts[0] in _MERGED else path)
