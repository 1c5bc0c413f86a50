"""What is said of every image that a stack can start."""

from dataclasses import replace
from typing import Any

import pytest

from components.images import table
from components.images.table import IMAGES, PROMETHEUS
from offline import images
from offline.images import UsedImage, images_of, lines_of
from offline.providers.resource import Resource

PLACE = "222222222222.dkr.ecr.us-east-1.amazonaws.com"
THERE = f"{PLACE}/{PROMETHEUS.reference}"


def resource(kind: str, name: str, inputs: dict[str, Any]) -> Resource:
    return Resource(f"urn:pulumi:dev::sample::{kind}::{name}", inputs)


def group(name: str, architecture: str, **more: Any) -> Resource:
    kind = {"arm64": "AL2023_ARM_64_STANDARD", "amd64": "AL2023_x86_64_STANDARD"}[architecture]
    return resource("aws:eks/nodeGroup:NodeGroup", name, {"amiType": kind, "labels": {"workload": name}, **more})


def pool(name: str, architecture: str) -> Resource:
    requirements = [{"key": "kubernetes.io/arch", "operator": "In", "values": [architecture]}]
    template = {"metadata": {"labels": {"workload": name}}, "spec": {"requirements": requirements}}
    return resource("kubernetes:karpenter.sh/v1:NodePool", name, {"spec": {"template": template}})


def deployment(image: str, workload: str = "system") -> Resource:
    inputs = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "server", "namespace": "default"},
        "spec": {
            "template": {
                "metadata": {"labels": {"app": "server"}},
                "spec": {"containers": [{"name": "a", "image": image}], "nodeSelector": {"workload": workload}},
            }
        },
    }
    return resource("kubernetes:apps/v1:Deployment", "server", inputs)


def repository(name: str) -> Resource:
    return resource("aws:ecr/repository:Repository", name, {"name": name})


def only(*resources: Resource, **more: Any) -> UsedImage:
    (found,) = images_of(resources, **more)
    return found


def test_an_image_is_listed_with_its_users_and_the_architectures_of_their_nodes() -> None:
    nodes = (group("system", "arm64"), pool("system", "amd64"), group("spark", "amd64"))
    found = only(deployment(THERE), *nodes[:2], nodes[2])
    assert (found.users, found.architectures, found.problem) == (("Deployment server",), ("amd64", "arm64"), "")
    assert only(deployment(THERE), nodes[0]).architectures == ("arm64",)
    (first, second) = lines_of([found])
    assert first.startswith(THERE)
    assert "on amd64 and arm64; for Deployment server" in first + second


@pytest.mark.parametrize(
    ("kept", "origin"),
    [
        ([], f"from {PLACE}"),
        ([repository("quay.io/prometheus/prometheus")], f"from {PLACE}, copied from quay.io"),
        (
            [
                repository("quay.io/prometheus/prometheus"),
                resource(
                    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "quay", {"ecrRepositoryPrefix": "quay.io"}
                ),
            ],
            f"from {PLACE}, which caches quay.io",
        ),
    ],
)
def test_it_says_how_an_image_comes_to_where_it_is_pulled_from(kept: list[Resource], origin: str) -> None:
    assert only(deployment(THERE), *kept).origin == origin


def test_an_image_of_the_projects_own_is_pushed() -> None:
    found = only(deployment(f"{PLACE}/{table.SPARK.reference}"), repository(table.SPARK.repository))
    assert found.origin == f"from {PLACE}, pushed by this project"


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (f"{PLACE}/quay.io/prometheus/prometheus:latest", "has the tag latest, which moves"),
        (f"{PLACE}/quay.io/prometheus/prometheus", "has no tag, which means latest"),
        (f"{PLACE}/quay.io/another/server:v1", "is not in components/images/table.py"),
        ("quay.io/another/server:v1", "is not in components/images/table.py"),
        (PROMETHEUS.reference, "is pulled from where it is published"),
    ],
)
def test_an_image_that_is_not_right_is_named_with_what_to_do(image: str, said: str) -> None:
    found = only(deployment(image), group("system", "arm64"))
    assert said in found.problem
    assert any(said in line for line in lines_of([found]))


def test_an_image_without_an_architecture_of_its_nodes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    intel = tuple(replace(each, architectures=("amd64",)) if each is PROMETHEUS else each for each in IMAGES)
    monkeypatch.setattr(images, "IMAGES", intel)
    assert only(deployment(THERE), group("system", "amd64")).problem == ""
    assert "is not published for arm64" in only(deployment(THERE), group("system", "arm64")).problem


def test_a_registry_is_asked_for_the_architectures_of_the_nodes_alone() -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(reference: str, architectures: Any) -> str:
        asked.append((reference, tuple(architectures)))
        return "is away"

    found = only(deployment(THERE), group("system", "arm64"), ask=ask)
    assert asked == [(THERE, ("arm64",))]
    assert found.problem == "is away"
