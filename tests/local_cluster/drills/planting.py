"""Plants secrets in a stack that runs, has each of them used, and keeps what those are told whose requests go wrong."""

import base64
import json
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cluster.certificates import authority_file
from tests.local_cluster.drills.planted_alert import plant_an_alert
from tests.local_cluster.drills.planted_objects import made
from tests.local_cluster.drills.planted_secrets import (
    MONITORING,
    MOUNT,
    OF_TEAM,
    RECEIVERS,
    SETTINGS,
    login_secret,
    pods,
    secrets,
)
from tests.local_cluster.drills.running_stack import RunningStack, wait_until
from tests.secrets.planted import planted

_PERSON = "analytics"
# Calls of a team's pod with its own credentials, with a token and a signature that are none, and with a presigned
# address, which holds a secret as well.
_CALLS = f"""\
import boto3, urllib.request
from pathlib import Path
S3 = "https://s3.us-east-1.amazonaws.com/a/b"
agent, header, query = (Path("{MOUNT}", each).read_text() for each in ("CallAgent", "CallHeader", "CallQuery"))
def ask(url, **headers):
    try:
        urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)
    except (OSError, ValueError) as refused:
        print(getattr(refused, "code", refused), flush=True)
boto3.client("sts").get_caller_identity()
ask("http://169.254.170.23/v1/credentials", Authorization=agent)
ask(S3, Authorization=f"AWS4-HMAC-SHA256 Credential={{header}}, SignedHeaders=host, Signature={{header}}")
ask(S3 + f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Security-Token={{query}}&X-Amz-Signature={{query}}")
print("asked", flush=True)
"""


@dataclass(frozen=True)
class Planting:
    """What was planted.

    Args:
        moment: before the first value was made.
        secrets: the Secrets, as they were made.
        told: what those were told whose requests went wrong, by what they tried.
        tokens: parts of tokens and keys that programs made, by what they are.
        credentials: the same of what the emulated AWS gave out.
    """

    moment: float
    secrets: list[dict[str, Any]]
    told: Mapping[str, str]
    tokens: Mapping[str, bytes]
    credentials: Mapping[str, bytes]


def plant(stack: RunningStack, given: Path) -> Planting:
    """Plant a secret in every place, and wait until each was used.

    Args:
        stack: that is up, with containers; its settings name the Secrets afterwards.
        given: directory of files that people hand to kubectl, which are none of the run's.
    """
    moment, kubectl = time.time(), _Kubectl(stack, given)
    planted_secrets = secrets()
    for each in planted_secrets:
        kubectl.create(each)
    stack.change(SETTINGS)
    stack.up()
    planted_secrets.append(login_secret())
    kubectl.create(planted_secrets[-1])
    for each in pods(_CALLS):
        kubectl.create(each)
    tokens = _tokens(stack)
    told = kubectl.refusals() | kubectl.uses(tokens)
    _wait_for_their_use(stack)
    signatures = {name: token.rpartition(".")[2].encode() for name, token in tokens.items()}
    return Planting(moment, planted_secrets, told, signatures | _private_keys(stack), _credentials(stack))


