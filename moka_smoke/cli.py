"""`python -m moka_smoke dev`: from the command line to an exit code.

Leaves out what the codes mean: moka_logs/exit_codes.py.
"""

import secrets
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException
from urllib3.exceptions import HTTPError

from moka_logs.errors import explain
from moka_logs.exit_codes import FAILED, FOUND, NONE, REFUSED, USAGE
from moka_logs.place import Place, PlaceError, stack_settings
from moka_smoke.access import AnotherClusterError, access
from moka_smoke.arguments import Request, parse
from moka_smoke.milestones import refused
from moka_smoke.run import Surroundings, run
from moka_smoke.team import word_count_of
from moka_smoke.word_count import WordCount

_RIGHTS = "docs/smoke-test.md lists the rights that it needs"


def main(argv: Sequence[str]) -> int:
    """Run what the arguments ask for.

    Args:
        argv: arguments without the program's name.

    Returns:
        One of the exit codes.

    Raises:
        SystemExit: with code 2, when the arguments are wrong.
    """
    request = parse(argv)
    name = f"moka-smoke-{datetime.now(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(2)}"
    try:
        settings = stack_settings(request.stack)
        application = word_count_of(
            request.stack,
            settings,
            request.team,
            image=request.image,
            name=name,
            below=f"{name}/",
            executors=request.executors,
        )
    except PlaceError as error:
        return _say(str(error), USAGE)
    try:
        with tempfile.TemporaryDirectory(prefix="moka-smoke-") as scratch:
            surroundings = _surroundings(request, application, Path(scratch))
            outcomes, is_clean = run(request, application, settings, surroundings, _progress)
    except (AnotherClusterError, ConfigException, PlaceError) as error:
        return _say(str(error), USAGE)
    except (ApiException, HTTPError) as error:
        return _say(f"{refused(error) or f'the Kubernetes API can not be reached ({error})'}: {_RIGHTS}", REFUSED)
    except (ClientError, BotoCoreError) as error:
        return _say(_said_by_aws(error, application), REFUSED)
    if not all(each.happened for each in outcomes):
        return NONE
    return FOUND if is_clean else FAILED


def _surroundings(request: Request, application: WordCount, scratch: Path) -> Surroundings:
    submitter = access(request.kubeconfig, request.context, scratch)
    looker = submitter if request.context is None else access(request.kubeconfig, None, scratch)
    region = application.account.region
    return Surroundings(submitter, looker, _client(region, None), _client(region, request.log_profile))


def _client(region: str, profile: str | None) -> Any:
    return boto3.Session(profile_name=profile).client("s3", region_name=region)


def _said_by_aws(error: ClientError | BotoCoreError, application: WordCount) -> str:
    if isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in ("AccessDenied", "403"):
        return f"{refused(error)}: {_RIGHTS}"
    return explain(error, Place(application.bucket, application.account.region))


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _say(text: str, code: int) -> int:
    _progress(f"moka_smoke: {text}")
    return code
