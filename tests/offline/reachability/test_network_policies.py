"""What policies let through is what the plain definition says, for all that is not known as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.reachability.endpoint import Endpoint
from offline.reachability.errors import ReachabilityError
from offline.reachability.network_policies import Enforcement, opening
from offline.reachability.policy import EGRESS, INGRESS, Policy
from offline.reachability.ports import EVERY_PORT, NO_PORT, PROTOCOLS, Ports, ports, tcp
from tests.offline.reachability.written import Object, place, pods, policy

ON = Enforcement()
KEYS, VALUES = ("app", "role"), ("x", "y")
# Two addresses of each side, so that a range may hold one alone.
SOURCE_ADDRESSES, TARGET_ADDRESSES = "10.0.0.0/31", "10.0.0.2/31"
BLOCKS = ("10.0.0.0/30", "10.0.0.0/31", "10.0.0.0/32", "10.0.0.2/31", "10.0.0.3/32", "10.9.0.0/16")
PORTS = range(1, 6)

labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))
expressions = st.one_of(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(KEYS),
            "operator": st.sampled_from(["In", "NotIn"]),
            "values": st.lists(st.sampled_from(VALUES), min_size=1, unique=True),
        }
    ),
    st.fixed_dictionaries({"key": st.sampled_from(KEYS), "operator": st.sampled_from(["Exists", "DoesNotExist"])}),
)
selectors = st.fixed_dictionaries(
    {}, optional={"matchLabels": labels, "matchExpressions": st.lists(expressions, max_size=2)}
)
namespaces = st.sampled_from([{}, {"matchLabels": {"name": "a"}}, {"matchLabels": {"name": "b"}}])


@st.composite
def blocks(draw: st.DrawFn) -> Object:
    cidr = draw(st.sampled_from(BLOCKS))
    inside = [each for each in BLOCKS if each != cidr and IPv4Network(each).subnet_of(IPv4Network(cidr))]
    excepted = draw(st.lists(st.sampled_from(inside), max_size=1)) if inside else []
    return {"ipBlock": {"cidr": cidr, **({"except": excepted} if excepted else {})}}


peers = st.one_of(
    blocks(),
    st.fixed_dictionaries({"podSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": namespaces}, optional={"podSelector": selectors}),
)
numbered = st.tuples(st.integers(1, 4), st.integers(0, 2)).map(lambda each: {"port": each[0], "endPort": sum(each)})
entries = st.one_of(st.just({}), st.just({"port": "web"}), st.integers(1, 4).map(lambda port: {"port": port}), numbered)


@st.composite
def policy_ports(draw: st.DrawFn) -> Object:
    return draw(entries) | draw(st.sampled_from([{}, *({"protocol": each} for each in PROTOCOLS)]))


@st.composite
def policies(draw: st.DrawFn) -> Object:
    def rules(side: str) -> list[Object]:
        rule = st.fixed_dictionaries(
            {}, optional={side: st.lists(peers, max_size=2), "ports": st.lists(policy_ports(), max_size=2)}
        )
        return draw(st.lists(rule, max_size=2))

    types = draw(st.sampled_from([["Ingress"], ["Egress"], ["Ingress", "Egress"]]))
    spec = {"podSelector": draw(selectors), "policyTypes": types, "ingress": rules("from"), "egress": rules("to")}
    return {"namespace": draw(st.sampled_from(["a", "b"])), **spec}


# The plain definition, asked of one world: labels, addresses, protocol and port are all given.


def is_selected(selector: Object, held: Object) -> bool:
    tests = {
        "In": lambda value, wanted: value in wanted,
        "NotIn": lambda value, wanted: value not in wanted,
        "Exists": lambda value, _: value is not None,
        "DoesNotExist": lambda value, _: value is None,
    }
    return all(held.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and all(
        tests[each["operator"]](held.get(each["key"]), each.get("values"))
        for each in selector.get("matchExpressions", [])
    )


def is_peer(peer: Object, own: Object, other: Object) -> bool:
    if (block := peer.get("ipBlock")) is not None:
        left_out = any(other["address"] in IPv4Network(each) for each in block.get("except", []))
        return other["address"] in IPv4Network(block["cidr"]) and not left_out
    if "namespaceSelector" in peer:
        is_there = is_selected(peer["namespaceSelector"], {"name": other["namespace"]})
    else:
        is_there = own["namespace"] == other["namespace"]
    return is_there and is_selected(peer.get("podSelector", {}), other["labels"])


def is_port(entry: Object, target: Object, protocol: str, port: int) -> bool:
    if entry.get("protocol", "TCP") != protocol:
        return False
    if "port" not in entry:
        return True
    if entry["port"] == "web":
        return (protocol, port) == target["web"]
    return entry["port"] <= port <= entry.get("endPort", entry["port"])


def is_let(listed: Sequence[Object], side: str, source: Object, target: Object, asked: tuple[str, int]) -> bool:
    own, other, peer_key = (source, target, "to") if side == EGRESS else (target, source, "from")
    selecting = [
        each
        for each in listed
        if each["namespace"] == own["namespace"]
        and side in each["policyTypes"]
        and is_selected(each["podSelector"], own["labels"])
    ]
    return not selecting or any(
        (not rule.get(peer_key) or any(is_peer(peer, own, other) for peer in rule[peer_key]))
        and (not rule.get("ports") or any(is_port(entry, target, *asked) for entry in rule["ports"]))
        for each in selecting
        for rule in each[side.lower()]
    )


def worlds(namespace: str, known: Object, others: bool, addresses: str) -> list[Object]:
    """Every way in which what is not known may be."""
    free = [key for key in KEYS if key not in known] if others else []
    more = [
        {key: value for key, value in zip(free, values, strict=True) if value is not None}
        for values in product((None, *VALUES, "z"), repeat=len(free))
    ]
    return [
        {"namespace": namespace, "labels": known | each, "address": address, "web": ("TCP", 2)}
        for each in more
        for address in map(IPv4Address, IPv4Network(addresses))
    ]


@dataclass(frozen=True)
class Side:
    """Pods of one side, in the rules' words and in the definition's."""

    endpoint: Endpoint
    worlds: list[Object]
    is_known: bool


def sides(addresses: str, *of: str) -> st.SearchStrategy[Side]:
    def side(namespace: str, known: Object, others: bool) -> Side:
        endpoint = pods(namespace, addresses, {"web": tcp(2)}, others, **known)
        return Side(endpoint, worlds(namespace, known, others, addresses), not others)

    return st.builds(side, st.sampled_from(of), labels, st.booleans())


@given(
    st.lists(policies(), max_size=3),
    sides(SOURCE_ADDRESSES, "a", "b"),
    sides(TARGET_ADDRESSES, "b"),
    st.sampled_from([EGRESS, INGRESS]),
)
def test_the_answer_is_the_plain_definitions_in_every_world(
    listed: list[Object], source: Side, target: Side, side: str
) -> None:
    read = [policy(f"p{number}", **each) for number, each in enumerate(listed)]
    found = opening(read, ON, side, source.endpoint, target.endpoint)
    for asked in product(PROTOCOLS, PORTS):
        answers = {is_let(listed, side, one, another, asked) for one in source.worlds for another in target.worlds}
        # Unknown labels may exclude each other in two rules: then less is possible, and more is certain, than is said.
        if True in answers:
            assert found.possible.has(*asked), asked
        if False in answers:
            assert not found.certain.has(*asked), asked
        if source.is_known and target.is_known:
            assert found.possible.has(*asked) is (True in answers), asked
            assert found.certain.has(*asked) is (answers == {True}), asked


def opened(*listed: Policy, source: Endpoint, target: Endpoint, side: str = INGRESS) -> tuple[Ports, Ports]:
    found = opening(listed, ON, side, source, target)
    return found.possible, found.certain


def test_pods_whose_labels_nobody_knows_may_be_selected_and_need_not_be() -> None:
    closed = policy(podSelector={"matchLabels": {"app": "x"}})
    anybody = pods(others=True)
    assert opened(closed, source=pods("b"), target=anybody) == (EVERY_PORT, NO_PORT)
    assert opened(policy(), source=pods("b"), target=anybody) == (NO_PORT, NO_PORT)
    assert opened(closed, source=pods("b"), target=pods(app="y")) == (EVERY_PORT, EVERY_PORT)


def test_a_port_that_nobody_knows_the_number_of_may_be_any() -> None:
    named = policy(ingress=[{"ports": [{"port": "web"}]}])
    assert opened(named, source=pods("b"), target=pods(named=None)) == (ports([("TCP", 1, 65535)]), NO_PORT)
    assert opened(named, source=pods("b"), target=pods(named={"web": tcp(80)})) == (tcp(80), tcp(80))
    out = policy(policyTypes=["Egress"], egress=[{"ports": [{"port": "web"}]}])
    assert opened(out, source=pods(), target=place("192.0.2.0/24"), side=EGRESS) == (NO_PORT, NO_PORT)


def test_a_service_address_must_be_let_out_to_as_well_and_never_comes_in() -> None:
    out = policy(policyTypes=["Egress"], egress=[{"to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}]}])
    api = place("10.1.0.0/24", service_networks=tuple(place("172.20.0.1/32").networks))
    assert opened(out, source=pods(), target=api, side=EGRESS) == (EVERY_PORT, NO_PORT)
    into = policy(ingress=[{"from": [{"ipBlock": {"cidr": "10.1.0.0/16"}}]}])
    assert opened(into, source=api, target=pods()) == (EVERY_PORT, EVERY_PORT)


def test_pods_on_their_nodes_network_are_bound_by_nothing() -> None:
    closed = policy(policyTypes=["Ingress", "Egress"])
    node = place("10.0.0.0/24")
    for side in (EGRESS, INGRESS):
        assert opened(closed, source=node, target=node, side=side) == (EVERY_PORT, EVERY_PORT)


def test_in_strict_mode_a_pod_that_no_policy_selects_is_closed() -> None:
    strict = Enforcement(is_strict=True)
    assert opening([], strict, INGRESS, pods("b"), pods()).possible == NO_PORT
    assert opening([policy(ingress=[{}])], strict, INGRESS, pods("b"), pods()).possible == EVERY_PORT
    perhaps = policy(podSelector={"matchLabels": {"app": "x"}}, ingress=[{}])
    found = opening([perhaps], strict, INGRESS, pods("b"), pods(others=True))
    assert (found.possible, found.certain) == (EVERY_PORT, NO_PORT)


def test_policies_that_nothing_carries_out_close_nothing() -> None:
    assert opening([policy()], Enforcement(is_on=False), INGRESS, pods("b"), pods()).certain == EVERY_PORT


def test_each_rule_is_named_with_what_it_opens() -> None:
    one = policy("one", ingress=[{"ports": [{"port": 1}]}])
    two = policy("two", ingress=[{"ports": [{"port": 2}]}])
    found = opening([one, two], ON, INGRESS, pods("b"), pods())
    assert [(each.name, each.ports) for each in found.openers] == [("a/one", tcp(1)), ("a/two", tcp(2))]


@pytest.mark.parametrize(
    "selector", [{"matchLabel": {}}, {"matchExpressions": [{"key": "a", "operator": "Like", "values": []}]}]
)
def test_a_selector_of_another_form_is_refused(selector: dict[str, Any]) -> None:
    with pytest.raises(ReachabilityError, match="a label selector has no"):
        opening([policy(podSelector=selector)], ON, INGRESS, pods("b"), pods())


def test_a_piece_of_a_range_that_is_let_in_is_possible_and_the_whole_is_certain() -> None:
    sub = [list(each) for size in range(3) for each in combinations(["10.0.0.0/25", "10.0.0.128/25"], size)]
    for cidrs in sub:
        into = policy(ingress=[{"from": [{"ipBlock": {"cidr": each}} for each in cidrs]}] if cidrs else [])
        possible, certain = opened(into, source=pods("b"), target=pods())
        assert (bool(possible), bool(certain)) == (len(cidrs) > 0, len(cidrs) == 2)


@pytest.mark.parametrize(
    ("expression", "label", "is_selected_by_it"),
    [
        ({"operator": "In", "values": ["x"]}, {"app": "x"}, True),
        ({"operator": "In", "values": ["x"]}, {"app": "y"}, False),
        ({"operator": "NotIn", "values": ["x"]}, {"app": "x"}, False),
        ({"operator": "NotIn", "values": ["x"]}, {"app": "y"}, True),
        ({"operator": "NotIn", "values": ["x"]}, {}, True),
        ({"operator": "Exists"}, {"app": "x"}, True),
        ({"operator": "Exists"}, {}, False),
        ({"operator": "DoesNotExist"}, {"app": "x"}, False),
        ({"operator": "DoesNotExist"}, {}, True),
    ],
)
def test_each_operator_selects(expression: Object, label: dict[str, str], is_selected_by_it: bool) -> None:
    closed = policy(podSelector={"matchExpressions": [{"key": "app", **expression}]})
    wanted = NO_PORT if is_selected_by_it else EVERY_PORT
    assert opened(closed, source=pods("b"), target=pods("a", "10.0.0.0/24", None, False, **label)) == (wanted, wanted)


def test_a_peer_without_a_namespace_is_of_the_policys_own() -> None:
    own = policy(ingress=[{"from": [{"podSelector": {}}]}])
    assert opened(own, source=pods("a"), target=pods("a")) == (EVERY_PORT, EVERY_PORT)
    assert opened(own, source=pods("b"), target=pods("a")) == (NO_PORT, NO_PORT)


def test_a_range_of_ports_ends_where_it_says() -> None:
    ranged = policy(ingress=[{"ports": [{"port": 10, "endPort": 12}]}])
    assert opened(ranged, source=pods("b"), target=pods()) == (tcp(10, 11, 12), tcp(10, 11, 12))