class _Kubectl:
    """The ordinary kubectl with objects out of files, as people use it."""

    def __init__(self, stack: RunningStack, given: Path) -> None:
        self._stack, self._file = stack, given / "object.json"

    def create(self, content: dict[str, Any]) -> None:
        """Make an object."""
        done = self._create(content)
        assert done.returncode == 0, done.stderr

    def refusals(self) -> dict[str, str]:
        """What is told to requests with secrets that are refused."""
        docker = {"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": planted("BadDocker")}}
        wrong = {
            "a key has a name that none may have": {"stringData": {"a b": planted("BadName")}},
            "a value is not of the Secret's type": docker,
            "a value is no base64": {"data": {"a": f"{planted('BadBase64')}!"}},
            "a value is no text": {"stringData": {"a": {"b": planted("BadText")}}},
        }
        forbidden = self._refused({"stringData": {"a": planted("Forbidden")}}, _PERSON)
        read = self._stack.kubectl(
            "get", "secret", "planted-file", f"--namespace={OF_TEAM}", "-o=json", context=_PERSON
        )
        assert "is forbidden" in read.stderr
        return {
            "a person makes a Secret without the right": forbidden,
            "a person reads a Secret without the right": read.stdout + read.stderr,
            **{what: self._refused(content) for what, content in wrong.items()},
        }

    def uses(self, tokens: Mapping[str, str]) -> dict[str, str]:
        """What is told to those who log in with tokens, and with others that have the same signature."""
        told = dict[str, str]()
        cluster = self._stack.cluster
        for name, token in tokens.items():
            for kind, used in (("as it is", token), ("changed", token.replace(".", ".a", 1))):
                words = (f"--server={cluster.endpoint}", f"--certificate-authority={authority_file(cluster.directory)}")
                # The kubeconfig's own way to log in would come first.
                done = self._stack.kubectl("--kubeconfig=/dev/null", *words, f"--token={used}", "get", "nodes")
                told[f"{name}, {kind}"] = done.stderr
        assert all("Unauthorized" in each or "logged in" in each for name, each in told.items() if "changed" in name)
        return told

    def _refused(self, content: dict[str, Any], context: str = "") -> str:
        done = self._create({**made("Secret", name="refused"), **content}, context)
        assert done.returncode != 0, content
        return done.stdout + done.stderr

    def _create(self, content: dict[str, Any], context: str = "") -> "subprocess.CompletedProcess[str]":
        self._file.write_text(json.dumps(content))
        namespace = content["metadata"].get("namespace", OF_TEAM)
        words = ("create", "--namespace", namespace, "--filename", str(self._file))
        return self._stack.kubectl(*words, context=context)


def _wait_for_their_use(stack: RunningStack) -> None:
    stack.converges()
    plant_an_alert(stack)

    def said(namespace: str, name: str) -> str:
        return stack.kubectl("logs", "--namespace", namespace, name).stdout

    def silent() -> list[str]:
        # Nobody is at any of these addresses, and Alertmanager says so of each that it tried.
        failures = [line for line in said(MONITORING, "alertmanager-0-0").splitlines() if "otify" in line]
        return [each for each in RECEIVERS if not any(each in line for line in failures)]

    wait_until(lambda: "asked" in said(OF_TEAM, "planted-file"), lambda: [said(OF_TEAM, "planted-file")])
    wait_until(lambda: not silent(), silent)


def _tokens(stack: RunningStack) -> dict[str, str]:
    minted = stack.kubectl("create", "token", "spark", "--namespace", OF_TEAM)
    assert minted.returncode == 0, minted.stderr
    command = [str(stack.cluster.directory.programs / "aws"), "eks", "get-token", "--cluster-name", "moka-dev"]
    given = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"a service account's token": minted.stdout.strip(), "the deployer's token": given["status"]["token"]}


def _credentials(stack: RunningStack) -> dict[str, bytes]:
    given = json.loads((stack.cluster.directory.aws / "credentials.json").read_text())
    assert OF_TEAM in {each["principal"]["namespace"] for each in given}
    parts = ("secret_access_key", "session_token")
    return {f"{part} of {each['principal']['session']}": each[part].encode() for each in given for part in parts}


def _private_keys(stack: RunningStack) -> dict[str, bytes]:
    """One line of each in a Secret that the platform's own programs made: writers break lines in ways of their own."""
    found = dict[str, bytes]()
    for each in stack.listed("Secret"):
        metadata = each["metadata"]
        for key, text in (each.get("data") or {}).items():
            value = base64.b64decode(text)
            if b"PRIVATE KEY" in value:
                found[f"{key} of {metadata['namespace']}/{metadata['name']}"] = value.splitlines()[1]
    assert found
    return found
