"""Finds the programs of a project: in the cache, on PATH, or made in one of several ways, in that order.

What the deployed image holds is the best judge, so a cached official release goes before anything on PATH.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from offline.errors import MissingToolError
from offline.progress import Say
from offline.tool_cache import alone, cache_directory

_PARTS = 3

Programs = Mapping[str, Path]


@dataclass(frozen=True)
class Way:
    """One way to make programs.

    Args:
        label: of the directory in the cache, with the version where the way knows it.
        make: puts the programs into `<directory>/bin`, or raises MissingToolError.
    """

    label: str
    make: Callable[[Path, Say], None]


@dataclass(frozen=True)
class Suite:
    """Programs that come together.

    Args:
        name: what the project is called.
        programs: names of the executables.
        version: that of the deployed image.
        oldest: the oldest version that will do.
        ways: how the programs are made where there are none; the first brings the deployed version.
        other_names: what a program may be called on PATH too.
    """

    name: str
    programs: tuple[str, ...]
    version: str
    oldest: str
    ways: tuple[Way, ...]
    other_names: Mapping[str, str]


def find(suite: Suite, report: Say) -> Programs:
    """Where each of the suite's programs is.

    Args:
        suite: what is wanted.
        report: where the signs of life of a download or a build go; nothing is said when the programs are at hand.

    Raises:
        MissingToolError: when no way leads to the programs; the message says what was tried.
    """
    found = _at_hand(suite)
    if found is None:
        with alone(suite.name, report):
            found = _at_hand(suite) or _make(suite, report)
    return found


def version_of(program: Path) -> tuple[int, ...] | None:
    """Version that a program gives of itself, or None when it does not run."""
    try:
        answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"version v?(\d+\.\d+\.\d+)", answer.stdout + answer.stderr)
    return _numbers(match.group(1)) if match else None


def _at_hand(suite: Suite) -> Programs | None:
    first, *others = (_in_directory(suite, _place(suite, way) / "bin") for way in suite.ways)
    for candidate in (first, _on_path(suite), *others):
        if candidate is not None:
            return candidate
    return None


def _make(suite: Suite, report: Say) -> Programs:
    tried = []
    for way in suite.ways:
        place = _place(suite, way)
        try:
            way.make(place, report)
        except MissingToolError as error:
            tried.append(str(error))
            continue
        made = _in_directory(suite, place / "bin")
        if made is not None:
            return made
        tried.append(f"{way.label}: its {', '.join(suite.programs)} do not run, or are older than {suite.oldest}")
    reasons = "\n".join(f"  {reason}" for reason in tried)
    raise MissingToolError(
        f"{suite.name} {suite.oldest} or newer is needed and could not be had:\n{reasons}\n"
        f"Install it, and put {' and '.join(suite.programs)} on PATH."
    )


def _place(suite: Suite, way: Way) -> Path:
    return cache_directory() / f"{suite.name.lower()}-{way.label}"


def _in_directory(suite: Suite, directory: Path) -> Programs | None:
    return _if_new_enough(suite, {name: directory / name for name in suite.programs})


def _on_path(suite: Suite) -> Programs | None:
    found = {name: next(_called(suite, name), None) for name in suite.programs}
    return _if_new_enough(suite, {name: path for name, path in found.items() if path is not None})


def _called(suite: Suite, name: str) -> Iterator[Path]:
    for candidate in (name, suite.other_names.get(name, name)):
        path = shutil.which(candidate)
        if path is not None:
            yield Path(path)


def _if_new_enough(suite: Suite, programs: Programs) -> Programs | None:
    """The programs, when all are there; they came together, so the first one's version is that of all."""
    if programs.keys() != set(suite.programs) or not all(os.access(path, os.X_OK) for path in programs.values()):
        return None
    version = version_of(programs[suite.programs[0]])
    return programs if version is not None and version >= _numbers(suite.oldest) else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".")[:_PARTS])
