"""Programs of this project that answer for others: built from `tools/`, kept in the user's cache.

A program's place is named by what it was built from, so that a changed source is built anew.
"""

from pathlib import Path

from offline.go_build import GoProgram, build, source_digest, sources_of
from offline.progress import Say
from offline.tool_cache import alone, cache_directory


def own_program(program: GoProgram, place_name: str, what: str, report: Say) -> Path:
    """A program's executable; built where the cache holds none.

    Args:
        program: its module, whose sources are all of it.
        place_name: of its directory in the cache.
        what: what it is, for those who wait while another process builds it.
        report: where the signs of life of a build go.

    Raises:
        MissingToolError: when it can't be built; the message ends with the compiler's last lines.
    """
    place = cache_directory() / f"{place_name}-{source_digest(sources_of(program.module))}"
    executable = place / "bin" / program.name
    if not executable.is_file():
        with alone(what, report):
            if not executable.is_file():
                build(program, place, report)
    return executable
