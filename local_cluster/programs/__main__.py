"""Makes the programs of clusters: `python -m local_cluster.programs`; those of real nodes where they can run."""

import sys

from local_cluster.nodes.real.requirements import problems
from local_cluster.programs.sets import REAL, SIMULATED, find_programs
from offline.errors import MissingToolError
from offline.progress import say


def main() -> None:
    """Make sure that the programs are at hand, and say where."""
    try:
        projects = SIMULATED if problems() else (*SIMULATED, *REAL)
        for path in find_programs(projects, say).values():
            print(path)
    except MissingToolError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
