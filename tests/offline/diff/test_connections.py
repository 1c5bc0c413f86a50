"""Connections that open and close between two deployments."""

from offline.diff.connections import Connections, connection_changes, from_json, grouped, to_json
from offline.reachability.places import METADATA, OUTSIDE
from offline.reachability.ports import ports, tcp

BEFORE: Connections = {
    ("drivers", "API server"): (tcp(443), ("egress",)),
    ("drivers", "executors"): (ports([("TCP", 1, 100)]), ("own namespace",)),
    ("drivers", "gone"): (tcp(1), ("old rule",)),
}


def said(after: Connections) -> list[tuple[str, bool, bool]]:
    changes = list(connection_changes(BEFORE, after))
    assert len(list(grouped(changes))) == len(changes)
    return [(str(group), each.gained, each.is_wide) for each, group in zip(changes, grouped(changes), strict=True)]


def test_what_stays_open_by_another_rule_is_no_change() -> None:
    assert said({**BEFORE, ("drivers", "API server"): (tcp(443), ("another rule",))}) == []


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
        **BEFORE,
        (OUTSIDE, "nodes"): (tcp(22), ()),
        ("drivers", METADATA): (tcp(80), ()),
        ("nodes", OUTSIDE): (tcp(1), ()),
    }
    assert {(each.source, each.target) for each in connection_changes(BEFORE, after) if each.is_wide} == {
        (OUTSIDE, "nodes"),
        ("drivers", METADATA),
    }
    assert not [each for each in connection_changes(after, BEFORE) if each.is_wide]


def test_they_are_the_same_once_they_were_written_down() -> None:
    assert from_json(to_json(BEFORE)) == BEFORE
