"""Credentials of registries, as a configuration of Docker's client that is there for one command.

What a person is logged in to already is in it as well. Amazon ECR's credentials come from AWS and hold for twelve
hours.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from components.account import Account

_FILE = "config.json"


class EcrClient(Protocol):
    """What is asked of Amazon ECR."""

    def get_authorization_token(self) -> Mapping[str, Any]:
        """A token for the account's registry."""
        ...


@contextmanager
def logged_in(accounts: Iterable[tuple[Account, EcrClient]]) -> Iterator[Path]:
    """A directory for DOCKER_CONFIG that only this user can read, which goes with the context.

    Args:
        accounts: whose registries are used, each with a client of its Region.
    """
    tokens = {
        account.registry: {"auth": client.get_authorization_token()["authorizationData"][0]["authorizationToken"]}
        for account, client in accounts
    }
    own = _own_configuration()
    # Without a helper of their own, the person's store of credentials would be asked for these hosts.
    helpers = {**(own.get("credHelpers") or {}), **dict.fromkeys(tokens, "")}
    configuration = {**own, "auths": {**(own.get("auths") or {}), **tokens}, "credHelpers": helpers}
    with TemporaryDirectory(prefix="moka-images-") as directory:
        file = Path(directory) / _FILE
        file.touch(mode=0o600)
        file.write_text(json.dumps(configuration))
        yield Path(directory)


def _own_configuration() -> dict[str, Any]:
    directory = os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker"
    try:
        found = json.loads((Path(directory) / _FILE).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
