"""Credentials for one command: Amazon ECR's beside those that the person has."""

import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.account import Account
from moka_images.login import logged_in
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)


class Ecr:
    """Gives a token."""

    def get_authorization_token(self) -> Mapping[str, Any]:
        return {"authorizationData": [{"authorizationToken": "QVdTOnRva2Vu"}]}


def read(directory: Path) -> dict[str, Any]:
    return json.loads((directory / "config.json").read_text())


def test_the_token_is_for_the_accounts_registry_and_nobody_else_can_read_it() -> None:
    with logged_in([(ACCOUNT, Ecr())]) as directory:
        assert read(directory)["auths"][ACCOUNT.registry] == {"auth": "QVdTOnRva2Vu"}
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert stat.S_IMODE((directory / "config.json").stat().st_mode) == 0o600
    assert not directory.exists()


def test_what_the_person_is_logged_in_to_stays_and_no_helper_is_asked_for_amazon_ecr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"auths": {"quay.io": {"auth": "a"}}, "credsStore": "desktop", "credHelpers": {"ghcr.io": "gh"}}
    (tmp_path / "config.json").write_text(json.dumps(own))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with logged_in([(ACCOUNT, Ecr())]) as directory:
        found = read(directory)
    assert found["auths"]["quay.io"] == {"auth": "a"}
    assert (found["credsStore"], found["credHelpers"]) == ("desktop", {"ghcr.io": "gh", ACCOUNT.registry: ""})
    assert read(tmp_path) == own, "the person's own file stays as it was"


@pytest.mark.parametrize("text", ["", "no JSON", "[]"])
def test_a_file_that_says_nothing_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with logged_in([(ACCOUNT, Ecr())]) as directory:
        assert read(directory)["auths"].keys() == {ACCOUNT.registry}
