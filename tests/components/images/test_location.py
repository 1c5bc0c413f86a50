"""Where containers pull from: the transform that puts the environment's registry before the table's images."""

from typing import Any, cast

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.images.location import pulled_from, with_place
from components.images.table import IMAGES, PROMETHEUS

PLACE = "222222222222.dkr.ecr.us-east-1.amazonaws.com"
THERE = f"{PLACE}/{PROMETHEUS.reference}"


def pod(*images: str, **more: Any) -> dict[str, Any]:
    return {"containers": [{"name": str(number), "image": each} for number, each in enumerate(images)], **more}


def images(spec: dict[str, Any], kind: str = "containers") -> list[str]:
    return [each["image"] for each in spec[kind]]


def test_a_workloads_containers_pull_from_the_place() -> None:
    template = {"metadata": {"labels": {"a": "b"}}, "spec": pod(PROMETHEUS.reference, hostNetwork=True)}
    changed = with_place({"kind": "Deployment", "spec": {"replicas": 2, "template": template}}, PLACE)
    assert changed is not None
    assert images(changed["spec"]["template"]["spec"]) == [THERE]
    assert changed["spec"]["template"]["spec"]["hostNetwork"] is True
    assert (changed["kind"], changed["spec"]["replicas"]) == ("Deployment", 2)
    assert changed["spec"]["template"]["metadata"] == template["metadata"]


def test_containers_that_run_before_the_others_do_too() -> None:
    first = [{"name": "first", "image": PROMETHEUS.reference}]
    changed = with_place({"spec": pod("registry.example/other:1", initContainers=first)}, PLACE)
    assert changed is not None
    assert images(changed["spec"], "initContainers") == [THERE]
    assert images(changed["spec"]) == ["registry.example/other:1"]


def test_so_do_pods_of_scheduled_jobs() -> None:
    job = {"spec": {"jobTemplate": {"spec": {"template": {"spec": pod(PROMETHEUS.reference)}}}}}
    changed = with_place(job, PLACE)
    assert changed is not None
    assert images(changed["spec"]["jobTemplate"]["spec"]["template"]["spec"]) == [THERE]


@pytest.mark.parametrize(
    "props",
    [
        {},
        {"spec": None},
        {"spec": {"template": "a text"}},
        {"data": {"containers": PROMETHEUS.reference}},
        {"spec": pod("registry.example/other:1")},
        # Already there.
        {"spec": pod(THERE)},
    ],
)
def test_what_names_no_image_of_the_table_stays(props: dict[str, Any]) -> None:
    assert with_place(props, PLACE) is None


@given(st.lists(st.sampled_from([each.reference for each in IMAGES]), max_size=4), st.text(max_size=20))
def test_every_image_keeps_its_name_and_version(references: list[str], other: str) -> None:
    changed = with_place({"spec": pod(*references, other)}, PLACE)
    found = images((changed or {"spec": pod(*references, other)})["spec"])
    assert found == [f"{PLACE}/{each}" for each in references] + [other]


def test_only_objects_of_kubernetes_are_looked_at() -> None:
    def args(kind: str) -> pulumi.ResourceTransformArgs:
        props = {"spec": pod(PROMETHEUS.reference)}
        return pulumi.ResourceTransformArgs(True, kind, "name", props, pulumi.ResourceOptions())

    transform = pulled_from(PLACE)
    assert transform(args("aws:batch/jobDefinition:JobDefinition")) is None
    changed = transform(args("kubernetes:core/v1:Pod"))
    assert changed is not None
    assert images(cast(dict[str, Any], dict(changed.props)["spec"])) == [THERE]
