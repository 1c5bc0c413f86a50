"""Tokens of the cluster's `aws`, and who the API server is told that they are of."""

import json
import os
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from local_cluster.aws.access_entries import Association
from local_cluster.aws.access_policies import access_policy_bindings, access_policy_objects
from local_cluster.aws.authentication import api_server_authentication
from local_cluster.aws.command import write_aws_command
from local_cluster.aws.deployment import Deployment, DeploymentFile
from local_cluster.aws.tokens import Tokens
from local_cluster.aws.webhooks import serve_aws_webhooks
from local_cluster.directory import ClusterDirectory
from tests.local_cluster.aws.cluster import ACCOUNT, access_entry, cluster, make_directory, write_deployment

ADMIN = f"arn:aws:iam::{ACCOUNT}:role/moka-admin"
VIEWER = f"arn:aws:iam::{ACCOUNT}:role/people/moka-viewer"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> ClusterDirectory:
    root = tmp_path_factory.mktemp("cluster")
    made = make_directory(root / "it's here")
    write_aws_command(made)
    return made


@pytest.fixture(scope="module")
def server(directory: ClusterDirectory) -> Iterator[str]:
    server = serve_aws_webhooks(directory, DeploymentFile(directory.deployment), 0)
    # The way that the API server finds it.
    written = yaml.safe_load(api_server_authentication(directory, server.port).read_text())
    yield written["clusters"][0]["cluster"]["server"]
    server.stop()


@pytest.fixture(autouse=True)
def _deployment(directory: ClusterDirectory) -> None:
    entries = [
        *access_entry(ADMIN, Association(ADMIN, "AmazonEKSClusterAdminPolicy", ())),
        *access_entry(VIEWER, Association(VIEWER, "AmazonEKSViewPolicy", ()), kubernetesGroups=["readers"]),
    ]
    write_deployment(directory.deployment, cluster(), *entries)


def aws(directory: ClusterDirectory, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(directory.programs / "aws"), *words]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, cwd="/", check=False)


def token(directory: ClusterDirectory, *words: str) -> str:
    done = aws(directory, "eks", "get-token", "--cluster-name", "moka-dev", *words)
    return json.loads(done.stdout)["status"]["token"]


def review(directory: ClusterDirectory, url: str, token: str) -> dict[str, Any]:
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}}
    return requests.post(url, json=body, verify=str(directory.pki / "ca.crt"), timeout=10).json()["status"]


def test_the_deployer_is_admin_without_an_entry(directory: ClusterDirectory, server: str) -> None:
    status = review(directory, server, token(directory, "--output", "json", "--region", "eu-west-1"))
    assert status["authenticated"]
    assert status["user"]["groups"] == ["system:masters"]


