"""A project's programs built from a module that `tools/` pins, for machines that can't have its release.

What is built is named by what it is built from, so that a changed pin or source is built anew.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from local_cluster.programs.project import Make, Way
from offline.errors import MissingToolError
from offline.go_build import GoProgram, build_together, source_digest, sources_of, with_own_sources
from offline.progress import Say
from offline.tool_cache import cache_directory


@dataclass(frozen=True)
class SourceChange:
    """What is done to a file of a module's sources before they are built.

    Args:
        file: its path.
        old: what stands there, once; empty where the sources lack the file.
        new: what stands there instead.
    """

    file: str
    old: str
    new: str

    def apply(self, source: Path) -> None:
        """Change the sources.

        Raises:
            MissingToolError: when they are not those that were meant.
        """
        file = source / self.file
        text = file.read_text() if file.exists() else ""
        if text.count(self.old) != 1:
            raise MissingToolError(f"{self.file} does not hold {self.old!r} once, so it can't be changed")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace(self.old, self.new))


@dataclass(frozen=True)
class Build:
    """How programs of one module are built.

    Args:
        version: of the module.
        programs: of the module.
        files: paths in a module's sources, by the name that a file gets beside `bin`.
        changed: import path of the module whose sources are changed; it is among those that are pinned.
        changes: what is done to them.
    """

    version: str
    programs: Sequence[GoProgram]
    files: Callable[[Path, Say], Mapping[str, Path]] = field(default=lambda _cache, _report: {})
    changed: str = ""
    changes: Sequence[SourceChange] = ()

    def way(self) -> Way:
        """The build as one way to make a project's programs."""
        # Two sets of programs can come from one module.
        names, flags = ([getattr(each, name) for each in self.programs] for name in ("name", "link_flags"))
        tags = chain.from_iterable(each.tags for each in self.programs)
        digest = source_digest(
            sources_of(self._module),
            *names,
            *flags,
            *tags,
            *(each for change in self.changes for each in (change.file, change.old, change.new)),
        )
        return built(self.version, digest, self.make, self.programs[:1])

    def make(self, place: Path, report: Say) -> None:
        """Put the programs into `<place>/bin`.

        Raises:
            MissingToolError: when they can't be built.
        """
        files = self.files(cache_directory(), report)
        if not self.changes:
            return build_together(self.programs, place, report, files=files)
        with tempfile.TemporaryDirectory(dir=cache_directory()) as scratch:
            module, source = with_own_sources(self._module, self.changed, Path(scratch), cache_directory(), report)
            for change in self.changes:
                change.apply(source)
            programs = [replace(each, module=module) for each in self.programs]
            return build_together(programs, place, report, files=files)

    @property
    def _module(self) -> Path:
        return self.programs[0].module


def built(version: str, digest: str, make: Make, sources: Sequence[GoProgram] = ()) -> Way:
    """A build.

    Args:
        version: of what is built.
        digest: of what it is built from.
        make: builds it.
        sources: programs whose modules are downloaded to that end.
    """
    return Way(f"{version}-built-{digest}", version, make, sources)
