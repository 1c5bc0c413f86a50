"""Pods of a stack as their AWS sees them: programs with boto3 that call AWS by its real names, over TLS."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends
from urllib3.util import connection

from local_cluster.aws.deployment import Deployment, DeploymentFile
from local_cluster.aws.pods import start_pods
from local_cluster.aws.token_review import Pod
from tests.local_cluster.aws.cluster import make_directory

_HERE = "127.0.0.1"
_connect = connection.create_connection


class PodsOfAStack:
    """The agent and AWS of a stack, on any ports of this machine.

    Args:
        stack: its name.
        state: file of its state, of which a copy is served.
        root: directory of the cluster.
    """

    def __init__(self, stack: str, state: Path, root: Path) -> None:
        self.state = root / "state.json"
        shutil.copy(state, self.state)
        self.directory = make_directory(root / "cluster", stack)
        self.file = DeploymentFile(self.state)
        self._start()

    def _start(self) -> None:
        def review(token: str, audience: str) -> Pod | None:
            namespace, _, service_account = token.partition(":")
            known = bool(service_account) and audience == "pods.eks.amazonaws.com"
            return Pod(namespace, service_account, f"{service_account}-1", f"uid-{token}") if known else None

        self.served = start_pods(self.directory, self.file, review, aws=(_HERE, 0), agent=(_HERE, 0))

    def stop(self) -> None:
        """End."""
        self.served.stop()

    def restart(self) -> None:
        """End and start again, with nothing left in memory."""
        self.stop()
        for backend in _backends():
            backend.clear()
        self._start()

    @property
    def agent(self) -> str:
        """Where the agent answers."""
        return f"http://{_HERE}:{self.served.agent.port}/v1/credentials"

    @property
    def deployment(self) -> Deployment:
        """What exists."""
        return self.file.latest()

    def bucket(self, purpose: str) -> str:
        """Name of a log bucket."""
        found = self.deployment
        return f"moka-{self.directory.stack}-{purpose}-{found.account_id}-{found.region}"

    def credentials(self, service_account: str) -> dict[str, str]:
        """What the agent gives a pod of a service account, named `namespace:name`."""
        answer = requests.get(self.agent, headers={"Authorization": service_account}, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def client(
        self, service: str, service_account: str = "", given: dict[str, str] | None = None, **config: Any
    ) -> Any:
        """A client of a pod; of the deployer where no service account is named."""
        if not given:
            deployer = self.directory.aws / "deployer.json"
            given = self.credentials(service_account) if service_account else json.loads(deployer.read_text())
        assert given is not None
        return boto3.client(
            service,
            region_name=self.deployment.region,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given.get("Token") or given.get("SessionToken"),
            verify=str(self.directory.pki / "ca.crt"),
            config=Config(retries={"max_attempts": 0}, **config),
        )

    @contextmanager
    def reached(self) -> Iterator[None]:
        """AWS's names lead here."""

        def connect(address: tuple[str, int], *arguments: Any, **named: Any) -> Any:
            host, port = address
            is_aws = host.endswith((".amazonaws.com", ".api.aws"))
            return _connect((_HERE, self.served.aws.port) if is_aws else (host, port), *arguments, **named)

        connection.create_connection = connect
        try:
            yield
        finally:
            connection.create_connection = _connect

    def alter(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the deployment, resource by resource, as an `up` would."""
        content = json.loads(self.state.read_text())
        for each in content["checkpoint"]["latest"]["resources"]:
            change(each)
        scratch = self.state.with_suffix(".new")
        scratch.write_text(json.dumps(content))
        scratch.replace(self.state)

    def logged(self) -> list[dict[str, Any]]:
        """The log of requests."""
        return [json.loads(line) for line in (self.directory.logs / "aws-requests.jsonl").read_text().splitlines()]


def error_of(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    """Code and message of the error that a call ends in."""
    try:
        call(**arguments)
    except ClientError as problem:
        return problem.response["Error"]["Code"], problem.response["Error"].get("Message", "")
    raise AssertionError("the call was answered")


def _backends() -> list[Any]:
    kept: Any = BackendDict
    s3_backends.bucket_accounts.clear()
    return list(kept._instances)
