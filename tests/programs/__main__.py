"""Makes the programs before tests need them: `python -m tests.programs [PROJECT ...]`, all of them without a name."""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from local_cluster.images.programs.alertmanager import ALERTMANAGER
from local_cluster.images.programs.collector import COLLECTOR
from local_cluster.images.programs.prometheus import PROMETHEUS
from local_cluster.programs.project import find
from offline.errors import MissingToolError
from offline.go_build import passing_cache
from offline.progress import say
from tests.live_ui.programs import NGINX, OAUTH2_PROXY
from tests.programs.log4j import find_log4j
from tests.stacks.linters.checkov import find_checkov
from tests.stacks.linters.programs import KUBE_SCORE
from tests.workflows.programs import ACTIONLINT

PROJECTS = {
    project.name: project
    for project in (PROMETHEUS, ALERTMANAGER, COLLECTOR, NGINX, OAUTH2_PROXY, ACTIONLINT, KUBE_SCORE)
}


def main(names: list[str]) -> None:
    """Make sure that the programs are at hand, and say where."""
    known = (*PROJECTS, *OTHERS)
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"no programs are called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    try:
        # They have much in common, and compile it once.
        with passing_cache():
            for name in names or known:
                for path in _paths(name):
                    print(path)
    except MissingToolError as error:
        sys.exit(str(error))


def _paths(name: str) -> Iterable[Path]:
    return OTHERS[name]() if name in OTHERS else find([PROJECTS[name]], say).values()


def _log4j() -> Iterable[Path]:
    log4j = find_log4j(say)
    return (log4j.java, *log4j.jars)


# What no project makes.
OTHERS: Mapping[str, Callable[[], Iterable[Path]]] = {"log4j": _log4j, "checkov": lambda: [find_checkov(say)]}

if __name__ == "__main__":
    main(sys.argv[1:])
