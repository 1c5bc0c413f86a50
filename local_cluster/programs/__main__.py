"""Makes the programs of clusters: `python -m local_cluster.programs`; those of real nodes where they can run.

With `--images` also those that the platform's images hold, which a cluster makes when a real node needs one.
"""

import sys

from local_cluster.images.programs import IMAGE_PROGRAMS
from local_cluster.nodes.real.requirements import problems
from local_cluster.programs.project import find
from local_cluster.programs.sets import REAL, SIMULATED, find_programs
from offline.errors import MissingToolError
from offline.go_build import passing_cache
from offline.progress import say

_IMAGES = "--images"


def main(arguments: list[str]) -> None:
    """Make sure that the programs are at hand, and say where."""
    if arguments not in ([], [_IMAGES]):
        sys.exit(f"{' '.join(arguments)} is not understood; there is {_IMAGES}")
    simulated_only = bool(problems())
    try:
        # They have much in common, and compile it once.
        with passing_cache():
            found = find_programs(SIMULATED if simulated_only else (*SIMULATED, *REAL), say)
            if arguments and not simulated_only:
                found |= find(IMAGE_PROGRAMS, say)
    except MissingToolError as error:
        sys.exit(str(error))
    for path in found.values():
        print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
