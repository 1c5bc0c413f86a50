"""Pods get credentials of their service account's role, and of no other."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.wrappers import Request, Response

from local_cluster.aws.agent import PodIdentityAgent
from local_cluster.aws.credentials import Credentials
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.token_review import ApiServerReviewer, Pod, TokenReviewError
from local_cluster.certificates import issue
from local_cluster.directory import ClusterDirectory
from local_cluster.server import Server
from tests.local_cluster.aws.cluster import (
    ACCOUNT,
    CLUSTER,
    cluster,
    make_directory,
    pod_identity,
    resource,
    write_deployment,
)

ROLE = f"arn:aws:iam::{ACCOUNT}:role/spark-pod"
AUDIENCE = "pods.eks.amazonaws.com"


def role(**changed: Any) -> dict[str, Any]:
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnEquals": {"aws:SourceArn": CLUSTER}}
    actions = ["sts:AssumeRole", "sts:TagSession"]
    statement = {"Effect": "Allow", "Principal": {"Service": AUDIENCE}, "Action": actions, "Condition": condition}
    trust = {"Version": "2012-10-17", "Statement": [statement | changed]}
    return resource("aws:iam/role:Role", "spark-pod", {"assumeRolePolicy": json.dumps(trust)}, arn=ROLE)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[str]:
    def review(token: str, audience: str) -> Pod | None:
        assert audience == AUDIENCE
        return Pod("spark", token, f"{token}-1", "uid") if token != "forged" else None

    write_deployment(tmp_path / "dev.json", cluster(), pod_identity("spark", "spark", ROLE), role())
    file = DeploymentFile(tmp_path / "dev.json")
    server = Server(PodIdentityAgent(file, Credentials(tmp_path / "credentials.json"), review), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.port}/v1/credentials"
    server.stop()


def ask(agent: str, token: str) -> requests.Response:
    return requests.get(agent, headers={"Authorization": token} if token else {}, timeout=10)


def test_a_pod_gets_credentials_for_hours_and_the_same_when_it_asks_again(agent: str, tmp_path: Path) -> None:
    given = ask(agent, "spark").json()
    assert given["AccessKeyId"].startswith("ASIA")
    assert given["AccountId"] == ACCOUNT
    expires = datetime.fromisoformat(given["Expiration"])
    assert timedelta(hours=5) < expires - datetime.now(UTC) <= timedelta(hours=6)
    assert ask(agent, "spark").json() == given
    kept = tmp_path / "credentials.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    found = Credentials(kept).find(given["AccessKeyId"])
    assert found is not None
    assert found.principal.role_arn == ROLE
    assert found.principal.tags["kubernetes-pod-name"] == "spark-1"
    assert found.principal.tags["eks-cluster-name"] == "moka-dev"


@pytest.mark.parametrize(
    ("token", "status", "said"),
    [
        ("", 400, "Service account token cannot be empty"),
        ("forged", 400, "(InvalidTokenException)"),
        ("other", 404, "(ResourceNotFoundException): No pod identity association for service account other"),
    ],
)
def test_who_has_no_role_gets_the_agents_error(agent: str, token: str, status: int, said: str) -> None:
    answer = ask(agent, token)
    assert (answer.status_code, said in answer.text) == (status, True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Action": ["sts:AssumeRole"]}, "does not let pods.eks.amazonaws.com do sts:TagSession"),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, "do sts:AssumeRole"),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}}}, "do sts:AssumeRole"),
        ({"Condition": {"ArnEquals": {"aws:SourceArn": f"{CLUSTER}2"}}}, "do sts:AssumeRole"),
    ],
)
def test_a_role_whose_trust_does_not_let_pods_in_is_given_to_none(
    agent: str, tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    write_deployment(tmp_path / "dev.json", cluster(), pod_identity("spark", "spark", ROLE), role(**changed))
    answer = ask(agent, "spark")
    assert (answer.status_code, said in answer.text) == (400, True)


def test_a_role_that_does_not_exist_is_given_to_none(agent: str, tmp_path: Path) -> None:
    write_deployment(tmp_path / "dev.json", cluster(), pod_identity("spark", "spark", ROLE))
    answer = ask(agent, "spark")
    assert (answer.status_code, f"Role {ROLE} does not exist" in answer.text) == (400, True)


def test_the_api_server_says_whose_token_it_is(tmp_path: Path) -> None:
    directory: ClusterDirectory = make_directory(tmp_path / "root")
    extra = {"authentication.kubernetes.io/pod-name": ["spark-1"], "authentication.kubernetes.io/pod-uid": ["u"]}
    users: dict[str, dict[str, Any]] = {
        "pod": {"username": "system:serviceaccount:spark:spark", "extra": extra},
        "person": {"username": "kubernetes-admin"},
    }

    @Request.application
    def api_server(request: Request) -> Response:
        spec = request.get_json()["spec"]
        if request.headers["Authorization"] != "Bearer reviewer":
            return Response(status=401)
        audiences = spec["audiences"] if spec["token"] != "elsewhere" else ["other"]
        user = users.get(spec["token"], users["pod"])
        status = {"authenticated": spec["token"] != "forged", "audiences": audiences, "user": user}
        return Response(json.dumps({"status": status}), content_type="application/json")

    server = Server(api_server, "127.0.0.1", 0, issue(directory, "api", "api", hosts=["127.0.0.1"]))
    url, authority = f"https://127.0.0.1:{server.port}", directory.pki / "ca.crt"
    reviewer = ApiServerReviewer(url, authority, lambda: "reviewer")
    assert reviewer("pod", AUDIENCE) == Pod("spark", "spark", "spark-1", "u")
    assert [reviewer(each, AUDIENCE) for each in ("forged", "elsewhere", "person")] == [None, None, None]
    with pytest.raises(TokenReviewError, match="reviewed no token"):
        ApiServerReviewer(url, authority, lambda: "stranger")("pod", AUDIENCE)
    server.stop()
