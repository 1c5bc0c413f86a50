"""Runs images/docker-bake.hcl as Docker does: buildx reads it, BuildKit builds and pushes; as root."""

import json
import os
import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.images.image import ARCHITECTURES
from local_cluster.nodes.real.runtime import Runtime
from local_cluster.programs.project import Programs
from moka_images.bake import definition
from tests.telemetry.process import wait_until

ROOT = Path(__file__).resolve().parents[2]
BAKE_FILE = ROOT / "images" / "docker-bake.hcl"
BUILDER = "moka"
_TAIL = 6000
# What stands for parts of the Dockerfile on a machine that reaches a package mirror alone: the archive as it is now.
ARCHIVE = {
    "DEBIAN_MIRROR": "http://deb.debian.org/debian",
    "DEBIAN_SECURITY_MIRROR": "http://deb.debian.org/debian-security",
}
PLATFORMS = ",".join(f"linux/{each}" for each in ARCHITECTURES)


@dataclass(frozen=True)
class Builder:
    """A BuildKit that runs.

    Args:
        programs: buildx among them.
        place: directory of its own.
        contents_lister: reference of what lists the contents of images; None for what the bake file names.
    """

    programs: Programs
    place: Path
    contents_lister: str | None

    def bake(
        self, targets: Sequence[str], registry: str, base: str | None, *, options: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Build targets of the bake file, and push them.

        Args:
            targets: names.
            registry: host and port of the registry.
            base: reference of the image that stands for Debian's; None for what the Dockerfile names.
            options: more of `buildx bake`.

        Returns:
            What buildx says of each target, its digest among it.

        Raises:
            AssertionError: when the build fails; the message ends with what it said.
        """
        metadata = self.place / "metadata.json"
        values = {"DEBIAN": base, **ARCHIVE} if base else {}
        words = [
            "bake",
            "--builder",
            BUILDER,
            "--file",
            str(BAKE_FILE),
            "--file",
            "-",
            "--push",
            "--progress",
            "plain",
        ]
        words += ["--metadata-file", str(metadata)]
        words += [word for name, value in values.items() for word in ("--set", f"*.args.{name}={value}")]
        done = subprocess.run(
            [str(self.programs["buildx"]), *words, *options, *targets],
            cwd=ROOT,
            env=self.environment,
            input=json.dumps(definition(registry)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-_TAIL:]
        return json.loads(metadata.read_text())

    def build(self, context: Path, tag: str, arguments: Mapping[str, str]) -> None:
        """Build the Dockerfile of a directory and push it.

        Args:
            context: the directory.
            tag: reference that it is pushed under.
            arguments: of the build.

        Raises:
            AssertionError: when the build fails; the message ends with what it said.
        """
        words = ["build", "--builder", BUILDER, "--push", "--progress", "plain", "--provenance=false", "--tag", tag]
        words += ["--platform", PLATFORMS]
        # Of a proxy between this machine and the registries of packages.
        if authorities := ssl.get_default_verify_paths().cafile:
            words += ["--secret", f"id=authorities,src={authorities}"]
        words += [word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")]
        done = subprocess.run(
            [str(self.programs["buildx"]), *words, str(context)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-_TAIL:]

    @property
    def environment(self) -> dict[str, str]:
        """Variables of buildx, which keeps what it knows apart from the user's."""
        named = {"SBOM_GENERATOR": self.contents_lister} if self.contents_lister else {}
        return {**os.environ, **named, "BUILDX_CONFIG": str(self.place / "buildx")}


@contextmanager
def building(
    programs: Programs, runtime: Runtime, place: Path, registry: str, contents_lister: str | None
) -> Iterator[Builder]:
    """A BuildKit while the context lasts.

    Args:
        programs: buildkitd and buildx.
        runtime: runc among it.
        place: directory of its own.
        registry: host and port of a registry on this machine, which speaks no TLS.
        contents_lister: reference of what lists the contents of images; None for what the bake file names.
    """
    place.mkdir(parents=True, exist_ok=True)
    socket = f"unix://{place / 'buildkitd.sock'}"
    settings = place / "buildkitd.toml"
    settings.write_text(
        f'[worker.containerd]\nenabled = false\n[registry."{registry}"]\nhttp = true\ninsecure = true\n'
    )
    words = ["--config", str(settings), "--root", str(place / "state"), "--addr", socket]
    words += ["--oci-worker-net", "host", "--oci-worker-binary", str(runtime.program("runc"))]
    variables: Mapping[str, str] = {**os.environ, **runtime.environment}
    with (place / "buildkitd.log").open("w") as said:
        process = subprocess.Popen(
            [str(programs["buildkitd"]), *words], env=variables, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            log = place / "buildkitd.log"
            wait_until(
                "BuildKit", 30.0, lambda: "running server on" in log.read_text(), lambda: log.read_text()[-2000:]
            )
            builder = Builder(programs, place, contents_lister)
            create = ["create", "--name", BUILDER, "--driver", "remote", socket]
            subprocess.run([str(programs["buildx"]), *create], env=builder.environment, check=True, capture_output=True)
            yield builder
        finally:
            process.terminate()
            process.wait()
