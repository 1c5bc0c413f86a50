"""The four stacks as they are up, and the test stack with what no stack file asks for."""

from collections.abc import Mapping
from typing import Any

import pytest

from offline.engine import OfflineEngine
from tests.stack_files import ENVIRONMENTS, Tree, settings, settings_tree
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.identity.deployed import Deployed
from tests.stacks.project_copy import copy_of_project, set_settings

EVERYTHING = "test, with every kind of role"


def _everything() -> Mapping[str, Any]:
    account = settings_tree("test")["account_id"]
    keys = [f"arn:aws:kms:us-east-1:{account}:key/00000000-0000-0000-0000-00000000000{number}" for number in (1, 2)]
    return {
        "images/credentials": {
            host: f"arn:aws:secretsmanager:us-east-1:{account}:secret:ecr-pullthroughcache/{host}-a1b2c3"
            for host in ("docker.io", "ghcr.io")
        },
        "images/publisher": {"repository": "example/moka", "environment": "test"},
        "monitoring/storage": "amazon-managed",
        "monitoring/grafana": "amazon-managed",
        "logs/readers/spark": [f"arn:aws:iam::{account}:role/spark"],
        "teams/analytics/data": {
            "read": [{"bucket": "amzn-s3-demo-bucket-sales", "prefix": "orders/", "key_arn": keys[0]}],
            "write": [{"bucket": "amzn-s3-demo-bucket-reports", "key_arn": keys[1]}],
        },
    }


def _change(tree: Tree) -> None:
    for path, value in _everything().items():
        *parents, last = path.split("/")
        place = tree
        for key in parents:
            place = place.setdefault(key, {})
        place[last] = value


@pytest.fixture(scope="session", params=[*ENVIRONMENTS, EVERYTHING])
def deployed(request: pytest.FixtureRequest, stacks: StacksThatAreUp) -> Deployed:
    """Each of them."""
    if request.param == EVERYTHING:
        return request.getfixturevalue("everything")
    stacks.up(request.param)
    return Deployed(settings(request.param), stacks.engine.export(request.param)["resources"])


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The test stack with every kind of role and policy that there is."""
    directory = tmp_path_factory.mktemp("everything")
    project = copy_of_project(directory / "project")
    set_settings(project, "test", _everything())
    engine = OfflineEngine(project, directory / "home")
    engine.up("test")
    return Deployed(settings("test", _change), engine.export("test")["resources"])
