"""A state bucket and a key on this machine, and the `pulumi` CLI on them with the bootstrap's program."""

import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import boto3

from components.account import Account
from components.bootstrap.names import KEY_ALIAS, backend_url, state_bucket_name
from offline.command import CommandLine, Result
from offline.program import InlineProgram
from offline.progress import say
from offline.project import Project
from offline.providers.servers import serve
from offline.pulumi_cli import find_pulumi
from tests.s3_server import S3Server

_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
_OF_KMS = "TrentService."
_OF_S3 = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "DELETE": "s3:DeleteObject"}


@dataclass(frozen=True)
class Called:
    """A request as AWS authorises it: an action, and the key of the object or nothing."""

    action: str
    key: str


class Backend:
    """The CLI on a bucket and on a directory, and what it asks of AWS.

    `calls` are those of the last command.

    Args:
        directory: where the CLI runs.
        account: whose bucket it is.
        server: which answers for Amazon S3 and AWS KMS.
        announced: variables that make the CLI use the emulated providers.
    """

    def __init__(self, directory: Path, account: Account, server: S3Server, announced: dict[str, str]) -> None:
        (directory / "state").mkdir()
        self.calls: list[Called] = []
        self.directory = directory
        self._account, self._server = account, server
        common = {
            **announced,
            **_CREDENTIALS,
            "AWS_ENDPOINT_URL_KMS": server.url,
            "AWS_REGION": account.region,
            "PULUMI_CONFIG_PASSPHRASE": "until the bucket is there",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(directory / ".home"),
            "PULUMI_SKIP_CONFIRMATIONS": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
        }
        where = f"&endpoint={server.url}&s3ForcePathStyle=true"
        urls = {"local": f"file://{directory}/state", "bucket": f"{backend_url(account)}{where}"}
        self._clis = {
            name: CommandLine(find_pulumi(say) / "bin", directory, {**common, "PULUMI_BACKEND_URL": url})
            for name, url in urls.items()
        }
        self._in_use = "local"

    def run(self, command: str) -> Result:
        """Carry out a line of the page that begins with `pulumi`.

        A login chooses the backend; what it says of addresses is what the CLI is told here beside this machine's own.
        """
        words = shlex.split(command)[1:]
        if words[0] == "login":
            is_local = words[1:] == ["--local"]
            assert is_local or words[1:] == [backend_url(self._account)], command
            self._in_use = "local" if is_local else "bucket"
            words = ["whoami"]
        self.calls.clear()
        return self._clis[self._in_use].run(*words)

    def must(self, command: str) -> str:
        """The same; what it said, once it succeeded."""
        done = self.run(command)
        assert done.code == 0, f"{command}\n{done.output}\n{done.errors}"
        return done.output

    def put(self, key: str, content: bytes) -> None:
        """Put an object into the bucket, as somebody else."""
        self.client("s3").put_object(Bucket=state_bucket_name(self._account), Key=key, Body=content)

    def client(self, service: str) -> Any:
        """A client of a service, as somebody else."""
        return client(service, self._account, self._server.url)

    def asked(self, action: str) -> list[str]:
        """Keys of the objects that the last command asked an action of."""
        return [each.key for each in self.calls if each.action == action]


@contextmanager
def serving(directory: Path, project: Path, account: Account) -> Iterator[Backend]:
    """Bucket, key and CLI, while the context lasts.

    Args:
        directory: where the CLI runs, and its own state lies.
        project: directory of the program.
        account: whose bucket it is; the stack is called as its environment.
    """
    seen: list[Backend] = []

    def noting(server: WSGIApplication) -> WSGIApplication:
        def answer(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            for backend in seen:
                backend.calls.append(_called(environment))
            return server(environment, start)

        return answer

    opened = Project(project)
    opened.copy_to(directory, account.environment)
    server = S3Server([], noting)
    try:
        _make(account, server.url)
        with serve(InlineProgram(opened.root, opened.code)) as announced:
            backend = Backend(directory, account, server, announced)
            seen.append(backend)
            yield backend
    finally:
        server.stop()


def client(service: str, account: Account, url: str) -> Any:
    """A client of a service that the server answers for."""
    return boto3.client(
        service,  # pyright: ignore[reportArgumentType]
        endpoint_url=url,
        region_name=account.region,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def _make(account: Account, url: str) -> None:
    """What the bootstrap makes, as far as the CLI asks for it."""
    client("s3", account, url).create_bucket(Bucket=state_bucket_name(account))
    kms = client("kms", account, url)
    # moto has one account for all servers of a process, and an earlier one may have made the key.
    with suppress(kms.exceptions.AlreadyExistsException):
        kms.create_alias(AliasName=KEY_ALIAS, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def _called(environment: WSGIEnvironment) -> Called:
    target = str(environment.get("HTTP_X_AMZ_TARGET", ""))
    if target.startswith(_OF_KMS):
        return Called(f"kms:{target.removeprefix(_OF_KMS)}", "")
    _, _, key = str(environment["PATH_INFO"]).strip("/").partition("/")
    return Called(_OF_S3[str(environment["REQUEST_METHOD"])], key) if key else Called("s3:ListBucket", "")
