"""The emulated Kubernetes: names, namespaces, ids, defaults and immutable fields, without the engine."""

import re
from dataclasses import replace
from typing import Any

import pytest

from offline.providers.kubernetes.provider import KubernetesProvider, object_id
from offline.providers.resource import Difference, Resource
from offline.providers.values import UNKNOWN, has_unknown

KUBERNETES = KubernetesProvider("4.34.2")


def asked(kind: str, content: dict[str, Any] | None = None, **more: Any) -> Resource:
    inputs = {"apiVersion": "v1", "kind": kind, **(content or {})}
    return Resource(urn=f"urn:pulumi:dev::sample::kubernetes:core/v1:{kind}::thing", inputs=inputs, **more)


def checked(kind: str, content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    inputs, failures = KUBERNETES.check(asked(kind, content, **more))
    assert failures == []
    return inputs


def changed(kind: str, old: dict[str, Any], new: dict[str, Any], **more: Any) -> Difference:
    return KUBERNETES.diff(asked(kind, checked(kind, new), old_inputs=checked(kind, old), **more))


def test_a_namespaced_object_gets_a_namespace_and_an_automatic_name() -> None:
    inputs = checked("ConfigMap")
    assert inputs["metadata"]["namespace"] == "default"
    assert re.fullmatch(r"thing-[0-9a-f]{8}", inputs["metadata"]["name"])
    assert object_id(inputs) == f"default/{inputs['metadata']['name']}"
    again = checked("ConfigMap", {"data": {"a": "b"}}, old_inputs=inputs)
    assert again["metadata"]["name"] == inputs["metadata"]["name"]


def test_an_object_outside_namespaces_has_none_in_its_id() -> None:
    assert object_id(checked("ClusterRole", {"metadata": {"name": "reader"}})) == "reader"


def test_the_server_fills_in_identity_and_keeps_it_over_updates() -> None:
    inputs = checked("Service", {"spec": {"ports": [{"port": 80}]}})
    request = asked("Service", inputs)
    identifier, made = KUBERNETES.create(request)
    assert identifier == object_id(inputs)
    assert made["spec"]["clusterIP"].startswith("172.20.")
    assert made["spec"]["type"] == "ClusterIP"
    assert made["spec"]["ports"] == [{"port": 80}]
    updated = KUBERNETES.update(replace(request, outputs=made))
    assert updated["metadata"]["uid"] == made["metadata"]["uid"]
    assert updated["metadata"]["resourceVersion"] == "2"
    _, replacement = KUBERNETES.create(replace(request, replaced=identifier))
    assert replacement["metadata"]["uid"] != made["metadata"]["uid"]


def test_a_preview_does_not_foresee_an_address_but_knows_an_objects_metadata_as_a_dry_run_does() -> None:
    identifier, made = KUBERNETES.create(asked("Service", checked("Service"), preview=True))
    assert identifier == ""
    assert not has_unknown(made["metadata"])
    assert made["spec"]["clusterIP"] == UNKNOWN
    assert made["metadata"]["namespace"] == "default"


FIXED = {"metadata": {"name": "spark", "namespace": "jobs"}}


@pytest.mark.parametrize(
    ("kind", "old", "new", "replaces"),
    [
        ("Deployment", {"spec": {"selector": {"app": "a"}}}, {"spec": {"selector": {"app": "b"}}}, ("spec.selector",)),
        ("Deployment", {"spec": {"replicas": 1}}, {"spec": {"replicas": 2}}, ()),
        ("RoleBinding", {"roleRef": {"name": "a"}}, {"roleRef": {"name": "b"}}, ("roleRef",)),
        ("StatefulSet", {"spec": {"serviceName": "a"}}, {"spec": {"serviceName": "b"}}, ("spec.serviceName",)),
        ("ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}}, ("data",)),
        ("Service", {"spec": {"clusterIP": "None"}}, {"spec": {"clusterIP": None}}, ("spec.clusterIP",)),
    ],
)
def test_immutable_fields_replace(
    kind: str, old: dict[str, Any], new: dict[str, Any], replaces: tuple[str, ...]
) -> None:
    difference = changed(kind, FIXED | old, FIXED | new)
    assert difference.changed
    assert difference.replaces == replaces
    assert difference.delete_first == bool(replaces), "two objects of one name can't stand side by side"


def test_another_namespace_is_another_object_and_may_stand_beside_the_first() -> None:
    difference = changed("Deployment", FIXED, {"metadata": {"name": "spark", "namespace": "other"}})
    assert difference.replaces == ("metadata.namespace",)
    assert not difference.delete_first


def test_config_maps_change_in_place_where_the_provider_is_told_so() -> None:
    old, new = FIXED | {"data": {"a": "1"}}, FIXED | {"data": {"a": "2"}}
    assert changed("ConfigMap", old, new, settings={"enableConfigMapMutable": "true"}).replaces == ()
    fixed = {"immutable": True}
    difference = changed("ConfigMap", old | fixed, new | fixed, settings={"enableConfigMapMutable": "true"})
    assert difference.replaces == ("data",), "the API server would refuse the change"
