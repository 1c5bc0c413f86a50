"""What an environment comes to in numbers, before and after."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.cluster.instance_type import instance_type, known_types
from offline.diff import prices
from offline.diff.cost import monthly_cost
from offline.diff.figures import figures_between
from offline.providers.resource import Resource
from tests.stack_files import Tree, settings

CLASS = ("kubernetes:storage.k8s.io/v1:StorageClass", {"metadata": {"name": "gp3"}, "provisioner": "ebs.csi.aws.com"})


def resources(*made: tuple[str, Mapping[str, Any]]) -> list[Resource]:
    return [
        Resource(f"urn:pulumi:dev::moka::{type_token}::r{index}", dict(inputs))
        for index, (type_token, inputs) in enumerate(made)
    ]


def claim(size: str, storage_class: str = "gp3") -> dict[str, Any]:
    return {"storageClassName": storage_class, "resources": {"requests": {"storage": size}}}


def standing(*made: tuple[str, Mapping[str, Any]]) -> float:
    here = settings("test")
    return monthly_cost(here, resources(*made)).standing - monthly_cost(here, []).standing


@pytest.mark.parametrize(
    ("made", "dollars"),
    [
        ([("aws:eks/cluster:Cluster", {})], 73.0),
        ([("aws:ec2/natGateway:NatGateway", {}), ("aws:ec2/eip:Eip", {})], 0.05 * 730),
        ([("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Interface", "subnetIds": ["a", "b", "c"]})], 21.9),
        ([("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway", "routeTableIds": ["a"]})], 0.0),
        ([("aws:kms/key:Key", {})] * 3, 3.0),
        ([CLASS, ("kubernetes:core/v1:PersistentVolumeClaim", {"spec": claim("2Ti")})], 2048 * 0.08),
        ([CLASS, ("kubernetes:core/v1:PersistentVolumeClaim", {"spec": claim("10Gi", "local")})], 0.0),
        (
            [
                CLASS,
                (
                    "kubernetes:apps/v1:StatefulSet",
                    {"spec": {"replicas": 2, "volumeClaimTemplates": [{"spec": claim("100Gi")}]}},
                ),
            ],
            200 * 0.08,
        ),
        ([("aws:iam/role:Role", {})], 0.0),
    ],
)
def test_what_stands_there_costs_its_list_price(made: list[tuple[str, Mapping[str, Any]]], dollars: float) -> None:
    assert standing(*made) == pytest.approx(dollars)


def test_nodes_of_groups_cost_their_instances_and_volumes_each_hour_of_the_month() -> None:
    def one_more(tree: Tree) -> None:
        tree["node_groups"]["system"]["size"] += 1

    before, after = (monthly_cost(settings("test", change), []) for change in (None, one_more))
    first = settings("test").node_groups["system"]
    node = prices.ec2_hour()[first.instance_types[0]] * 730 + first.root_volume_gib * 0.08
    assert after.standing - before.standing == pytest.approx(node)
    assert after.most - before.most == pytest.approx(node)


def test_pools_cost_what_their_limits_let_them_at_the_dearest_of_their_types() -> None:
    def only_one_pool(tree: Tree) -> None:
        del tree["node_pools"]["elastic-intel"]

    cost, pool = monthly_cost(settings("test", only_one_pool), []), settings("test").node_pools["elastic-graviton"]
    dearest = max(prices.ec2_hour()[each] for each in pool.instance_types)
    nodes = pool.limits.vcpus // instance_type(pool.instance_types[0]).vcpus
    assert cost.most - cost.standing == pytest.approx(nodes * (dearest * 730 + pool.root_volume_gib * 0.08))


def test_metrics_of_the_managed_workspace_are_part_of_what_it_costs_at_most() -> None:
    def in_cluster(tree: Tree) -> None:
        tree["monitoring"]["storage"] = "in-cluster"

    managed = settings("production")
    assert managed.monitoring.storage == "amazon-managed"
    kept = managed.model_copy(update={"monitoring": managed.monitoring.model_copy(update={"storage": "in-cluster"})})
    assert monthly_cost(managed, []).most > monthly_cost(kept, []).most
    assert monthly_cost(managed, []).standing == monthly_cost(kept, []).standing


def test_numbers_that_stay_the_same_are_not_told() -> None:
    here = (settings("test"), resources())
    assert list(figures_between(here, here)) == []


def test_a_larger_pool_takes_nodes_addresses_series_and_dollars() -> None:
    def larger(tree: Tree) -> None:
        tree["node_pools"]["elastic-graviton"]["limits"]["vcpus"] = 64

    found = list(figures_between((settings("test"), []), (settings("test", larger), [])))
    assert [(each.name, each.after - each.before) for each in found[:4]] == [
        ("nodes of node pools at their limits", 8),
        ("vCPUs of node pools at their limits", 32),
        ("pod addresses taken at most in us-east-1a", 8 * 9 * 16),
        ("pod addresses taken at most in us-east-1b", 8 * 9 * 16),
    ]
    assert {each.name for each in found[4:]} == {
        "metric series at most",
        "metric samples at most",
        "cost with every pool at its limits",
    }
    assert "On-demand prices of us-east-1 on 20" in str(found[-1])
    assert "nodes of node pools at their limits: 12 -> 20, +8" in map(str, found)


def test_a_type_without_a_price_is_named_and_counts_as_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(prices.ec2_hour())
    del known["m7g.xlarge"]
    before = monthly_cost(settings("test"), []).standing
    monkeypatch.setattr(prices, "ec2_hour", lambda: known)
    cost = monthly_cost(settings("test"), [])
    assert cost.unpriced == ("m7g.xlarge",)
    assert cost.standing < before
    (told,) = {
        each.note
        for each in figures_between((settings("test"), []), (settings("test"), resources(("aws:kms/key:Key", {}))))
    }
    assert told.endswith("without what is billed by use and m7g.xlarge")


def test_types_that_stacks_name_have_prices() -> None:
    assert set(prices.ec2_hour()) <= set(known_types())
    for stack in ("test", "dev", "staging", "production"):
        unpriced = monthly_cost(settings(stack), []).unpriced
        assert not any(each in known_types() for each in unpriced)
        assert bool(unpriced) == (settings(stack).cluster.control_plane_tier != "standard")
