"""Policies and endpoints, written in a line each."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from offline.checks.kubernetes.objects import KubernetesObject
from offline.providers.resource import Resource
from offline.reachability.endpoint import Endpoint, Pods
from offline.reachability.policy import Policy, policy_of
from offline.reachability.ports import Ports
from offline.reachability.selection import Labels

Object = dict[str, Any]


def resource(token: str, name: str, inputs: Object) -> Resource:
    return Resource(f"urn:pulumi:dev::moka::{token}::{name}", inputs)


def policy(name: str = "rule", namespace: str = "a", **spec: Any) -> Policy:
    """A policy; it selects every pod where it does not say whom."""
    content: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"podSelector": {}, **spec},
    }
    token = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
    return policy_of(KubernetesObject(resource(token, name, content), content))


def pods(
    namespace: str = "a",
    address: str = "10.0.0.0/24",
    named: Mapping[str, Ports] | None = None,
    others: bool = False,
    **labels: str,
) -> Endpoint:
    """Pods of a namespace whose label `name` is its name."""
    known = Pods(namespace, Labels(labels, others=others), Labels({"name": namespace}), named)
    return Endpoint(f"{namespace}/pods", (IPv4Network(address),), known, opens=True)


def place(*networks: str, **more: Any) -> Endpoint:
    return Endpoint("place", tuple(map(IPv4Network, networks)), **more)