def test_a_role_is_who_its_access_entry_says(directory: ClusterDirectory, server: str) -> None:
    status = review(directory, server, token(directory, "--role-arn", VIEWER))
    assert status["user"]["username"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/moka-viewer/EKSGetTokenAuth"
    assert status["user"]["groups"] == ["readers", "eks-access-policy:AmazonEKSViewPolicy"]
    status = review(directory, server, token(directory, "--role", ADMIN))
    assert status["user"]["groups"] == ["eks-access-policy:AmazonEKSClusterAdminPolicy"]


def test_what_a_role_may_in_some_namespaces_gives_it_nothing_elsewhere(
    directory: ClusterDirectory, server: str
) -> None:
    scoped = access_entry(VIEWER, Association(VIEWER, "AmazonEKSEditPolicy", ("spark",)))
    write_deployment(directory.deployment, cluster(), *scoped)
    status = review(directory, server, token(directory, "--role-arn", VIEWER))
    assert status["user"]["groups"] == [f"eks-access-entry:{VIEWER}"]


def test_a_role_without_an_entry_is_refused_until_it_has_one(directory: ClusterDirectory, server: str) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/stranger"
    status = review(directory, server, token(directory, "--role-arn", role))
    assert not status["authenticated"]
    assert f"{role} has no access entry in moka-dev" in status["error"]
    write_deployment(directory.deployment, cluster(), *access_entry(role))
    assert review(directory, server, token(directory, "--role-arn", role))["authenticated"]


def test_tokens_of_others_are_refused(
    directory: ClusterDirectory, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(directory, root=tmp_path)
    foreign, _ = Tokens(other).mint("moka-dev")
    assert "not of this cluster" in review(directory, server, foreign)["error"]
    altered = token(directory).replace("k8s-aws-v1.", "k8s-aws-v1.A")
    assert not review(directory, server, altered)["authenticated"]
    elsewhere, _ = Tokens(directory).mint("moka-test")
    assert "use --cluster-name moka-dev" in review(directory, server, elsewhere)["error"]
    assert review(directory, server, "eyJhbGciOiJSUzI1NiJ9.e30.x") == {"authenticated": False}
    an_hour_ago = time.time() - 3600
    monkeypatch.setattr(time, "time", lambda: an_hour_ago)
    old, _ = Tokens(directory).mint("moka-dev")
    monkeypatch.undo()
    assert "expired" in review(directory, server, old)["error"]


def test_the_command_asks_nothing_of_where_it_is_called(directory: ClusterDirectory, tmp_path: Path) -> None:
    (tmp_path / "local_cluster.py").write_text("raise SystemExit(9)")
    assert aws(directory, "--version", PYTHONPATH=str(tmp_path), PYTHONHOME="/nowhere").stdout.startswith("aws-cli/2.")
    credential = json.loads(aws(directory, "eks", "get-token", "--cluster-name", "moka-dev").stdout)
    assert credential["apiVersion"] == "client.authentication.k8s.io/v1beta1"
    assert credential["status"]["expirationTimestamp"].endswith("Z")
    assert stat.S_IMODE((directory.programs / "aws").stat().st_mode) == 0o700
    assert stat.S_IMODE((directory.aws / "token.secret").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("s3", "ls"), "knows no `aws s3 ls`"),
        (("eks", "get-token"), "--cluster-name"),
        (("eks", "get-token", "--cluster-name", "x", "--role-arn", "admin"), "is no ARN of an IAM role"),
    ],
)
def test_the_command_says_what_it_does_not_know(directory: ClusterDirectory, words: tuple[str, ...], said: str) -> None:
    done = aws(directory, *words)
    assert done.returncode == 252
    assert said in done.stderr


def test_policies_in_the_whole_cluster_are_bound_once_and_others_where_they_hold() -> None:
    objects = access_policy_objects()
    roles = {each["metadata"]["name"]: each for each in objects if each["kind"] == "ClusterRole"}
    bound = {each["roleRef"]["name"]: each["subjects"] for each in objects if each["kind"] == "ClusterRoleBinding"}
    assert len(roles) == 5
    assert bound.keys() == roles.keys()
    view = roles["eks-access-policy:AmazonEKSViewPolicy"]["rules"]
    assert not [
        each for each in view if "secrets" in each["resources"] or set(each["verbs"]) - {"get", "list", "watch"}
    ]
    edit = roles["eks-access-policy:AmazonEKSEditPolicy"]["rules"]
    assert [each for each in edit if "secrets" in each["resources"] and "create" in each["verbs"]]
    assert not [each for each in edit if each["apiGroups"] == ["rbac.authorization.k8s.io"]]
    scoped = Association(VIEWER, "AmazonEKSEditPolicy", ("spark", "web"))
    (entry, *rest) = access_entry(VIEWER, scoped)
    bindings = access_policy_bindings(Deployment({"resources": [entry, *rest]}))
    assert [each["metadata"]["namespace"] for each in bindings] == ["spark", "web"]
    # Whoever has it elsewhere must not get it here.
    assert bindings[0]["subjects"][0]["name"] == f"eks-access-entry:{VIEWER}"
    pattern = Association(VIEWER, "AmazonEKSEditPolicy", ("team-*",))
    with pytest.raises(ValueError, match="named in full"):
        access_policy_bindings(Deployment({"resources": access_entry(VIEWER, pattern)}))
