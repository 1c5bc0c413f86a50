"""Signing without a key, on this machine: the real Fulcio, and tokens as GitHub gives them to the jobs of a workflow.

Fulcio reads a job's token and gives a certificate for some minutes that names its workflow and branch; cosign signs and
verifies by it. Leaves out the logs that make certificates and signatures public, which are services of the internet's.

Source: Fulcio, docs/oidc.md, "GitHub"; GitHub documentation, "OpenID Connect reference".
"""

import json
import shlex
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local_cluster.ports import free_ports
from local_cluster.programs.project import Programs
from tests.open_id import Provider, serving
from tests.telemetry.process import Process

_AUDIENCE = "sigstore"
_OPERATOR = "moka"
_BEGAN = "2020-01-01T00:00:00Z"
_READY_SECONDS = 30.0
_TOKEN_SECONDS = 600


class GitHubTokens(Provider):
    """Where jobs get their tokens."""

    def token_of(self, repository: str, workflow: str, reference: str) -> str:
        """That of a job.

        Args:
            repository: owner/name.
            workflow: path of its file.
            reference: such as refs/heads/main.
        """
        now, called = int(time.time()), f"{repository}/{workflow}@{reference}"
        owner, _, _ = repository.partition("/")
        claims = {
            "aud": _AUDIENCE,
            "sub": f"repo:{repository}:ref:{reference}",
            "iat": now,
            "nbf": now,
            "exp": now + _TOKEN_SECONDS,
            "event_name": "push",
            "job_workflow_ref": called,
            "job_workflow_sha": "a" * 40,
            "ref": reference,
            "repository": repository,
            "repository_id": "1",
            "repository_owner": owner,
            "repository_owner_id": "2",
            "repository_visibility": "private",
            "run_attempt": "1",
            "run_id": "3",
            "runner_environment": "github-hosted",
            "sha": "a" * 40,
            "workflow": "images",
            "workflow_ref": called,
            "workflow_sha": "a" * 40,
        }
        return self.signed(claims)


@dataclass(frozen=True)
class Sigstore:
    """What signs and verifies.

    Args:
        tokens: of jobs.
        program: cosign.
        place: directory with what cosign is told of this Fulcio.
    """

    tokens: GitHubTokens
    program: Path
    place: Path

    def sign(self, reference: str, token: str) -> "subprocess.CompletedProcess[str]":
        """Sign an image as a job that has a token.

        Args:
            reference: of the image, by digest.
            token: of the job.
        """
        return self.run("sign", "--yes", *self._known(token), reference)

    def as_of_a_job(self, file: Path, token: str) -> None:
        """Write a cosign that a job's shell may call to sign, as it calls its own.

        Args:
            file: that is written.
            token: of the job.
        """
        words = [str(self.program), "sign", "--allow-http-registry", *self._known(token)]
        file.write_text(f'#!/bin/sh\nshift\nexport HOME={self.place}\nexec {shlex.join(words)} "$@"\n')
        file.chmod(0o755)

    def verify(self, reference: str, *, identity: str, issuer: str) -> "subprocess.CompletedProcess[str]":
        """Look for a signature of somebody.

        Args:
            reference: of the image.
            identity: whose signature it must have.
            issuer: of the token that said so.
        """
        without_logs = ["--insecure-ignore-sct", "--insecure-ignore-tlog", "--trusted-root", "root.json"]
        asked = ["--certificate-identity", identity, "--certificate-oidc-issuer", issuer]
        return self.run("verify", reference, *asked, *without_logs)

    def _known(self, token: str) -> list[str]:
        files = {"--signing-config": "signing.json", "--trusted-root": "root.json"}
        return [
            "--identity-token",
            token,
            *(word for option, name in files.items() for word in (option, str(self.place / name))),
        ]

    def run(self, verb: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run cosign, with registries that speak no TLS."""
        command = [str(self.program), verb, "--allow-http-registry", *words]
        environment = {"HOME": str(self.place), "PATH": ""}
        return subprocess.run(command, cwd=self.place, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def signing(programs: Programs, place: Path) -> Iterator[Sigstore]:
    """A Fulcio while the context lasts.

    Args:
        programs: fulcio and cosign.
        place: directory of its own.
    """
    with serving(GitHubTokens()) as tokens:
        issuer = {"issuer-url": tokens.issuer, "client-id": _AUDIENCE, "type": "github-workflow"}
        # Its JSON has other names.
        (place / "fulcio.yaml").write_text(yaml.safe_dump({"oidc-issuers": {tokens.issuer: issuer}}))
        http, grpc, metrics = free_ports(3)
        url = f"http://127.0.0.1:{http}"
        options: Mapping[str, Any] = {
            "ca": "ephemeralca",
            "config-path": place / "fulcio.yaml",
            "ct-log-url": "",
            "host": "127.0.0.1",
            "port": http,
            "grpc-host": "127.0.0.1",
            "grpc-port": grpc,
            "metrics-port": metrics,
            "legacy-unix-domain-socket": place / "fulcio.sock",
        }
        words = [f"--{name}={value}" for name, value in options.items()]
        with Process("fulcio", [programs["fulcio"], "serve", *words], place, {}, f"{url}/healthz") as fulcio:
            fulcio.wait_until_ready(_READY_SECONDS)
            with urllib.request.urlopen(f"{url}/api/v2/trustBundle", timeout=10) as answer:
                (chain,) = json.load(answer)["chains"]
            (place / "chain.pem").write_text("".join(chain["certificates"]))
            sigstore = Sigstore(tokens, programs["cosign"], place)
            service = f"url={url},start-time={_BEGAN}"
            for kind, described in (
                ("signing-config", [f"{service},api-version=1,operator={_OPERATOR}", "--out", "signing.json"]),
                ("trusted-root", [f"{service},certificate-chain=chain.pem", "--out", "root.json"]),
            ):
                command = [str(sigstore.program), kind, "create", "--fulcio", *described]
                subprocess.run(command, cwd=place, check=True, capture_output=True)
            yield sigstore
