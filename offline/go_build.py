"""Builds programs from the Go modules in `tools/`, for tools that are not at hand in another way.

Each module pins what it needs in `go.mod`, and `go.sum` holds the checksums.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from offline.go_toolchain import find_go, run_go
from offline.progress import Say, step

MODULES = Path(__file__).resolve().parent.parent / "tools"

_BUILD_CACHE = "GOCACHE"
_PASSING = "moka-go-build-"
# Nobody debugs what is built here, and the linker would drop what a debugger reads.
_COMPILER_FLAGS = "all=-dwarf=false"
_DIGEST = 12


@dataclass(frozen=True)
class GoProgram:
    """A program of a module.

    Args:
        name: of the executable.
        module: directory of its `go.mod`.
        package: what is built.
        link_flags: more flags for the linker.
        duration: how long a first build takes, in words.
        tags: build constraints that hold, which leave parts out.
    """

    name: str
    module: Path
    package: str = "."
    link_flags: str = ""
    duration: str = ""
    tags: tuple[str, ...] = ()

    @property
    def tag_options(self) -> list[str]:
        """What Go is told of its tags."""
        return ["-tags", ",".join(self.tags)] if self.tags else []

    @property
    def go_name(self) -> str:
        """What Go calls the executable: the end of the package's path, without a major version."""
        *_, before, last = ("", *self.package.split("/"))
        return before if re.fullmatch(r"v\d+", last) else last


def source_digest(files: Iterable[Path], *words: str) -> str:
    """Names what is built by what it is built from.

    Args:
        files: sources and pins.
        words: what else makes another program, such as flags.
    """
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    digest.update("\0".join(words).encode())
    return digest.hexdigest()[:_DIGEST]


def sources_of(module: Path) -> list[Path]:
    """A module's own sources, and its pins."""
    return sorted([*module.glob("*.go"), module / "go.mod", module / "go.sum"])


def build(program: GoProgram, place: Path, report: Say) -> None:
    """Put the program into `place/bin`.

    Raises:
        MissingToolError: when there is no Go, or the build fails; the message ends with the compiler's last lines.
    """
    build_together([program], place, report)


def build_together(
    programs: Sequence[GoProgram], place: Path, report: Say, *, files: Mapping[str, Path] | None = None
) -> None:
    """Put programs of one module into `place/bin`; they share one run of the compiler, and what they have in common.

    Args:
        programs: of the same module, with the same flags.
        place: directory in the cache.
        report: where signs of life go.
        files: more files for `place`, by name.

    Raises:
        MissingToolError: when there is no Go, or the build fails; the message ends with the compiler's last lines.
    """
    first = programs[0]
    place.parent.mkdir(parents=True, exist_ok=True)
    go = find_go(place.parent, first.module, report)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        made = Path(scratch) / "made"
        (made / "bin").mkdir(parents=True)
        output = made / "bin" / first.name if len(programs) == 1 else made / "bin"
        flags = f"-s -w {first.link_flags}".rstrip()
        packages = [program.package for program in programs]
        with step(f"building {place.name} from source, {first.duration}", report):
            command = [go, "build", *first.tag_options, "-gcflags", _COMPILER_FLAGS, "-ldflags", flags]
            run_go([*command, "-o", str(output), *packages], first.module, f"building {place.name}")
        for program in programs if len(programs) > 1 else ():
            (made / "bin" / program.go_name).rename(made / "bin" / program.name)
        for name, file in (files or {}).items():
            shutil.copyfile(file, made / name)
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)


@contextmanager
def passing_cache() -> Iterator[None]:
    """Compile into a cache of its own while the context lasts: what large programs leave behind is many GiB.

    Programs that are built in one context share what they have in common, contexts within it included.
    """
    before = os.environ.get(_BUILD_CACHE)
    if before is not None and Path(before).name.startswith(_PASSING):
        yield
        return
    with tempfile.TemporaryDirectory(prefix=_PASSING) as cache:
        os.environ[_BUILD_CACHE] = cache
        try:
            yield
        finally:
            if before is None:
                del os.environ[_BUILD_CACHE]
            else:
                os.environ[_BUILD_CACHE] = before


def module_source(module: Path, path: str, cache: Path, report: Say) -> Path:
    """The sources of a module that another one pins, as the module proxy has them.

    Args:
        module: directory of the `go.mod` and `go.sum` that pin it.
        path: its import path.
        cache: where a Go is put if there is none.
        report: where signs of life go.

    Returns:
        A directory that must not be written to.

    Raises:
        MissingToolError: when there is no Go, or the module can't be had.
    """
    command = [find_go(cache, module, report), "mod", "download", "-json", path]
    return Path(json.loads(run_go(command, module, f"downloading {path}"))["Dir"])


def with_own_sources(module: Path, path: str, scratch: Path, cache: Path, report: Say) -> tuple[Path, Path]:
    """A copy of a module that builds from a copy of another one's sources, which may be changed.

    Args:
        module: directory of the `go.mod` and `go.sum`.
        path: import path of the other.
        scratch: where the copies go.
        cache: where a Go is put if there is none.
        report: where signs of life go.

    Returns:
        The module's copy, and that of the sources.

    Raises:
        MissingToolError: when there is no Go, or the sources can't be had.
    """
    source = scratch / "source"
    shutil.copytree(module_source(module, path, cache, report), source, copy_function=shutil.copyfile)
    for each in (source, *source.rglob("*")):
        if each.is_dir():
            # The module cache is read-only, and so would the copy be.
            each.chmod(0o755)
    copy = Path(shutil.copytree(module, scratch / "module"))
    with (copy / "go.mod").open("a") as pins:
        pins.write(f"\nreplace {path} => {source}\n")
    return copy, source
