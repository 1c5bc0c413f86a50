"""Programs that are released, or built, together, and kept in the user's cache.

A project's official release is tried first, checked against the checksum that it publishes. Where it can't be reached,
or there is none, the programs are built from a module that `tools/` pins. Either is named by its version or by what it
was built from.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from offline.errors import MissingToolError
from offline.go_build import GoProgram, build_together, passing_cache, with_own_sources
from offline.progress import Say
from offline.tool_cache import alone, cache_directory

_DIGEST = 12

Programs = Mapping[str, Path]
Way = Callable[[Path, Say], None]


@dataclass(frozen=True)
class SourceChange:
    """A fault of a version that is built here, mended as its project did in a later one.

    Args:
        path: import path of the module.
        file: in its sources.
        old: what stands there, once.
        new: what stands there instead.
    """

    path: str
    file: str
    old: str
    new: str

    def apply(self, source: Path) -> None:
        """Change the sources.

        Raises:
            MissingToolError: when they are not those that were meant.
        """
        text = (source / self.file).read_text()
        if text.count(self.old) != 1:
            raise MissingToolError(f"{self.path}: {self.file} does not hold {self.old!r} once, so it can't be mended")
        (source / self.file).write_text(text.replace(self.old, self.new))


@dataclass(frozen=True)
class Project:
    """Programs that are released, or built, together.

    Args:
        name: of the project.
        version: of the release.
        programs: names of the executables.
        release: puts the release's programs into `<place>/bin`; None where the project releases none.
        built_version: of the module, where its proxy lacks the release's.
        module: what they are built from.
        sources: the module's programs.
        files: paths in a module's sources, by the name that a file gets beside `bin`.
        change: what is mended in the sources before they are built.
    """

    name: str
    version: str
    programs: tuple[str, ...]
    release: Way | None
    module: Path
    sources: Sequence[GoProgram]
    built_version: str = ""
    files: Callable[[Path, Say], Mapping[str, Path]] = field(default=lambda _cache, _report: {})
    change: SourceChange | None = None

    def at_hand(self) -> Programs | None:
        """The programs, if the cache has them."""
        for place in (self._released, self._built):
            programs = {name: place / "bin" / name for name in self.programs}
            if all(path.is_file() for path in programs.values()):
                return programs
        return None

    def version_at_hand(self) -> str:
        """Version of the programs in the cache: the release's, or that of what was built."""
        released = all((self._released / "bin" / name).is_file() for name in self.programs)
        return self.version if released else self.built_version or self.version

    def make(self, report: Say) -> Programs:
        """Download or build them.

        Raises:
            MissingToolError: when neither works; the message says what was tried.
        """
        tried = []
        ways = [(self.release, self._released)] if self.release else []
        for way, place in [*ways, (self._build, self._built)]:
            try:
                way(place, report)
            except MissingToolError as error:
                tried.append(str(error))
                continue
            if found := self.at_hand():
                return found
            tried.append(f"{self.name}: {', '.join(self.programs)} are not all in what was downloaded")
        reasons = "\n".join(f"  {reason}" for reason in tried)
        raise MissingToolError(f"{self.name} {self.version} is needed and could not be had:\n{reasons}")

    @property
    def _released(self) -> Path:
        return cache_directory() / f"{self.name}-{self.version}"

    @property
    def _built(self) -> Path:
        digest = hashlib.sha256()
        for file in sorted([*self.module.glob("*.go"), self.module / "go.mod", self.module / "go.sum"]):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
        # Two sets of programs can come from one module.
        flags = [each.link_flags for each in self.sources]
        changed = [self.change.new] if self.change else []
        digest.update("\0".join((*self.programs, *flags, *changed)).encode())
        return (
            cache_directory() / f"{self.name}-{self.built_version or self.version}-built-{digest.hexdigest()[:_DIGEST]}"
        )

    def _build(self, place: Path, report: Say) -> None:
        files = self.files(cache_directory(), report)
        if self.change is None:
            return build_together(self.sources, place, report, files=files)
        with tempfile.TemporaryDirectory(dir=cache_directory()) as scratch:
            path = self.change.path
            module, source = with_own_sources(self.module, path, Path(scratch), cache_directory(), report)
            self.change.apply(source)
            changed = [replace(each, module=module) for each in self.sources]
            return build_together(changed, place, report, files=files)


def find(projects: Iterable[Project], report: Say) -> dict[str, Path]:
    """Where each program of some projects is.

    Args:
        projects: what is wanted.
        report: where the signs of life of downloads and builds go.

    Raises:
        MissingToolError: when a project's programs can't be had.
    """
    found: dict[str, Path] = {}
    missing = []
    for project in projects:
        if (programs := project.at_hand()) is None:
            missing.append(project)
        else:
            found |= programs
    if missing:
        with alone(f"the programs of {', '.join(each.name for each in missing)}", report), passing_cache():
            for project in missing:
                found |= project.at_hand() or project.make(report)
    return found
