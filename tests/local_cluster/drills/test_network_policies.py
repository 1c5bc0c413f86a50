"""Network policies are read as Kubernetes says: what no policy selects is free, and all else needs a rule."""

from typing import Any

import pytest

from tests.local_cluster.drills.network_policies import Connection, refusals

Object = dict[str, Any]

NAMESPACES: list[Object] = [
    {"metadata": {"name": "monitoring", "labels": {"team": "platform"}}},
    {"metadata": {"name": "spark"}},
]
EVERY_POD: Object = {}


def pod(name: str, namespace: str = "monitoring", **ports: int) -> Object:
    containers = [{"ports": [{"name": key, "containerPort": port} for key, port in ports.items()]}, {"name": "sidecar"}]
    return {
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {"containers": containers},
    }


COLLECTOR, PROMETHEUS, DRIVER = pod("collector"), pod("prometheus", web=9090), pod("driver", "spark", ui=4040)


def policy(selector: Object, namespace: str = "monitoring", **spec: Any) -> Object:
    types = [each.title() for each in ("ingress", "egress") if each in spec]
    content = {"podSelector": selector, "policyTypes": types, **spec}
    return {"metadata": {"name": "a", "namespace": namespace}, "spec": content}


def labels(**wanted: str) -> Object:
    return {"matchLabels": wanted}


def ingress(*peers: Object, ports: list[Object] | None = None) -> Object:
    """A policy on Prometheus that lets peers in."""
    rule: Object = {"from": list(peers)} if peers else {}
    return policy(labels(app="prometheus"), ingress=[rule | ({"ports": ports} if ports else {})])


def refused(*policies: Object, source: Object = COLLECTOR, target: Object = PROMETHEUS, port: int = 9090) -> list[str]:
    return refusals(policies, NAMESPACES, Connection(source, target, port))


REFUSED = ["ingress of monitoring/prometheus"]


def test_without_a_policy_everything_may_connect() -> None:
    assert refused() == []
    assert refused(source=DRIVER) == []


def test_a_policy_counts_for_pods_that_it_selects_in_its_own_namespace() -> None:
    closed: Object = {"ingress": []}
    assert refused(policy(EVERY_POD, **closed)) == REFUSED
    assert refused(policy(labels(app="prometheus"), **closed)) == REFUSED
    assert refused(policy(labels(app="other"), **closed)) == []
    assert refused(policy(EVERY_POD, "spark", **closed)) == []


def test_one_rule_of_one_policy_is_enough() -> None:
    assert refused(policy(EVERY_POD, ingress=[]), ingress({"podSelector": labels(app="collector")})) == []


def test_a_peer_without_a_namespace_is_of_the_policys_own() -> None:
    everyone = ingress({"podSelector": {}})
    assert refused(everyone) == []
    assert refused(everyone, source=DRIVER) == REFUSED


def test_namespaces_are_chosen_by_their_labels_and_pods_in_them_by_theirs() -> None:
    platform = {"namespaceSelector": labels(team="platform")}
    assert refused(ingress(platform)) == []
    assert refused(ingress(platform), source=DRIVER) == REFUSED
    assert refused(ingress({"namespaceSelector": {}}), source=DRIVER) == []
    both = platform | {"podSelector": labels(app="other")}
    assert refused(ingress(both)) == REFUSED


def test_a_rule_without_peers_lets_everybody_in() -> None:
    assert refused(ingress(), source=DRIVER) == []


@pytest.mark.parametrize(
    ("ports", "is_let"),
    [
        ([{"port": "web"}], True),
        ([{"port": "ui"}], False),
        ([{"port": 9090}], True),
        ([{"port": 9091}], False),
        ([{"port": 9000, "endPort": 9100}], True),
        ([{"port": 9000, "endPort": 9089}], False),
        ([{"port": 80}, {"port": "web"}], True),
        ([{"protocol": "TCP"}], True),
    ],
)
def test_a_port_is_named_as_the_target_names_it_or_by_its_number(ports: list[Object], is_let: bool) -> None:
    assert (refused(ingress(ports=ports)) == []) is is_let


def test_an_address_range_lets_a_pod_in_whose_address_lies_in_it() -> None:
    block = {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}
    inside, left_out = (COLLECTOR | {"status": {"podIP": each}} for each in ("10.2.0.1", "10.1.0.1"))
    assert refused(ingress(block), source=inside) == []
    assert refused(ingress(block), source=left_out) == REFUSED
    assert refused(ingress(block)) == REFUSED, "a pod without an address"
    assert refused(ingress(block, {"podSelector": labels(app="collector")})) == []


def test_both_sides_are_asked_and_each_that_refuses_is_named() -> None:
    closed_out = policy(labels(app="collector"), egress=[])
    assert refused(closed_out) == ["egress of monitoring/collector"]
    assert refused(closed_out, policy(labels(app="prometheus"), ingress=[])) == [
        "egress of monitoring/collector",
        *REFUSED,
    ]
    led_out = policy(labels(app="collector"), egress=[{"to": [{"podSelector": labels(app="prometheus")}]}])
    assert refused(led_out) == []
    assert refused(led_out, target=DRIVER, port=4040) == ["egress of monitoring/collector"]
