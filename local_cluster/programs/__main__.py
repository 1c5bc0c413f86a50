"""Makes the programs of clusters with simulated nodes: `python -m local_cluster.programs`."""

import sys

from local_cluster.programs.sets import find_simulated
from offline.errors import MissingToolError
from offline.progress import say


def main() -> None:
    """Make sure that the programs are at hand, and say where."""
    try:
        for path in find_simulated(say).values():
            print(path)
    except MissingToolError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
