"""Pods of service accounts with an association get the way to credentials, and no other pod is touched."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.pod_identity import PodIdentityAdmission, pod_identity_webhook
from tests.local_cluster.aws.cluster import REGION, cluster, make_directory, pod_identity, write_deployment


@pytest.fixture
def admission(tmp_path: Path) -> PodIdentityAdmission:
    write_deployment(tmp_path / "dev.json", cluster(), pod_identity("spark", "spark-job", "arn:aws:iam::1:role/job"))
    return PodIdentityAdmission(DeploymentFile(tmp_path / "dev.json"))


def admitted(admission: PodIdentityAdmission, spec: dict[str, Any], namespace: str = "spark") -> dict[str, Any]:
    """The pod's specification after admission; patches are applied as the API server applies them."""
    request = {"uid": "1", "namespace": namespace, "object": {"metadata": {}, "spec": spec}}
    response = admission.review({"request": request})["response"]
    assert response["uid"] == "1"
    assert response["allowed"]
    patch = json.loads(base64.b64decode(response["patch"])) if "patch" in response else []
    found = json.loads(json.dumps(spec))
    for each in patch:
        *parents, last = each["path"].removeprefix("/spec/").split("/")
        target = found
        for key in parents:
            target = target[key]
        if isinstance(target, list) and each["op"] == "add":
            target.insert(int(last), each["value"])
        else:
            target[int(last) if isinstance(target, list) else last] = each["value"]
    return found


def environment(container: Mapping[str, Any]) -> dict[str, str]:
    return {each["name"]: each.get("value", "") for each in container["env"]}


def test_every_container_gets_address_token_and_region(admission: PodIdentityAdmission) -> None:
    volume = {"name": "data", "emptyDir": {}}
    spec = {
        "serviceAccountName": "spark-job",
        "initContainers": [{"name": "first"}],
        "containers": [{"name": "main", "env": [{"name": "X", "value": "1"}], "volumeMounts": [{"name": "data"}]}, {}],
        "volumes": [volume],
    }
    found = admitted(admission, spec)
    for container in (*found["initContainers"], *found["containers"]):
        given = environment(container)
        assert given["AWS_CONTAINER_CREDENTIALS_FULL_URI"] == "http://169.254.170.23/v1/credentials"
        token = given["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
        assert token == f"{container['volumeMounts'][-1]['mountPath']}/eks-pod-identity-token"
        assert given["AWS_REGION"] == given["AWS_DEFAULT_REGION"] == REGION
        assert container["volumeMounts"][-1]["readOnly"]
    assert environment(found["containers"][0])["X"] == "1"
    projected = next(each for each in found["volumes"] if each != volume)["projected"]["sources"][0]
    assert projected["serviceAccountToken"]["audience"] == "pods.eks.amazonaws.com"
    assert volume in found["volumes"]


def test_what_a_container_sets_stays(admission: PodIdentityAdmission) -> None:
    own = [{"name": "AWS_REGION", "value": "us-west-2"}]
    other = [{"name": "AWS_CONTAINER_CREDENTIALS_FULL_URI", "value": "http://localhost/x"}]
    spec = {"serviceAccountName": "spark-job", "containers": [{"env": own}, {"env": other}]}
    first, second = admitted(admission, spec)["containers"]
    assert environment(first)["AWS_REGION"] == "us-west-2"
    assert "AWS_DEFAULT_REGION" not in environment(first)
    assert second == {"env": other}


def test_other_pods_are_untouched(admission: PodIdentityAdmission) -> None:
    named, unnamed = {"serviceAccountName": "spark-job", "containers": [{}]}, {"containers": [{}]}
    assert admitted(admission, named, "other") == named
    assert admitted(admission, unnamed) == unnamed
    once = admitted(admission, named)
    assert admitted(admission, once) == once


def test_the_webhook_is_configured_as_on_amazon_eks(tmp_path: Path) -> None:
    directory = make_directory(tmp_path / "root")
    (webhook,) = pod_identity_webhook(directory, "https://127.0.0.1:9443")["webhooks"]
    assert webhook["clientConfig"]["url"] == "https://127.0.0.1:9443/pod-identity"
    assert base64.b64decode(webhook["clientConfig"]["caBundle"]) == (directory.pki / "ca.crt").read_bytes()
    assert webhook["failurePolicy"] == "Ignore"
    assert webhook["sideEffects"] == "None"
