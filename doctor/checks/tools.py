"""The programs that `pulumi up` and people need on this machine, and their versions."""

import json
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata

from components.cluster.kubernetes_version import minor_version
from doctor.check import Check
from doctor.finding import Finding, fail, ok, warn
from doctor.surroundings import Surroundings
from offline.pulumi_cli import VERSION as PULUMI

# The first whose `eks get-token` speaks the version that the kubeconfig asks for, client.authentication.k8s.io/v1beta1.
# Source: aws/aws-cli, CHANGELOG, 2.7.0 of version 2.
AWS_CLI = "2.7.0"
PROVIDERS = ("aws", "eks", "kubernetes")
# Kubernetes documentation, "Version Skew Policy", kubectl.
KUBECTL_SKEW = 1

_VERSION = re.compile(r"\d+\.\d+\.\d+")


def python(here: Surroundings) -> Iterable[Finding]:
    """Python of the project's virtualenv, which runs this, and what is installed in it."""
    project = tomllib.loads((here.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    least = str(project["requires-python"]).removeprefix(">=")
    running = ".".join(map(str, sys.version_info[:3]))
    if _parts(running) < _parts(least):
        yield fail(f"Python {running} runs this, and the program needs {least}", "make clean lint PYTHON=python3.11")
        return
    wanted = _pins((here.root / "requirements.txt").read_text(encoding="utf-8"))
    for name in ("boto3", "pulumi", *(f"pulumi-{each}" for each in PROVIDERS), "pydantic"):
        if (installed := metadata.version(name)) != wanted[name]:
            yield fail(f"{name} {installed} is installed, and requirements.txt has {wanted[name]}", "make lint")
    yield ok(f"Python {running}, with what requirements.txt pins")


def pulumi(here: Surroundings) -> Iterable[Finding]:
    """The Pulumi CLI."""
    install = f"install Pulumi {PULUMI} or newer: https://www.pulumi.com/docs/install/"
    found = _version(here, "pulumi", "version")
    if found is None:
        yield fail("no pulumi on PATH", install)
    elif _parts(found) < _parts(PULUMI):
        yield fail(f"pulumi {found} is older than {PULUMI}", install)
    else:
        yield ok(f"pulumi {found}")


def plugins(here: Surroundings) -> Iterable[Finding]:
    """Plug-ins of the providers, in the versions of the SDKs that the program imports."""
    said = here.machine.run(["pulumi", "plugin", "ls", "--json"])
    try:
        listed = {(each["name"], each["version"]) for each in json.loads(said.output)} if said.code == 0 else None
    except (ValueError, KeyError, TypeError):
        listed = None
    if listed is None:
        yield warn(f"pulumi plugin ls did not list them: {said.errors.strip()}", "pulumi plugin ls --json")
        return
    for name in PROVIDERS:
        version = metadata.version(f"pulumi-{name}")
        if (name, version) in listed:
            yield ok(f"{name} {version}")
        else:
            yield warn(
                f"{name} {version} is not installed; `pulumi up` downloads it where it reaches the internet",
                f"pulumi plugin install resource {name} {version}",
            )


def aws_cli(here: Surroundings) -> Iterable[Finding]:
    """The `aws` command: pulumi-eks asks for its version, and every kubeconfig gets its tokens from it."""
    install = f"install version {AWS_CLI} or newer: AWS CLI user guide, Installing or updating to the latest version"
    found = _version(here, "aws", "--version")
    if found is None:
        yield fail("no aws on PATH that tells its version", install)
    elif _parts(found) < _parts(AWS_CLI):
        yield fail(f"aws {found} is older than {AWS_CLI}", install)
    else:
        yield ok(f"aws {found}")


def kubectl(here: Surroundings) -> Iterable[Finding]:
    """The `kubectl` command, which people use and `pulumi up` does not."""
    wanted = here.settings.cluster.kubernetes_version
    found = _version(here, "kubectl", "version", "--client", "--output", "json")
    install = f"install kubectl {wanted}: https://kubernetes.io/docs/tasks/tools/"
    if found is None:
        yield warn("no kubectl on PATH; you need it to look at the cluster", install)
    elif abs(minor_version(found) - minor_version(wanted)) > KUBECTL_SKEW:
        yield warn(f"kubectl {found} is more than one minor version from the cluster's {wanted}", install)
    else:
        yield ok(f"kubectl {found}")


def docker(here: Surroundings) -> Iterable[Finding]:
    """Docker with buildx, which builds the images of Spark between the two runs of the first `up`."""
    found = _version(here, "docker", "buildx", "version")
    if found is None:
        yield warn(
            "no docker with buildx here; the images of Spark have to be built somewhere else",
            "install Docker with buildx, or push the images from a pipeline: docs/images.md",
        )
    else:
        yield ok(f"docker buildx {found}")


def _version(here: Surroundings, program: str, *arguments: str) -> str | None:
    """The first version that a program prints; None where it is not there, or ends with an error."""
    if not here.machine.has(program):
        return None
    said = here.machine.run([program, *arguments])
    found = _VERSION.search(said.output)
    return found.group() if found and said.code == 0 else None


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _pins(requirements: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", requirements, re.MULTILINE))


CHECKS = (
    Check("python", "Does the virtualenv have the Python and the packages that the program needs", python),
    Check("pulumi", f"Is the Pulumi CLI on PATH, in version {PULUMI} or newer", pulumi),
    Check("plugins", "Are the providers' plug-ins installed", plugins, needs=("pulumi",)),
    Check("aws-cli", f"Is `aws` on PATH, in version {AWS_CLI} or newer, for kubeconfig's tokens", aws_cli),
    Check("kubectl", "Is `kubectl` there, near the cluster's version", kubectl, needs=("settings",)),
    Check("docker", "Can images be built here", docker),
)
