"""An affinity keeps pods to one kind of node, whatever else their author asked for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_cluster.nodes.kind_of_node import LABEL, REAL, SIMULATED, Kind, is_real, kept_to

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
ZONE = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["us-east-1a"]}
ARCHITECTURE = {"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]}
NAMED = [{"key": "metadata.name", "operator": "In", "values": ["a"]}]
APART = {REQUIRED: [{"topologyKey": "kubernetes.io/hostname"}]}


def kind(value: str) -> dict[str, Any]:
    return {"key": LABEL, "operator": "In", "values": [value]}


def requiring(*terms: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": list(terms)}, **more}}


def expressions(*wanted: dict[str, Any]) -> dict[str, Any]:
    return {"matchExpressions": list(wanted)}


EXPRESSIONS = st.builds(
    lambda key, values: {"key": key, "operator": "In", "values": values},
    st.sampled_from([LABEL, "zone", "arch"]),
    st.lists(st.sampled_from(["a", "b", REAL, SIMULATED]), max_size=2),
)
TERMS = st.fixed_dictionaries({}, optional={"matchExpressions": st.lists(EXPRESSIONS), "matchFields": st.just(NAMED)})
NODE_AFFINITIES = st.fixed_dictionaries(
    {},
    optional={
        REQUIRED: st.fixed_dictionaries({"nodeSelectorTerms": st.lists(TERMS, max_size=3)}),
        PREFERRED: st.just([{"weight": 1, "preference": expressions(ZONE)}]),
    },
)
AFFINITIES = st.none() | st.fixed_dictionaries(
    {}, optional={"nodeAffinity": NODE_AFFINITIES, "podAntiAffinity": st.just(APART)}
)
KINDS = st.sampled_from([REAL, SIMULATED, None])


@pytest.mark.parametrize("affinity", [None, {}, {"nodeAffinity": None}, {"nodeAffinity": {REQUIRED: None}}])
def test_pods_that_ask_for_nothing_are_kept_to_the_kind_alone(affinity: dict[str, Any] | None) -> None:
    assert kept_to(affinity, REAL) == requiring(expressions(kind(REAL)))


def test_every_term_gets_the_kind_since_one_that_matches_is_enough() -> None:
    asked = requiring(expressions(ZONE), {"matchFields": NAMED})
    assert kept_to(asked, SIMULATED) == requiring(
        expressions(ZONE, kind(SIMULATED)), {"matchFields": NAMED, **expressions(kind(SIMULATED))}
    )


def test_what_was_said_of_the_kind_before_is_replaced() -> None:
    asked = requiring(expressions(kind(SIMULATED), ZONE), expressions(ARCHITECTURE))
    assert kept_to(asked, REAL) == requiring(expressions(ZONE, kind(REAL)), expressions(ARCHITECTURE, kind(REAL)))


def test_what_an_author_asks_besides_stays() -> None:
    preferred = [{"weight": 1, "preference": expressions(ZONE)}]
    asked = requiring(expressions(ZONE), **{PREFERRED: preferred}) | {"podAntiAffinity": APART}
    made = kept_to(asked, REAL)
    assert made["podAntiAffinity"] == APART
    assert made["nodeAffinity"][PREFERRED] == preferred
    assert kept_to(made, None) == asked


def test_nothing_is_left_where_nothing_else_was_asked() -> None:
    assert kept_to(kept_to(None, REAL), None) == {}
    assert kept_to(kept_to({"podAntiAffinity": APART}, REAL), None) == {"podAntiAffinity": APART}


@given(AFFINITIES, KINDS, KINDS)
def test_the_last_word_counts_alone_and_saying_it_again_changes_nothing(
    affinity: dict[str, Any] | None, first: Kind | None, last: Kind | None
) -> None:
    before = str(affinity)
    made = kept_to(affinity, last)
    assert kept_to(made, last) == made
    assert kept_to(kept_to(affinity, first), last) == made
    assert str(affinity) == before, "what was given is the caller's"


def test_a_node_is_real_if_its_label_says_so() -> None:
    assert is_real({"metadata": {"labels": {LABEL: REAL}}})
    assert not is_real({"metadata": {"labels": {LABEL: SIMULATED}}})
    assert not is_real({"metadata": {"labels": {}}})
