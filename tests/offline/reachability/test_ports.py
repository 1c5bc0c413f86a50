"""Sets of ports behave as sets, however their spans are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.reachability.ports import EVERY_PORT, NO_PORT, PROTOCOLS, Ports, ports, tcp

SPANS = st.lists(st.tuples(st.sampled_from(PROTOCOLS), st.integers(1, 12), st.integers(1, 12)), max_size=5)
EACH = [(protocol, port) for protocol in PROTOCOLS for port in range(1, 14)]


def members(found: Ports) -> set[tuple[str, int]]:
    return {each for each in EACH if found.has(*each)}


@given(SPANS, SPANS)
def test_union_and_intersection_are_those_of_the_members(
    left: list[tuple[str, int, int]], right: list[tuple[str, int, int]]
) -> None:
    one, other = ports(left), ports(right)
    wanted = {(protocol, port) for protocol, first, last in left for port in range(first, last + 1)}
    assert members(one) == wanted
    assert members(one | other) == members(one) | members(other)
    assert members(one & other) == members(one) & members(other)
    assert (one == other) is (members(one) == members(other)), "equal sets have one form"


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (EVERY_PORT, "every port"),
        (tcp(443), "TCP 443"),
        (tcp(8080, 8081, 9090) | ports([("UDP", 53, 53)]), "TCP 8080-8081, 9090; UDP 53"),
        (ports([("TCP", 1, 65535)]), "every TCP port"),
    ],
)
def test_ports_are_shown_as_people_write_them(found: Ports, shown: str) -> None:
    assert str(found) == shown
    assert found
    assert not NO_PORT
