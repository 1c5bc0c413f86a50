"""The live Spark UI, switched on and off in a stack that is up, on the real engine."""

from dataclasses import replace
from ipaddress import IPv4Network
from itertools import pairwise
from pathlib import Path

import pytest

from components.change import classification
from components.spark.settings import SparkSettings
from components.spark_ui.live_ui import NODE_PORT
from components.spark_ui.routes import FRONT, FRONT_PORT, LOGIN_PORT, UI_PORT, proxy_name
from offline.progress import silent
from offline.reachability.deployment import resources_of
from offline.reachability.matrix import matrix_of
from offline.reachability.ports import EVERY_PORT, Ports, tcp
from offline.reachability.selection import Labels
from tests.components.spark_ui.ui_environment import written
from tests.drill.environment import gone
from tests.stack_files import settings_tree
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import classes, name_of, type_of
from tests.stacks.project_copy import set_settings
from tests.stacks.switched import Switched

STACK = "test"
ON = written(settings_tree(STACK)["account_id"])
BALANCER = ("aws:lb/loadBalancer:LoadBalancer", "live-ui-entrance")


@pytest.fixture(scope="module")
def switched(stacks: StacksThatAreUp, tmp_path_factory: pytest.TempPathFactory) -> Switched:
    return Switched.on(stacks, STACK, {"spark/live_ui": ON}, tmp_path_factory.mktemp("live-ui"))


def test_switching_it_on_makes_it_and_touches_nothing_else(switched: Switched) -> None:
    assert {each.operation for each in switched.summary.changed} == {"create"}
    made = {(type_of(each.urn), name_of(each.urn)) for each in switched.summary.changed}
    assert {
        BALANCER,
        ("aws:autoscaling/attachment:Attachment", "live-ui-entrance-system"),
        ("kubernetes:apps/v1:Deployment", "live-ui-front"),
        ("kubernetes:apps/v1:Deployment", "live-ui-analytics"),
    } <= made


def test_a_second_preview_finds_no_change(switched: Switched) -> None:
    assert not switched.engine.preview(STACK).has_changes


def test_outputs_say_where_pages_are_and_what_their_host_is_a_name_of(
    switched: Switched, stacks: StacksThatAreUp
) -> None:
    assert switched.summary.outputs["live_ui_pages"] == {"analytics": f"https://{ON['host']}/spark-analytics/"}
    address = switched.summary.outputs["live_ui_address"]
    assert address == switched.find(*BALANCER)["outputs"]["dnsName"]
    assert address.startswith("internal-")
    without = stacks.up(STACK).outputs
    assert without["live_ui_pages"] == {}
    assert without.get("live_ui_address") is None


def test_nodes_of_the_system_group_are_registered_by_the_group_that_holds_them(switched: Switched) -> None:
    nodes = switched.find("aws:eks/nodeGroup:NodeGroup", "system-nodes")["outputs"]["resources"]
    (attachment,) = switched.of("aws:autoscaling/attachment:Attachment")
    assert attachment["autoscalingGroupName"] == nodes[0]["autoscalingGroups"][0]["name"]


def test_the_front_admits_every_address_that_the_load_balancer_may_have(switched: Switched) -> None:
    (service,) = [each for each in switched.of("kubernetes:core/v1:Service") if each["spec"].get("type") == "NodePort"]
    (target,) = switched.of("aws:lb/targetGroup:TargetGroup")
    assert target["port"] == service["spec"]["ports"][0]["nodePort"] == NODE_PORT
    policy = switched.find("kubernetes:networking.k8s.io/v1:NetworkPolicy", "live-ui-front")["inputs"]["spec"]
    assert policy["podSelector"]["matchLabels"] == service["spec"]["selector"]
    (rule,) = policy["ingress"]
    assert [each["port"] for each in rule["ports"]] == [FRONT_PORT]
    admitted = [IPv4Network(each["ipBlock"]["cidr"]) for each in rule["from"]]
    kind = "aws:ec2/subnet:Subnet"
    subnets = {each["id"]: each["inputs"]["cidrBlock"] for each in switched.resources if type_of(each["urn"]) == kind}
    for subnet in switched.find(*BALANCER)["inputs"]["subnets"]:
        assert any(IPv4Network(subnets[subnet]).subnet_of(each) for each in admitted), subnets[subnet]


def test_network_policies_lead_from_the_front_to_a_teams_drivers_by_its_own_proxy_alone(switched: Switched) -> None:
    matrix = matrix_of(resources_of(switched.engine.export(STACK), silent))
    front, proxy = f"spark-ui/{FRONT}", f"spark-ui/{proxy_name('analytics')}"
    drivers, executors = "spark-analytics/Spark drivers", "spark-analytics/Spark executors"

    def opened(source: str, target: str) -> Ports:
        return matrix.between(source, target).possible

    own = matrix.endpoint(proxy)
    assert own.pods is not None
    other = replace(own, pods=replace(own.pods, labels=Labels({"app.kubernetes.io/name": proxy_name("other")})))
    assert opened(front, proxy).has("TCP", LOGIN_PORT)
    assert opened(proxy, drivers) == tcp(UI_PORT)
    assert not opened(proxy, executors)
    assert not opened(front, drivers)
    assert not matrix.verdict(other, matrix.endpoint(drivers)).possible, "the proxy of another team"
    assert not opened("spark-analytics/any pod", proxy), "an application past the front"
    assert opened(executors, drivers) == EVERY_PORT, "executors as before"
    assert opened("monitoring/otel-agent", drivers).has("TCP", UI_PORT), "collectors as before"


def test_another_login_rolls_proxies_in_place(switched: Switched, tmp_path: Path) -> None:
    engine = switched.copied(tmp_path)
    wanted = {**ON, "client_id": "other", "allowed_cidrs": ["10.9.0.0/16"]}
    set_settings(engine.project.root, STACK, {"spark/live_ui": wanted})
    summary = engine.preview(STACK)
    assert ("update", "live-ui-analytics") in {(each.operation, name_of(each.urn)) for each in summary.changed}
    assert gone(summary) == []


def test_switching_it_off_takes_away_what_the_setting_says_and_leaves_the_rest(
    switched: Switched, stacks: StacksThatAreUp, tmp_path: Path
) -> None:
    engine = switched.copied(tmp_path)
    set_settings(engine.project.root, STACK, {"spark/live_ui": None})
    summary = engine.up(STACK)
    assert {each.operation for each in summary.changed} == {"delete"}
    assert [each.urn for each in summary.changed if "moka:index:LiveUi" not in each.urn] == []
    on_change = classification(SparkSettings.model_fields["live_ui"].metadata)
    assert on_change is not None
    assert {type_of(each.urn) for each in gone(summary)} == set(on_change.of(ON, None).replaces)
    assert summary.resources == stacks.up(STACK).resources


def test_an_environment_with_it_is_destroyed_in_order(switched: Switched, tmp_path: Path) -> None:
    engine = switched.copied(tmp_path)
    summary = engine.destroy(STACK, buckets_are_filled=True)
    assert sum(summary.resources.values()) == 0
    order = [each.urn for each in summary.changed]
    found = classes(order)
    for (first, goes_first), (later, goes_later) in pairwise(found.items()):
        last = max(order.index(urn) for urn in goes_first)
        assert last < min(order.index(urn) for urn in goes_later), f"{first} must be gone before {later}"
    (balancer,) = [urn for urn in order if type_of(urn) == BALANCER[0]]
    assert order.index(balancer) < min(order.index(urn) for urn in found["VPC"])
