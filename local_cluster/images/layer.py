"""One layer of an image: a tar file whose bytes depend on nothing but what it holds.

No compression: a layer goes from the cache into a node on the same machine.
"""

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from offline.progress import Say, step
from offline.tool_cache import alone, cache_directory

_BLOCK = 1 << 20
_DIGITS = 16


@dataclass(frozen=True)
class Layer:
    """A layer in a file.

    Args:
        path: of the file.
        digest: SHA-256 of the file, in hexadecimal.
        contents: SHA-256 of the tar in it, which is another one where the file is compressed.
        media_type: as OCI names it.
    """

    path: Path
    digest: str
    contents: str
    media_type: str = "application/vnd.oci.image.layer.v1.tar"

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size


class LayerWriter:
    """Writes the files of a layer, each with the directories above it.

    Args:
        archive: an open tar file.
    """

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._names: set[str] = set()

    def file(self, name: str, content: bytes | Path, mode: int = 0o644) -> None:
        """Add a file of root's."""
        entry = tarfile.TarInfo(name)
        entry.mode = mode
        if isinstance(content, bytes):
            entry.size = len(content)
            self.entry(entry, io.BytesIO(content))
            return
        entry.size = content.stat().st_size
        with content.open("rb") as file:
            self.entry(entry, file)

    def link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, target, 0o777
        self.entry(entry)

    def directory(self, name: str, mode: int = 0o755, user: int = 0, group: int = 0) -> None:
        """Add a directory."""
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, mode, user, group
        self.entry(entry)

    def entry(self, entry: tarfile.TarInfo, content: IO[bytes] | None = None) -> None:
        """Add what another archive holds; the first of a name stays."""
        entry.name = str(PurePosixPath(entry.name))
        if entry.name in self._names or entry.name == ".":
            return
        self._names.add(entry.name)
        parent = str(PurePosixPath(entry.name).parent)
        if parent not in self._names:
            self.directory(parent)
        self._archive.addfile(entry, content)


def cached_layer(name: str, inputs: str, write: Callable[[LayerWriter, Path], None], report: Say) -> Layer:
    """A layer out of the cache, or made.

    Args:
        name: for people.
        inputs: all that the layer is made from, such as versions and checksums; a changed one makes another layer.
        write: adds the files; it may use a directory that goes when the layer is made.
        report: where signs of life go.

    Raises:
        MissingToolError: when what it is made from can't be had.
    """
    place = cache_directory() / f"image-{name}-{hashlib.sha256(inputs.encode()).hexdigest()[:_DIGITS]}"
    if not place.is_dir():
        with alone(f"the image layer {name}", report):
            if not place.is_dir():
                _make(name, place, write, report)
    digest = json.loads((place / "layer.json").read_text())["digest"]
    return Layer(place / "layer.tar", digest, digest)


def _make(name: str, place: Path, write: Callable[[LayerWriter, Path], None], report: Say) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch, step(f"building the image layer {name}", report):
        made, sources = Path(scratch) / "made", Path(scratch) / "sources"
        made.mkdir()
        sources.mkdir()
        with tarfile.open(made / "layer.tar", "w") as archive:
            write(LayerWriter(archive), sources)
        digest = hashlib.sha256()
        with (made / "layer.tar").open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        (made / "layer.json").write_text(json.dumps({"digest": digest.hexdigest()}))
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)
