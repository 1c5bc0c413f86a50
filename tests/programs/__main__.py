"""Makes the programs before tests need them: `python -m tests.programs [SUITE ...]`, all of them without a name."""

import sys

from offline.errors import MissingToolError
from offline.progress import say
from tests.programs.alertmanager import ALERTMANAGER
from tests.programs.collector import COLLECTOR
from tests.programs.prometheus import PROMETHEUS
from tests.programs.suite import find

SUITES = {suite.name.lower(): suite for suite in (PROMETHEUS, ALERTMANAGER, COLLECTOR)}


def main(names: list[str]) -> None:
    """Make sure that the programs are at hand, and say where."""
    unknown = set(names) - SUITES.keys()
    if unknown:
        sys.exit(f"no programs are called {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}")
    try:
        for name in names or SUITES:
            for path in find(SUITES[name], say).values():
                print(path)
    except MissingToolError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
