"""Connections that open and close between two deployments."""

from offline.diff.connections import Connections, Pairs, connection_changes, from_json, grouped, to_json
from offline.reachability.places import METADATA, OUTSIDE
from offline.reachability.ports import ports, tcp

PAIRS: Pairs = {
    ("drivers", "API server"): (tcp(443), ("egress",)),
    ("drivers", "executors"): (ports([("TCP", 1, 100)]), ("own namespace",)),
    ("drivers", "gone"): (tcp(1), ("old rule",)),
}
BEFORE = Connections(PAIRS, {"egress": "to 443", "own namespace": "1-100"})


def said(after: Pairs) -> list[tuple[str, bool, bool]]:
    changes = list(connection_changes(Connections(PAIRS), Connections(after)))
    assert len(list(grouped(changes))) == len(changes)
    return [(str(group), each.gained, each.is_wide) for each, group in zip(changes, grouped(changes), strict=True)]


def test_what_stays_open_by_another_rule_is_no_change() -> None:
    assert said({**PAIRS, ("drivers", "API server"): (tcp(443), ("another rule",))}) == []


def test_what_opens_is_told_before_what_closes_with_its_rules() -> None:
    after = {
        ("drivers", "executors"): (ports([("TCP", 1, 50)]), ("own namespace",)),
        ("drivers", "API server"): (tcp(443, 8443), ("egress", "more")),
        ("executors", "drivers"): (tcp(7078), ("blocks",)),
    }
    assert said(after) == [
        ("opens drivers to API server: TCP 443 -> TCP 443, 8443, by egress, more", True, False),
        ("opens executors to drivers: closed -> TCP 7078, by blocks", True, False),
        ("closes drivers to executors: TCP 1-100 -> TCP 1-50, by own namespace", False, False),
        ("closes drivers to gone: TCP 1 -> closed, by old rule", False, False),
    ]


def test_a_way_in_from_outside_and_one_to_instance_metadata_are_wide() -> None:
    after = {
        **PAIRS,
        (OUTSIDE, "nodes"): (tcp(22), ()),
        ("drivers", METADATA): (tcp(80), ()),
        ("nodes", OUTSIDE): (tcp(1), ()),
    }
    opened = connection_changes(BEFORE, Connections(after))
    assert {(each.source, each.target) for each in opened if each.is_wide} == {
        (OUTSIDE, "nodes"),
        ("drivers", METADATA),
    }
    assert not [each for each in connection_changes(Connections(after), BEFORE) if each.is_wide]


def test_they_are_the_same_once_they_were_written_down() -> None:
    assert from_json(to_json(BEFORE)) == BEFORE


def test_of_the_rules_that_let_something_through_those_are_told_that_differ_and_pairs_are_told_by_them() -> None:
    rules = {"to anywhere": "same", "own namespace": "everybody", "new": "9000"}
    after = Connections(
        {
            ("a", "drivers"): (tcp(1), ("to anywhere", "own namespace")),
            ("b", "executors"): (tcp(2), ("to anywhere", "own namespace")),
            ("c", "drivers"): (tcp(1), ("to anywhere",)),
            ("d", "drivers"): (tcp(9000), ("to anywhere", "new")),
        },
        rules,
    )
    before = Connections({("a", "drivers"): (tcp(5), ("to anywhere",))}, {**rules, "own namespace": "own pods"})
    before = Connections(before.pairs, {name: text for name, text in before.rules.items() if name != "new"})
    assert [str(each) for each in grouped(connection_changes(before, after))] == [
        "opens a, b to drivers, executors (2 pairs): TCP 5 -> TCP 1; closed -> TCP 2, by own namespace",
        "opens c to drivers: closed -> TCP 1, by to anywhere",
        "opens d to drivers: closed -> TCP 9000, by new",
    ]
