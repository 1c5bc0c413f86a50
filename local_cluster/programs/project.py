"""Programs that come together, and the ways in which they can be had; they are kept in the user's cache.

A project's first way brings the version that is wanted: its official release, where it has one. Each further way is for
machines that can't have it, such as a build. What the cache holds of an earlier way goes before that of a later one.
Programs on PATH are never taken: what they say would depend on the version that a machine happens to have.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from offline.errors import MissingToolError
from offline.go_build import GoProgram, passing_cache
from offline.go_downloads import downloading
from offline.progress import Say
from offline.tool_cache import alone, cache_directory

Programs = Mapping[str, Path]
Make = Callable[[Path, Say], None]


@dataclass(frozen=True)
class Way:
    """One way to make a project's programs.

    Args:
        label: of their directory in the cache, after the project's name.
        version: of what it makes.
        make: puts them into `<directory>/bin`, or raises MissingToolError.
        sources: programs whose modules are downloaded to that end.
    """

    label: str
    version: str
    make: Make
    sources: Sequence[GoProgram] = ()


def released(version: str, make: Make) -> Way:
    """An official release."""
    return Way(version, version, make)


@dataclass(frozen=True)
class Project:
    """Programs that come together.

    Args:
        name: of the project.
        programs: names of the executables.
        ways: how they are made, in the order in which they are tried.
    """

    name: str
    programs: tuple[str, ...]
    ways: Sequence[Way]

    @property
    def version(self) -> str:
        """The one that is wanted."""
        return self.ways[0].version

    def at_hand(self) -> Programs | None:
        """The programs, if the cache has them."""
        return next((self._programs(way) for way in self.ways if self._has(way)), None)

    def version_at_hand(self) -> str:
        """Version of the programs in the cache; where there are none, that of the last resort."""
        return next((way.version for way in self.ways if self._has(way)), self.ways[-1].version)

    @property
    def sources(self) -> Iterator[GoProgram]:
        """What has to be downloaded if the programs have to be built."""
        for way in self.ways:
            yield from way.sources

    def make(self, report: Say, later: Iterable[GoProgram] = ()) -> Programs:
        """Make them in the first way that works.

        Args:
            report: where signs of life go.
            later: programs that will be built afterwards, should these have to be built.

        Raises:
            MissingToolError: when none does; the message says what was tried.
        """
        tried = []
        for way in self.ways:
            try:
                with downloading(later if way.sources else (), cache_directory()):
                    way.make(self._place(way), report)
            except MissingToolError as error:
                tried.append(str(error))
                continue
            if self._has(way):
                return self._programs(way)
            tried.append(f"{self.name}-{way.label} lacks some of {', '.join(self.programs)}")
        reasons = "\n".join(f"  {reason}" for reason in tried)
        raise MissingToolError(f"{self.name} {self.version} is needed and could not be had:\n{reasons}")

    def _place(self, way: Way) -> Path:
        return cache_directory() / f"{self.name}-{way.label}"

    def _programs(self, way: Way) -> Programs:
        return {name: self._place(way) / "bin" / name for name in self.programs}

    def _has(self, way: Way) -> bool:
        return all(path.is_file() for path in self._programs(way).values())


def find(projects: Iterable[Project], report: Say, later: Iterable[GoProgram] = ()) -> dict[str, Path]:
    """Where each program of some projects is.

    Args:
        projects: what is wanted.
        report: where the signs of life of downloads and builds go.
        later: programs that will be built afterwards, should these have to be built.

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
            for number, project in enumerate(missing, 1):
                sources = chain(*(each.sources for each in missing[number:]), later)
                found |= project.at_hand() or project.make(report, sources)
    return found
