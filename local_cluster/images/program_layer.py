"""A layer with a program, its shared libraries, and what any program expects of a file system.

For programs that an official release, a Go build or the user brings: what they link to is taken from this machine, as
its loader finds it. Leaves out libraries that a program loads by name while it runs.
"""

import hashlib
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from local_cluster.images.debian_layer import write_users
from local_cluster.images.layer import Layer, LayerWriter, cached_layer
from offline.progress import Say

# As `ldd` prints a library: where it was found, with a name before the arrow or without.
_LIBRARY = re.compile(r"^\s+(?:(?P<name>\S+) => )?(?P<path>/\S+) \(0x", re.MULTILINE)
_RECIPE = "1"
_BLOCK = 1 << 20


def program_layer(
    name: str, files: Mapping[str, Path], report: Say, *, directories: Mapping[str, int] | None = None
) -> Layer:
    """A layer that a program runs in, as any user.

    Args:
        name: for people.
        files: what the layer holds, by path; programs bring their libraries along.
        report: where signs of life go.
        directories: owner of each directory that an image of this program has, by path.
    """
    libraries = dict(each for path in files.values() for each in shared_libraries(path))
    owned = directories or {}

    def write(layer: LayerWriter, _: Path) -> None:
        write_users(layer)
        layer.directory("tmp", 0o1777)
        layer.directory("etc/ssl/certs")
        for path, owner in owned.items():
            layer.directory(path, user=owner, group=owner)
        for path, source in {**libraries, **files}.items():
            layer.file(path, source, 0o755)

    contents = "".join(f"{path} {_digest(source)}\n" for path, source in sorted({**libraries, **files}.items()))
    return cached_layer(name, f"{_RECIPE} {sorted(owned.items())} {contents}", write, report)


def shared_libraries(program: Path) -> Iterator[tuple[str, Path]]:
    """Libraries of a program, each where a loader in the image looks for it, with its file on this machine."""
    done = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    yield from libraries_in(done.stdout)


def libraries_in(listing: str) -> Iterator[tuple[str, Path]]:
    """What `ldd` lists; nothing for a program without libraries."""
    for match in _LIBRARY.finditer(listing):
        path = Path(match["path"])
        # The loader's own path is part of the program. Any other is found by name where loaders look at last.
        place = str(path) if match["name"] in {None, str(path)} else f"/usr/lib/{match['name']}"
        yield place.lstrip("/"), path


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
