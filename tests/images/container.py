"""Runs an image's root file system with its own defaults, by runc, in the network of this machine; as root."""

import json
import subprocess
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cluster.nodes.real.runtime import Runtime
from local_cluster.programs.project import Programs
from tests.telemetry.process import answers, wait_until

_NAMESPACES = ("pid", "ipc", "uts", "mount")


@dataclass(frozen=True)
class Unpacked:
    """An image whose files lie in a directory.

    Args:
        root: the directory.
        config: what a container of it does by default, as OCI writes it down.
        runtime: runc among it.
    """

    root: Path
    config: Mapping[str, Any]
    runtime: Runtime

    def run(
        self,
        arguments: Sequence[str],
        *,
        variables: Mapping[str, str] | None = None,
        mounts: Mapping[str, Path] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run its entry point to the end.

        Args:
            arguments: of the entry point.
            variables: beside those of the image.
            mounts: directories of this machine, by where the container has them.
        """
        return subprocess.run(
            self._command(arguments, variables or {}, mounts or {}),
            env=self.runtime.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def running(self, arguments: Sequence[str], *, variables: Mapping[str, str]) -> Iterator["Running"]:
        """Its entry point while the context lasts.

        Args:
            arguments: of the entry point.
            variables: beside those of the image.
        """
        command = self._command(arguments, variables, {})
        with (self.root.parent / "said.log").open("w") as said:
            process = subprocess.Popen(
                command, env=self.runtime.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
            try:
                yield Running(process, self.root.parent / "said.log")
            finally:
                process.terminate()
                process.wait()

    def _command(self, arguments: Sequence[str], variables: Mapping[str, str], mounts: Mapping[str, Path]) -> list[str]:
        bundle = self.root.parent / f"bundle-{uuid.uuid4().hex[:8]}"
        bundle.mkdir()
        runc = str(self.runtime.program("runc"))
        subprocess.run([runc, "spec", "--bundle", str(bundle)], check=True, env=self.runtime.environment)
        document = json.loads((bundle / "config.json").read_text())
        user, _, group = str(self.config["User"]).partition(":")
        document["process"] |= {
            "terminal": False,
            "args": [*self.config.get("Entrypoint", ()), *arguments],
            "cwd": self.config["WorkingDir"],
            "env": [*self.config["Env"], *(f"{name}={value}" for name, value in variables.items())],
            "user": {"uid": int(user), "gid": int(group or user)},
            "rlimits": [],
        }
        # A name that every machine resolves.
        document["hostname"] = "localhost"
        document["root"] = {"path": str(self.root), "readonly": False}
        document["linux"]["namespaces"] = [{"type": each} for each in _NAMESPACES]
        # The names of this machine, and of nothing else.
        hosts = {"/etc/hosts": Path("/etc/hosts")}
        for place, source in {**hosts, **mounts}.items():
            options = ["rbind", "rw"]
            document["mounts"].append({"destination": place, "type": "bind", "source": str(source), "options": options})
        (bundle / "config.json").write_text(json.dumps(document))
        return [runc, "--root", str(bundle / "state"), "run", "--bundle", str(bundle), bundle.name]


@dataclass(frozen=True)
class Running:
    """A container that runs.

    Args:
        process: runc.
        said: file of what it said.
    """

    process: "subprocess.Popen[bytes]"
    said: Path

    def ask(self, url: str, seconds: float = 120.0) -> Any:
        """What it answers, once it does."""
        wait_until(url, seconds, lambda: self.process.poll() is not None or answers(url), self.said.read_text)
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)


def unpack(programs: Programs, reference: str, architecture: str, place: Path, runtime: Runtime) -> Unpacked:
    """Unpack an image of a registry.

    Args:
        programs: crane among them.
        reference: of the image.
        architecture: amd64 or arm64.
        place: directory of its own.
        runtime: runc among it.
    """
    root = place / "root"
    root.mkdir(parents=True)
    crane = [str(programs["crane"]), "--platform", f"linux/{architecture}"]
    config = subprocess.run([*crane, "config", reference], check=True, capture_output=True, text=True).stdout
    with subprocess.Popen([*crane, "export", reference, "-"], stdout=subprocess.PIPE) as export:
        subprocess.run(
            ["tar", "--extract", "--numeric-owner", "--preserve-permissions", "--directory", str(root)],
            stdin=export.stdout,
            check=True,
        )
    assert export.returncode == 0, f"crane exported no {reference}"
    return Unpacked(root, json.loads(config)["config"], runtime)
