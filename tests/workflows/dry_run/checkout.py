"""A clean checkout, in which one piece of shell after the other is run."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.workflows.dry_run import stand_in
from tests.workflows.dry_run.steps import ROOT, Step

_STAND_INS = ("apt-get", "aws", "cosign", "curl", "docker", "gh", "sudo")
_IDENTITY = ("-c", "user.name=somebody", "-c", "user.email=somebody@company.internal")

Answer = tuple[str, str, int]


@dataclass(frozen=True)
class Done:
    """A piece of shell that has ended.

    Args:
        code: exit code.
        printed: what it printed, errors included.
        calls: what stand-ins were asked, a line each.
        outputs: what it left for later steps.
        variables: the same, as variables of the job.
        summary: what it left for people.
    """

    code: int
    printed: str
    calls: Sequence[str]
    outputs: str
    variables: str
    summary: str


class Checkout:
    """The project's files at hand as a repository of their own, with one commit on main.

    Args:
        place: directory for it.
    """

    def __init__(self, place: Path) -> None:
        self.root, self._place = place / "checkout", place
        self.programs = place / "bin"
        self.programs.mkdir(parents=True)
        listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        for name in subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\0"):
            if name and (source := ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, self.root / name)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("What is at hand")
        self.git("update-ref", "refs/remotes/origin/main", "main")
        self._set_up_python()
        for name in _STAND_INS:
            self.stand_in(name)

    def git(self, *words: str) -> str:
        """Run git, as somebody whom no configuration names."""
        command = ["git", "-C", str(self.root), *_IDENTITY, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def stand_in(self, name: str) -> Path:
        """A program on PATH that writes down what it is asked."""
        program = self.programs / name
        program.write_text(f"#!{sys.executable}\n{Path(stand_in.__file__).read_text()}")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return program

    def run(
        self, step: Step, variables: Mapping[str, str], answers: Sequence[Answer] = (), *, makes: bool = True
    ) -> Done:
        """Run a step as a pipeline would, with an error for every variable that nobody sets.

        Args:
            step: what is run.
            variables: what the pipeline sets.
            answers: of stand-ins.
            makes: whether `make` does what it is asked, or only says what it would do.
        """
        files = {name: self._place / name for name in ("CALLS", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
        for each in files.values():
            each.write_text("")
        real = {"sudo": "", "python": sys.executable}
        environment = {
            **{name: os.environ[name] for name in ("HOME", "LANG", "XDG_CACHE_HOME", "GOFLAGS") if name in os.environ},
            **{name: str(path) for name, path in files.items()},
            "PATH": os.pathsep.join([str(self.programs), os.environ["PATH"]]),
            "USER": "runner",
            "ANSWERS": json.dumps(answers),
            "REAL": json.dumps(real),
            **variables,
            **({} if makes else {"MAKEFLAGS": "n"}),
        }
        command = ["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c", step.script]
        done = subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        calls, outputs, exported, summary = (files[name].read_text() for name in files)
        return Done(done.returncode, done.stdout, calls.splitlines(), outputs, exported, summary)

    def _set_up_python(self) -> None:
        """The virtualenv of these tests, whose python a test may answer for."""
        binaries = self.root / ".venv" / "bin"
        binaries.mkdir(parents=True)
        python = self.stand_in("python")
        shutil.move(python, binaries / "python")
        # As new as what was installed from these requirements just now.
        (self.root / ".venv" / ".installed").touch()
        (self.programs / "python").symlink_to(sys.executable)
