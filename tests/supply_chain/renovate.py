"""The real Renovate, which says what it sees in a tree: no network is asked, and nothing is changed.

Leaves out what it would propose, for which it would ask registries.
Source: Renovate documentation, "Self-hosted configuration": platform local, dryRun extract, reportType file.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offline.go_build import MODULES
from offline.npm_program import npm_program
from offline.progress import say
from tests.supply_chain.files import ROOT, files

CONFIGURATION = Path(".github") / "renovate.json"
# Otherwise it looks away from what GitHub would have to be asked for.
_NO_TOKEN = "none"
# Levels of bunyan, in which Renovate counts.
_INFORMATION = 30


@dataclass(frozen=True)
class Seen:
    """What Renovate sees.

    Args:
        dependencies: of each file, by its path in the tree.
        managers: those of its parts that found some.
        problems: what it complains of.
    """

    dependencies: Mapping[str, list[dict[str, Any]]]
    managers: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()

    def values(self, name: str) -> Counter[str]:
        """Versions and digests of a file, each as often as Renovate would change it there."""
        found = Counter[str]()
        for one in self.dependencies.get(name, []):
            for key in ("currentValue", "currentDigest", "lockedVersion"):
                if value := one.get(key):
                    # It changes all of them in what it has matched.
                    found[value] += max(1, one.get("replaceString", "").count(value))
        return found


def copy_of_the_tree(place: Path) -> Path:
    """The files that git knows or would add, where no git is."""
    for path in (*files(), *files(planted=True)):
        target = place / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return place


def seen(tree: Path, scratch: Path) -> Seen:
    """What Renovate sees in a tree, by the tree's own configuration.

    Args:
        tree: directory of the files; not below a repository of git.
        scratch: directory for what it writes.
    """
    report = scratch / "report.json"
    variables = {
        "RENOVATE_PLATFORM": "local",
        "RENOVATE_DRY_RUN": "extract",
        "RENOVATE_REPORT_TYPE": "file",
        "RENOVATE_REPORT_PATH": str(report),
        "RENOVATE_GITHUB_COM_TOKEN": _NO_TOKEN,
    }
    done = run("renovate", tree, scratch, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    (repository,) = json.loads(report.read_text())["repositories"].values()
    dependencies: dict[str, list[dict[str, Any]]] = {}
    for name, found in _by_file(repository["packageFiles"]):
        dependencies.setdefault(name, []).extend(found)
    problems = tuple(each["msg"] for each in repository["problems"] if each["level"] > _INFORMATION)
    return Seen(dependencies, frozenset(repository["packageFiles"]), problems)


def _by_file(package_files: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for found in package_files.values():
        for each in found:
            # A version that a lock file holds is one of the file that the lock is made from.
            for name in (each["packageFile"], *each.get("lockFiles", ())):
                yield name, each["deps"]


def run(
    program: str, directory: Path, scratch: Path, *words: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run one of Renovate's programs, without anybody's own settings.

    Args:
        program: renovate, or config-validator.
        directory: where it runs.
        scratch: directory for what it writes.
        words: arguments.
        variables: environment.
    """
    home = {"PATH": os.environ["PATH"], "HOME": str(scratch), "RENOVATE_BASE_DIR": str(scratch / "base")}
    command = [*npm_program(MODULES / "renovate", say), program, *words]
    environment = {**home, "LOG_LEVEL": "warn", **variables}
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
